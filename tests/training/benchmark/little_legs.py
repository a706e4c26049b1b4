"""Write a tiny folder in the layout of the Delhivery set: 400 legs on ten corridors in eight days, and the corridors of before."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl

START = datetime(2018, 9, 27)


def write_legs(folder, *, first=0, last=400, outcome_factor=1.0, seed=1):
    """Write legs ``first`` … ``last``; ``outcome_factor`` changes what happened and nothing else."""
    rng = np.random.default_rng(seed)
    lane = rng.integers(0, 10, 400)
    router = 20.0 + 10 * lane
    minutes = np.round(router * (1.5 + 0.1 * lane) * np.exp(rng.normal(0, 0.15, 400))) * outcome_factor
    legs = pl.DataFrame(
        {
            "trip_uuid": [f"trip-{number:03d}" for number in range(400)],
            "source_center": [f"IND{110000 + one:06d}AAA" for one in lane],
            "destination_center": [f"IND{560000 + one:06d}BBB" for one in lane],
            "route_type": ["FTL"] * 400,
            "od_start_time": [START + timedelta(hours=0.5 * number) for number in range(400)],
            "osrm_time": router,
            "actual_time": minutes,
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    legs[first:last].write_parquet(folder / "legs.parquet")
    return folder
