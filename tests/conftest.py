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
