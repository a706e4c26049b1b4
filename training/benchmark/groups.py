"""Name the groups that are scored apart: the set's own (seen or cold lanes), regions, fortnights, short and long."""

import numpy as np
import numpy.typing as npt
import polars as pl

from data.sources.datasets.dataset import Dataset
from training.benchmark.examples import Examples

__all__ = ["groups_of"]

FORTNIGHT_MICROS = 14 * 86_400_000_000
MOST_REGIONS = 10


def groups_of(dataset: Dataset, examples: Examples) -> dict[str, npt.NDArray[np.bool_]]:
    """Give masks by name; a truth that is good on average may be bad where it matters.

    ``size`` is by thirds of the true value, so its errors are not comparable with each other, only between models.
    """
    groups = {f"lane:{name}": examples.group == name for name in np.unique(examples.group.astype(str)) if name}
    region = regions(dataset, examples)
    names, counts = np.unique(region[region != ""], return_counts=True)
    for name in names[np.argsort(-counts, kind="stable")][:MOST_REGIONS]:
        groups[f"region:{name}"] = region == name
    if dataset.task.time_ordered:
        fortnight = (examples.moments.at - examples.moments.at.min()) // FORTNIGHT_MICROS
        start = examples.moments.at.min()
        for number in np.unique(fortnight):
            day = np.datetime64(int(start + number * FORTNIGHT_MICROS), "us").astype("datetime64[D]")
            groups[f"fortnight:{day}"] = fortnight == number
    third = np.searchsorted(np.quantile(examples.y, [1 / 3, 2 / 3]), examples.y)
    for number, name in enumerate(("short", "middle", "long")):
        groups[f"size:{name}"] = third == number
    return groups


def regions(dataset: Dataset, examples: Examples) -> npt.NDArray[np.str_]:
    """Give the destination region of each row, the empty word where unknown."""
    asked = pl.DataFrame({"shipment_id": examples.moments.shipment_ids.astype(str)})
    found = asked.join(
        dataset.facts.shipments.select("shipment_id", "destination_region"), on="shipment_id", how="left", maintain_order="left"
    )
    return found["destination_region"].fill_null("").to_numpy().astype(str)
