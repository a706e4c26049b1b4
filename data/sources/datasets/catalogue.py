"""Name the real data sets and open them."""

from importlib import import_module
from pathlib import Path

from data.domain.errors import InvalidTable, NotFound
from data.sources.datasets.dataset import Dataset
from data.sources.parquet_trial import try_parquet

__all__ = ["DATASETS", "open_dataset"]

DATASETS = ("olist", "delhivery", "delhivery_scan_rows", "sendy_logistics", "amazon_delivery", "scms_delivery_history", "nycflights13")
"""Names of the adapters; each is the module of its name in this folder."""


def open_dataset(name: str, folder: Path, *, static: Path | None = None) -> Dataset:
    """Read a real data set as facts.

    ``static`` is where tables of sellers, facilities, airports and the like are when ``folder`` holds only later rows. Raises
    `NotFound` for an unknown name and `InvalidTable` for a folder without the files.
    """
    if name not in DATASETS:
        raise NotFound(f"no data set is called {name!r}; use one of {', '.join(DATASETS)}.")
    for given in (folder, static):
        if given is not None and not given.is_dir():
            raise InvalidTable(f"{given} is not a folder; give the folder that holds the files of {name}.")
    try_parquet(sorted(path for given in (folder, static) if given is not None for path in given.glob("*.parquet")))
    # Imported by name and late: one data set never pays for the others.
    dataset = import_module(f"data.sources.datasets.{name}").read(folder, static=static)
    if not isinstance(dataset, Dataset):
        raise TypeError(f"data.sources.datasets.{name}.read must give a Dataset, not {type(dataset).__name__}.")
    return dataset
