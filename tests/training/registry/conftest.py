"""A registry with one saved version, made once; each test works on its own copy."""

import shutil
from datetime import UTC, datetime, timedelta
from itertools import count

import numpy as np
import pytest

from data.facts.facts import Facts
from data.facts.moments import Moments
from tests.fakes.small_predictor import OPENER, SmallPredictor, small_bundle
from training.registry import Registry
from training.registry.golden import golden_of

KEY = bytes(range(32))
CARD = {
    "provenance": {"cut": "2026-11-01T00:00:00+00:00", "features_version": "7", "schema_hash": "abc", "counts": {"shipments": 3}},
    "title": "small",
}


def ticking():
    """Give a clock that moves a minute at each look."""
    minutes = count()
    return lambda: datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(minutes=next(minutes))


def golden():
    moments = Moments(np.array(["S1", "S2"], dtype=object), np.array([3_600_000_000 * 5, 3_600_000_000 * 17]))
    return golden_of(SmallPredictor.from_bundle({**small_bundle(), "version": "x"}), Facts.of({}), moments)


def open_registry(folder, **more):
    return Registry(folder, **{"key": KEY, "clock": ticking(), "opener": OPENER, **more})


@pytest.fixture(scope="session")
def saved_twice(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry")
    registry = open_registry(folder)
    versions = [registry.save(small_bundle(), card=CARD, pictures={"card.html": b"<p>hi</p>"}, golden=golden()) for _ in range(2)]
    return folder, versions


@pytest.fixture
def registry(saved_twice, tmp_path):
    """Give a registry with two saved versions, none promoted."""
    folder = tmp_path / "models"
    shutil.copytree(saved_twice[0], folder)
    return open_registry(folder)


@pytest.fixture
def versions(saved_twice):
    return saved_twice[1]


@pytest.fixture
def version(versions):
    return versions[0]
