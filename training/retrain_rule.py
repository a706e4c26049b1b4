"""Decide whether a challenger replaces the serving champion: one written rule over the same judged moments.

The rule (2026-11-21): promote when all of these hold, decline otherwise, and always say why.

1. *Distribution.* The mean pinball loss over the levels 5, 10, 50, 90 and 95 % is not worse than the champion's by more than one standard
   error of the paired difference. Ties go to the challenger: it knows newer weeks. Moments of one shipment share their
   luck, so the standard error is taken over shipments.
2. *Windows.* The 80 % window covers at least 72 %, or no less than the champion's. Too wide is not held against it here: width already costs
   pinball loss, and after a change of regime the honest window is a wide one.
3. *Risk.* The Brier score of lateness is not worse by more than one standard error; by two where the pinball loss is better by more than two
   (2026-11-22: a champion that follows the pace of arrivals is hard to beat in risk by chance, and a clearly sharper distribution is worth more).
4. *Use.* The mean absolute error is below that of the best baseline that knows nothing of the parcel (constant, lane table).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from data.domain.errors import TooLittleData
from training.evaluation.judged import LEVELS, quantile_column
from training.evaluation.scores import time_scores

__all__ = ["Decision", "decide", "guards"]

LOWEST_COVERAGE = 0.72
CLEARLY = 2.0
"""Standard errors from which a difference is clear."""
PAIR = ["shipment_id", "at"]


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold a verdict: promote or not, why in words, and the numbers behind it."""

    promote: bool
    reason: str
    evidence: dict[str, Any]


def decide(champion: pl.DataFrame, challenger: pl.DataFrame, *, baselines: Mapping[str, float]) -> Decision:
    """Compare two judgements (`judge`) of the same moments by the rule above. ``baselines`` are their mean absolute errors in hours."""
    both = challenger.join(champion, on=PAIR, suffix="_champion", validate="1:1")
    delivered = both.filter(pl.col("hours").is_not_null())
    loss, noise = paired_difference(delivered, pinball_expression(), pinball_expression("_champion"))
    risky = both.filter(pl.all_horizontal(pl.col("late", "late_probability", "late_probability_champion").is_not_null()))
    risk, risk_noise = paired_difference(risky, brier_expression(), brier_expression("_champion")) if risky.height else (0.0, 0.0)
    ours, theirs = time_scores(challenger), time_scores(champion)
    covered, covered_before = (scores["intervals"]["0.8"]["coverage"] for scores in (ours, theirs))
    failed = []
    if loss > noise:
        failed.append(f"its pinball loss is {loss:.3f} h worse than the champion's, more than the noise of {noise:.3f} h")
    if covered < min(LOWEST_COVERAGE, covered_before):
        allowed = f"at least {LOWEST_COVERAGE:.0%} are needed"
        failed.append(f"its 80 % window covers {covered:.1%}, {allowed}, and the champion's covers {covered_before:.1%}")
    if risk > (CLEARLY if loss < -CLEARLY * noise else 1.0) * risk_noise:
        failed.append(f"its Brier score of lateness is {risk:.4f} worse than the champion's, more than the noise of {risk_noise:.4f}")
    failed += guards(challenger, baselines=baselines)
    evidence = {
        "moments": both.height,
        "shipments": both["shipment_id"].n_unique(),
        "pinball_difference_hours": loss,
        "pinball_noise_hours": noise,
        "brier_difference": risk,
        "brier_noise": risk_noise,
        "mae_hours": {**baselines, "challenger": ours["mae"], "champion": theirs["mae"]},
        "coverage_80": {"challenger": covered, "champion": covered_before},
    }
    if failed:
        return Decision(promote=False, reason="declined: " + "; ".join(failed) + ".", evidence=evidence)
    better = "better beyond noise" if loss < -noise else "as good within noise, and it knows newer weeks"
    told = f"pinball loss {loss:+.3f} h against the champion (noise {noise:.3f} h) on {both.height:,} moments, {better}"
    return Decision(promote=True, reason=f"promoted: {told}; its 80 % window covers {covered:.1%}.", evidence=evidence)


def guards(challenger: pl.DataFrame, *, baselines: Mapping[str, float]) -> list[str]:
    """Give what forbids a model to serve whatever the champion does, in words; empty when nothing does."""
    error = time_scores(challenger)["mae"]
    worse = [f"{name} ({value:.1f} h)" for name, value in baselines.items() if value <= error]
    return [f"its mean error of {error:.1f} h does not beat {' and '.join(worse)}"] if worse else []


def pinball_expression(suffix: str = "") -> pl.Expr:
    """Give the mean pinball loss of each row over the stored levels: half the CRPS, up to the grid."""
    losses = []
    for level in LEVELS:
        miss = pl.col("hours") - pl.col(quantile_column(level) + suffix)
        losses.append(pl.max_horizontal(level * miss, (level - 1.0) * miss))
    return pl.mean_horizontal(losses)


def brier_expression(suffix: str = "") -> pl.Expr:
    return (pl.col("late_probability" + suffix) - pl.col("late")).pow(2)


def paired_difference(both: pl.DataFrame, ours: pl.Expr, theirs: pl.Expr) -> tuple[float, float]:
    """Give mean(ours - theirs) over rows and its standard error with shipments as clusters."""
    if both.is_empty():
        raise TooLittleData("no moment was judged for both models; wait for more deliveries.")
    totals = both.select("shipment_id", x=ours - theirs).group_by("shipment_id").agg(sum=pl.col("x").sum(), n=pl.len())
    mean = float(totals["sum"].sum()) / both.height
    spread = totals["sum"].to_numpy() - mean * totals["n"].to_numpy()
    clusters = max(totals.height, 2)
    error = float(np.sqrt(np.square(spread).sum() * clusters / (clusters - 1))) / both.height
    return mean, error
