"""Go the whole road once: facts in; moments, features, models, calibration; a judged bundle with its card out.

The predictor learns with everything known by the cut and nothing later. It is packed into a bundle, made again from that bundle, and only
then judged on the weeks after the cut: the object that is judged is the object that serves.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from training.card.card import make_card
from training.card.page import card_page
from training.card.pictures import draw_all
from training.checkout.learn import learn_checkout
from training.evaluation.baselines import BaselineAnswers
from training.evaluation.evaluation import Evaluation, evaluate
from training.features.matrix import FEATURES_VERSION
from training.fit import fit_predictor
from training.moments import choose_moments, moments_between
from training.periods import COST, cut_periods, only_delivered, refuse_delivered_only
from training.predictor import Predictor
from training.registry.golden import Golden, golden_of
from training.registry.registry import Registry

__all__ = ["Progress", "Trained", "learnt_until", "save", "train"]

LEARNT_PER_SHIPMENT, FEWEST_LEARNT, MOST_LEARNT = 1.25, 12_000, 120_000
MOST_JUDGED = 6_000
"""Moments drawn for learning (five for four shipments, within bounds) and judging: moments of one shipment share their luck, so more of them cost
time and teach little."""
GOLDEN_MOMENTS = 8
STEPS = ("choose moments", "learn", "pack and load", "judge", "draw the card")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """Hold a trained and judged model, ready to be saved.

    ``judged`` are the moments that it was judged on with what was known by ``known_by``; a champion can be judged on the same ones.
    """

    bundle: dict[str, object]
    card: dict[str, Any]
    pictures: dict[str, bytes]
    golden: Golden
    evaluation: Evaluation
    judged: Moments
    known_by: datetime
    warnings: tuple[str, ...]

    def baseline_errors(self) -> dict[str, float]:
        """Give the mean absolute error in hours of the baselines that know nothing of the single parcel."""
        baselines = self.evaluation.scores["baselines"]
        return {name: baselines[name]["time"]["mae"] for name in ("constant", "lane_table")}


def train(
    facts: Facts,
    *,
    cut: datetime | None = None,
    progress: Progress | None = None,
    seed: int = 1,
    most_learnt: int | None = None,
    most_judged: int = MOST_JUDGED,
    allow_delivered_only: bool = False,
) -> Trained:
    """Learn from facts and judge the result on the newest weeks.

    ``cut`` (UTC) is the last instant that anything may be known at, for learning and judging alike; the newest news by default. ``progress`` is
    called with a step's name, its number and the number of steps. Fewer moments (``most_learnt``, ``most_judged``) take less time. The same facts, cut and seed give the same model.
    ``allow_delivered_only`` goes on, with a warning, where open shipments seem to be left out of the facts. Raises `TooLittleData`, also for that.
    """
    tell = progress or (lambda _step, _done, _of: None)
    tell(STEPS[0], 0, len(STEPS))
    periods = cut_periods(facts, until=cut)
    warnings: tuple[str, ...] = ()
    if not allow_delivered_only:
        refuse_delivered_only(facts, known_by=periods.known_by)
    elif (found := only_delivered(facts, known_by=periods.known_by)) is not None:
        warnings = (f"{found}. That was allowed; if open shipments were left out, every forecast comes too early ({COST}).",)
    moments = choose_moments(facts, until=periods.judged_to, seed=seed)
    learnt = moments_between(moments, None, periods.cut, most=most_learnt or worth_learning(facts), seed=seed)
    judged = moments_between(moments, periods.cut, periods.judged_to, most=most_judged, seed=seed)
    tell(STEPS[1], 1, len(STEPS))
    fitted = fit_predictor(facts, learnt, cut=periods.cut, seed=seed)
    checkout = learn_checkout(facts, cut=periods.cut, vocabulary=fitted.vocabulary, kind=fitted.model.kind, seed=seed)
    fitted = replace(fitted, checkout=checkout)
    tell(STEPS[2], 2, len(STEPS))
    bundle = fitted.to_bundle()
    loaded = Predictor.from_bundle(bundle)
    tell(STEPS[3], 3, len(STEPS))
    baselines = BaselineAnswers.fit_all(facts, learnt, cut=periods.cut, seed=seed)
    # In service it is told every hour what became of the others;
    # so it is judged as it will be used.
    evaluation = evaluate(loaded.knowing(facts, known_by=periods.known_by), facts, judged, known_by=periods.known_by, baselines=baselines)
    tell(STEPS[4], 4, len(STEPS))
    newest = facts.scans.filter(pl.col("received_at") < periods.known_by)["received_at"].max()
    provenance = {
        "data_from": periods.start.isoformat(),
        "data_to": newest.isoformat() if isinstance(newest, datetime) else None,
        "cut": periods.cut.isoformat(),
        "features_version": FEATURES_VERSION,
        "schema_hash": loaded.schema_hash,
        "seed": seed,
        "counts": {
            "shipments": facts.shipments.height,
            "scans": facts.scans.height,
            "deliveries_known_at_the_cut": periods.delivered,
            "moments_learnt_from": len(learnt),
            "moments_judged": evaluation.rows.height,
        },
    }
    card = make_card(provenance=provenance, scores=evaluation.scores, decision=loaded.about["choice"], warnings=warnings)
    drawn = draw_all(evaluation.scores)
    pictures = {**drawn, "card.html": card_page(card, drawn)}
    few = few_moments(judged)
    golden = golden_of(loaded, facts_around(facts, few), few)
    tell("done", len(STEPS), len(STEPS))
    return Trained(bundle, card, pictures, golden, evaluation, judged, periods.known_by, warnings)


def save(trained: Trained, registry: Registry, *, reason: str) -> str:
    """Save a trained model as a new version; it does not serve yet. Gives the version's name."""
    return registry.save(trained.bundle, card=trained.card, pictures=trained.pictures, golden=trained.golden, reason=reason)


def worth_learning(facts: Facts) -> int:
    """Give how many moments to learn from, by the number of shipments."""
    return min(max(round(LEARNT_PER_SHIPMENT * facts.shipments.height), FEWEST_LEARNT), MOST_LEARNT)


def few_moments(moments: Moments) -> Moments:
    """Give the newest few moments: close in time, so that little weather has to travel with them."""
    return Moments(moments.shipment_ids[-GOLDEN_MOMENTS:], moments.at[-GOLDEN_MOMENTS:])


def facts_around(facts: Facts, moments: Moments) -> Facts:
    """Give only what a few moments need: their shipments, the facilities on the way, and two days of weather before and ten after them."""
    shipments = facts.shipments.filter(pl.col("shipment_id").is_in(np.unique(moments.shipment_ids.astype(str)).tolist()))
    mine = {
        name: getattr(facts, name).join(shipments.select("shipment_id"), on="shipment_id", how="semi")
        for name in ("parcels", "promises", "legs", "scans")
    }
    places = pl.concat(
        [
            shipments.select(f="origin_facility_id"),
            shipments.select(f="destination_facility_id"),
            mine["scans"].select(f="facility_id"),
            mine["legs"].select(f="from_facility_id"),
            mine["legs"].select(f="to_facility_id"),
        ]
    )["f"]
    facilities = facts.facilities.filter(pl.col("facility_id").is_in(places.drop_nulls().unique().to_list()))
    here = pl.col("facility_id").is_in(facilities["facility_id"].to_list())
    day = 86_400_000_000
    low, high = int(moments.at.min()) - 2 * day, int(moments.at.max())
    observed = pl.col("observed_at").dt.epoch("us").is_between(low, high)
    issued = pl.col("available_at").dt.epoch("us").is_between(low, high) & (pl.col("valid_at").dt.epoch("us") <= high + 10 * day)
    return Facts.of(
        {
            "facilities": facilities,
            "orders": facts.orders.join(shipments.select("order_id"), on="order_id", how="semi"),
            "shipments": shipments,
            **mine,
            "weather_observations": facts.weather_observations.filter(here & observed),
            "weather_forecasts": facts.weather_forecasts.filter(here & issued),
        }
    )


def learnt_until(card: dict[str, Any]) -> int | None:
    """Give the cut of a saved model in microseconds since 1970 UTC; ``None`` when its card names none."""
    cut = card["provenance"].get("cut")
    return micros(datetime.fromisoformat(cut)) if cut else None
