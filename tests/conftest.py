"""Fixtures that several rooms share."""

import os
from pathlib import Path

import pytest

SHARED_DATA = Path(os.environ.get("DOORCAST_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Give the folder of real data sets; tests that need it are skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real data sets is absent; set DOORCAST_REAL_DATA to run this test")
    return SHARED_DATA


LONG_FILES = (
    "test_readme.py",
    "test_notebooks.py",
    "test_schema.py",
    "test_live.py",
    "test_no_future.py",
    "test_stages_browser.py",
    "test_demo.py",
)
"""Files that take a minute or more: begun first, so that no worker is left alone with one at the end (`make test` hands out whole files)."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; the order within a file stays."""
    items.sort(key=lambda item: item.path.name not in LONG_FILES)
