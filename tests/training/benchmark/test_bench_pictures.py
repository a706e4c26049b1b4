"""The bench's pictures are small, repeatable, and drawn from sums that are right."""

import numpy as np
import pytest

from tests.training.benchmark.bench_records import make_record
from training.benchmark.pictures import draw_bench
from training.benchmark.sketches import lift, mean_error


def records():
    return [make_record(), make_record(protocol="online", refit_days=7), make_record("delhivery", until="")]


def test_four_small_pictures_are_drawn():
    """Each is an SVG below 60 KB, and equal records give equal bytes."""
    pictures = draw_bench(records())

    assert set(pictures) == {"calibration.svg", "error.svg", "coverage.svg", "risk.svg"}
    assert all(picture.startswith(b"<?xml") and len(picture) < 60_000 for picture in pictures.values())
    assert draw_bench(records()) == pictures


def test_a_set_without_promises_has_no_risk():
    """Where no run has a promise the picture is left out."""
    legs = make_record("delhivery", until="")
    legs["sketch"]["departure"]["lift"] = {"doorcast": None, "lightgbm": None}

    assert "risk.svg" not in draw_bench([legs])


def test_lift_finds_the_late_first():
    """A risk that knows finds every late one among as many rows; one that knows nothing finds them in proportion."""
    late = np.array([1.0, 0.0, 0.0, 0.0])
    knows, ignorant = lift(late, np.array([0.9, 0.2, 0.1, 0.1])), lift(late, np.full(4, 0.3))

    assert knows[-1] == 1.0
    assert np.interp(0.25, np.linspace(0, 1, len(knows)), knows) > 0.9
    assert ignorant == pytest.approx(np.linspace(0, 1, len(ignorant)))


@pytest.mark.parametrize("risk", [np.full(3, np.nan), np.zeros(3)], ids=["nothing said", "nobody late"])
def test_without_late_ones_there_is_no_lift(risk):
    """It is unknown, not zero."""
    assert lift(np.zeros(3), risk) is None


def test_an_answer_with_gaps_has_no_error():
    """A mean over other rows would not be comparable."""
    assert mean_error(np.ones(2), np.array([1.0, np.nan])) is None
    assert mean_error(np.ones(2), np.array([1.0, 2.0])) == 0.5
