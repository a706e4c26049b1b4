"""Write the bench's section of training's README: date, machine, tables, published results, pictures."""

import os
import platform
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from textwrap import fill

from training.benchmark.cells import Lines, Record, markdown
from training.benchmark.comparison import comparison, landmarks
from training.benchmark.details import details, simulated

__all__ = ["tables", "written"]

WIDTH = 150
CAPTIONS = {
    "calibration": "Calibration: how often the truth was at or below each said quantile",
    "error": "Mean absolute error by the time that was said to be left",
    "coverage": "Coverage of the 80 % window by fortnight",
    "risk": "Risk lift: share of the late among the riskiest",
}


def tables(records: Sequence[Record]) -> dict[str, Lines]:
    """Give all tables by their titles."""
    found = {"Mean absolute error": comparison(records), "Windows, risk and other measures of the same runs": details(records)}
    beside_oracle = simulated(records)
    if beside_oracle is not None:
        found["Simulated network: mean pinball loss in hours beside the oracle"] = beside_oracle
    return {title: lines for title, lines in found.items() if lines[1]}


def written(records: Sequence[Record], *, left_out: Sequence[str], pictures: Sequence[str], now: datetime) -> str:
    """Give the section as Markdown. ``left_out`` says of each run that is missing why; ``pictures`` are the file names that were drawn."""
    lost = {f"{name}: {cell['left_out']}" for record in records for name, cell in record["rivals"].items() if "left_out" in cell}
    preface = (
        f"Measured {now:%Y-%m-%d} by `make bench-forecast` on {machine()}; one thread a run. Every row names its split inside the shared rows; "
        "dates are UTC and judge the shipments first seen then. Frozen: trained once, history stops at the cut. Online: history follows the "
        "outcomes as they become known; the lane table, dates and the constant are always as of the cut. LightGBM, CatBoost and sklearn are naive: delivered rows, static columns, default sizes."
    )
    parts = [
        fill(preface, WIDTH),
        *(f"**{title}**\n\n{markdown(lines)}" for title, lines in tables(records).items()),
        "Published by others, on splits of their own unless the table says otherwise:",
        landmarks(records),
    ]
    if missing := [*left_out, *sorted(lost)]:
        parts.append(fill("Left out: " + "; ".join(missing) + ".", WIDTH))
    parts += [f"![{CAPTIONS[name.removesuffix('.svg')]}](pictures/{name})" for name in pictures]
    return "\n\n".join(parts)


def machine() -> str:
    """Name cores and versions; no host, no paths."""
    versions = []
    for name in ("lightgbm", "catboost", "scikit-learn", "numpy", "polars"):
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"no {name}")
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {', '.join(versions)}"
