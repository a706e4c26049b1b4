"""A challenger is promoted or declined by one written rule."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from data.domain.errors import TooLittleData
from training.evaluation.judged import LEVELS, quantile_column
from training.retrain_rule import decide, guards, paired_difference

EASY = {"constant": 30.0, "lane_table": 25.0}
Z = {0.05: -1.645, 0.1: -1.2816, 0.5: 0.0, 0.9: 1.2816, 0.95: 1.645}


def judgement(*, shift=0.0, width=1.0, risk_noise=0.0, n=400, seed=1):
    """Judge n shipments with three moments each; the truth is normal around 50 with deviation 10."""
    rng = np.random.default_rng(seed)
    luck = np.repeat(rng.normal(0, 10, n), 3)
    hours = 50 + luck
    said_late = np.clip(0.3 + np.random.default_rng(seed + 1).normal(0, 1, 3 * n) * risk_noise, 0, 1)
    return pl.DataFrame(
        {
            "shipment_id": np.repeat([f"S{number}" for number in range(n)], 3),
            "at": [datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(3 * n)],
            "hours": hours,
            "late": (hours > 55).astype(float),
            "late_probability": said_late,
            **{quantile_column(level): 50 + shift + Z[level] * 10 * width for level in LEVELS},
        }
    )


def test_an_equal_challenger_is_promoted():
    """Ties go to the one that knows newer weeks."""
    decision = decide(judgement(), judgement(), baselines=EASY)

    assert decision.promote
    assert "as good within noise" in decision.reason


def test_a_better_challenger_is_promoted_with_its_numbers():
    """The reason says by how much."""
    decision = decide(judgement(shift=8.0), judgement(), baselines=EASY)

    assert decision.promote
    assert "better beyond noise" in decision.reason
    assert decision.evidence["pinball_difference_hours"] < -decision.evidence["pinball_noise_hours"]


@pytest.mark.parametrize(
    ("challenger", "words"),
    [
        (judgement(shift=6.0), "pinball loss"),
        (judgement(width=0.5), "80 % window covers"),
        (judgement(risk_noise=0.4), "Brier score of lateness"),
    ],
)
def test_a_worse_challenger_is_declined_with_the_reason(challenger, words):
    """Each part of the rule can decline alone, and says why."""
    decision = decide(judgement(), challenger, baselines=EASY)

    assert not decision.promote
    assert words in decision.reason


def test_a_challenger_that_no_baseline_fears_is_declined():
    """A model that a constant beats is no model, even when the champion is worse."""
    decision = decide(judgement(shift=40.0), judgement(shift=20.0), baselines={"constant": 9.0, "lane_table": 30.0})

    assert not decision.promote
    assert "does not beat constant (9.0 h)" in decision.reason
    assert guards(judgement(), baselines=EASY) == []


def test_noise_counts_shipments_not_moments():
    """Three moments of one shipment are one piece of luck: repeating rows does not shrink the noise."""
    both = judgement(shift=1.0).with_columns(other=pl.lit(50.0))
    once = both.unique("shipment_id", keep="first", maintain_order=True)
    ours, theirs = (pl.col("hours") - pl.col("q50")).abs(), (pl.col("hours") - pl.col("other")).abs()

    assert paired_difference(both, ours, theirs) == pytest.approx(paired_difference(once, ours, theirs))


def test_nothing_in_common_cannot_be_compared():
    """Judgements of other moments are no comparison."""
    with pytest.raises(TooLittleData, match="no moment was judged for both"):
        decide(judgement(n=10), judgement(n=10).with_columns(pl.col("shipment_id") + "x"), baselines=EASY)
