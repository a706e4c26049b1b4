"""A damaged Parquet file is an error, never the end of the process."""

import random

import polars as pl
import pytest

from data.domain.errors import InvalidTable
from data.sources.parquet_trial import try_parquet


@pytest.fixture
def path(tmp_path):
    frame = pl.DataFrame({"name": ["näme"] * 200, "lat": [1.5] * 200})
    frame.write_parquet(tmp_path / "good.parquet")
    return tmp_path / "good.parquet"


def test_good_files_pass(path):
    """Files that can be read pass; no file at all does, too."""
    try_parquet([path, path])
    try_parquet([])


def test_a_crash_of_the_reader_is_an_error_of_its_file(path, monkeypatch):
    """Where reading kills the process, the file it died on is named."""
    monkeypatch.setattr("data.sources.parquet_trial.CHILD", "import os; print('null', flush=True); os.abort()")
    deadly = path.with_name("deadly.parquet")

    with pytest.raises(InvalidTable, match=r"deadly\.parquet .*crashes"):
        try_parquet([path, deadly])


def test_damaged_files_never_end_the_process(path):
    """Of many damaged files the first that cannot be read is named, and we are still here."""
    whole, dice, damaged = path.read_bytes(), random.Random(1), []
    for number in range(60):
        content = bytearray(whole)
        for _ in range(5):
            content[dice.randrange(len(content))] = dice.randrange(256)
        damaged.append(path.with_name(f"{number:02}.parquet"))
        damaged[-1].write_bytes(content)

    with pytest.raises(InvalidTable, match="cannot be read as Parquet"):
        try_parquet([path, *damaged])
