"""Say of a model what it is for, what it learnt from, how well it forecasts and where not to trust it."""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["make_card", "words"]

INTENDED_USE = (
    "Forecast when a parcel on its way will be delivered, as a distribution: window, median and the probability of missing the shop's promise.",
    "Rank open shipments by delay risk for people who can act on it, and give a checkout page an honest window.",
)
LIMITS = (
    "It knows the carriers, lanes and services of its data span; on others it falls back to wider, less sure windows.",
    "Windows are promises about many parcels, not about one: one in five is meant to fall outside its 80 % window.",
    "The judged weeks are the past. A strike, a new network or a peak season that the data never saw widens errors until the next training.",
    "Moments whose shipment was still open when the judging ended count for lateness once the promise has passed, not for the errors in hours.",
    "Do not use it to judge people: a late parcel says nothing about a driver.",
)
Json = dict[str, Any]


def make_card(*, provenance: Mapping[str, Any], scores: Mapping[str, Any], decision: Mapping[str, Any], warnings: Sequence[str]) -> Json:
    """Put the card together as plain JSON.

    ``provenance`` says from what the model was learnt (spans, counts, versions), ``scores`` is an `Evaluation`'s, ``decision`` tells which
    candidates were compared and why this one was chosen, ``warnings`` what was odd about the data.
    """
    return {
        "title": "Doorcast model card",
        "intended_use": list(INTENDED_USE),
        "limits": list(LIMITS),
        "provenance": dict(provenance),
        "decision": dict(decision),
        "warnings": list(warnings),
        "evaluation": dict(scores),
        "words": words(scores),
    }


def words(scores: Mapping[str, Any]) -> dict[str, str]:
    """Say in a sentence or two what each picture shows, with its numbers; keys are the pictures' names."""
    time, late = scores["time"]["all"], scores["late"]["all"]
    worst = max(abs(share - 0.1) for share in scores["pit"])
    covered = {name: cell["intervals"]["0.8"]["coverage"] for name, cell in scores["time"]["by"]["stage"].items()}
    lowest, highest = min(covered, key=covered.__getitem__), max(covered, key=covered.__getitem__)
    return {
        "calibration": (
            f"Each tenth of the said distribution should hold 10 % of the {scores['moments']:,} judged moments; the worst is {worst:.1%} away. "
            "Shipments still open count as far as they had come."
        ),
        "coverage": (
            f"{time['intervals']['0.8']['coverage']:.1%} of deliveries fell inside their 80 % window and "
            f"{time['intervals']['0.9']['coverage']:.1%} inside their 90 % window. By stage the 80 % window held between "
            f"{covered[lowest]:.1%} ({lowest}) and {covered[highest]:.1%} ({highest})."
        ),
        "error": (
            f"The median was off by {time['mae']:.1f} hours on average and by less than {time['median_ae']:.1f} hours for half of the moments; "
            f"the mean 80 % window is {time['intervals']['0.8']['mean_width']:.1f} hours wide."
        ),
        "risk": risk_words(late),
    }


def risk_words(late: Mapping[str, Any]) -> str:
    if not late["n"]:
        return "No judged shipment had a promise, so nothing can be said about delay risk."
    if late["auc"] is None:
        return f"All {late['n']:,} judged moments with a promise ended alike ({late['base_rate']:.0%} late), so ranking by risk cannot be judged."
    return (
        f"Of {late['n']:,} moments with a promise ahead {late['base_rate']:.1%} ended late; {late['mean_said']:.1%} was said on average. "
        f"A late one ranked above one on time in {late['auc']:.1%} of pairs (AUC), the calibration error is {late['ece']:.3f}."
    )
