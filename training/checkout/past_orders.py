"""Learn how far shipments of past orders came late together, from forecasts that a model of before would have made of them."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from training.checkout.dependence import Dependence, Shared, normal_scores
from training.checkout.offers import OfferBook
from training.checkout.orders import checkout_moments, order_moments, shared_of
from training.checkout.whatif import labels_made_when_ordered, only_known_at_checkout
from training.features.build import build
from training.features.vocabulary import Vocabulary
from training.history.history import History
from training.models.candidates import fit_kind
from training.models.gather import gather, outcomes_known_by
from training.models.lanes import LaneSummaries
from training.models.model import Model
from training.models.problem import Problem

__all__ = ["FEWEST_LEARNT", "JUDGED_SHARE", "PastOrders", "learn_at_checkout", "learn_dependence", "moments_of"]

FEWEST_LEARNT = 300
FEWEST_ORDERS = 40
"""Orders in several shipments below which nothing is said about what hangs together."""
JUDGED_SHARE = 0.25
"""Newest share of the time before the cut whose forecasts, made by a model that ends before it, show what hangs together."""
MOST_DEPENDENT = 12_000
MOST_AT_CHECKOUT = 6_000
"""Shipments asked about as a checkout would have: some 2,400 orders tell a share to within 0.02."""


@dataclass(frozen=True, slots=True)
class PastOrders:
    """Hold what may be learnt from: facts received by the ``cut``, and the history as it was at each moment before it."""

    facts: Facts
    cut: datetime
    history: History
    vocabulary: Vocabulary
    seed: int = 1

    def scored(self, model: Model, looks: pl.DataFrame, facts: Facts) -> tuple[npt.NDArray[np.float64], Shared, npt.NDArray[np.bool_]]:
        """Give for looks at orders the normal scores of what came of a model's forecasts, what is shared, and which rows may be believed.

        ``facts`` are those that the forecasts are made from; what came of them is read from all that was received by the cut.
        """
        moments = moments_of(looks)
        rows, outcomes = gather(facts, moments), outcomes_known_by(self.facts, moments, micros(self.cut))
        said = model.predict(build(facts, moments, history=self.history, vocabulary=self.vocabulary), rows)
        fine = whole_orders(looks, outcomes.delivered & (outcomes.hours > 0))
        return normal_scores(said.arrived(np.maximum(outcomes.hours, 0.0))), shared_of(rows, looks["order_id"]), fine


def learn_dependence(past: PastOrders, *, kind: str) -> Dependence:
    """Learn from the forecasts that a model of before would have made of labels and shipments on the way, up to the cut.

    The model ends where the newest quarter of the time begins, and its forecasts are made after that with the history of each moment: forecasts of what
    a model has learnt from would look surer than they are. Where too few orders came in several shipments, nothing hangs together.
    """
    looks = order_moments(past.facts, until=past.cut)
    first = past.facts.shipments["created_at"].min()
    if looks["order_id"].n_unique() < FEWEST_ORDERS or not isinstance(first, datetime):
        return Dependence.nothing()
    begin = micros(past.cut) - round((micros(past.cut) - micros(first)) * JUDGED_SHARE)
    model = model_of_before(past, looks, begin, kind=kind)
    judged = newest(looks.filter(pl.col("at").dt.epoch("us") >= begin), MOST_DEPENDENT)
    if model is None or judged["order_id"].n_unique() < FEWEST_ORDERS:
        return Dependence.nothing()
    scores, shared, fine = past.scored(model, judged, past.facts)
    return Dependence.fit(scores[fine], shared.take(fine), judged["phase"].to_numpy().astype(object)[fine])


def learn_at_checkout(dependence: Dependence, past: PastOrders, model: Model, book: OfferBook, *, since: int, until: int) -> Dependence:
    """Add what hangs together when nothing but the order is known, from orders made between two instants (microseconds since 1970 UTC).

    ``model`` is a checkout's that ends at ``since``. It is asked when the order is made, as if all labels were made then, because that is what a
    checkout asks; where too few orders came in several shipments, what labels showed answers (`Dependence.learnt_from`).
    """
    facts = labels_made_when_ordered(past.facts)
    looks = newest(checkout_moments(facts, since=instant(since), until=instant(until)), MOST_AT_CHECKOUT)
    if looks["order_id"].n_unique() < FEWEST_ORDERS:
        return dependence
    asked = Facts.of(
        {**dict(facts.tables()), "shipments": facts.shipments.filter(pl.col("shipment_id").is_in(looks["shipment_id"].implode()))}
    )
    scores, shared, fine = past.scored(model, looks, only_known_at_checkout(asked, book, sparse=looks["shipment_id"].head(0)))
    return dependence.learning("checkout", scores[fine], shared.take(fine))


def model_of_before(past: PastOrders, looks: pl.DataFrame, begin: int, *, kind: str) -> Model | None:
    """Fit a model of the predictor's kind on the moments before an instant, with the outcomes known by then."""
    facts = past.facts
    before = looks.filter(pl.col("at").dt.epoch("us") < begin)
    before = before.sample(MOST_DEPENDENT, seed=past.seed) if before.height > MOST_DEPENDENT else before
    moments = moments_of(before)
    outcomes = outcomes_known_by(facts, moments, begin)
    keep = np.flatnonzero(outcomes.hours > 0)
    moments, outcomes = Moments(moments.shipment_ids[keep], moments.at[keep]), outcomes.take(keep)
    if len(moments) < FEWEST_LEARNT or not outcomes.delivered.any():
        return None
    problem = Problem(gather(facts, moments), outcomes, LaneSummaries.of(facts, known_by=begin))
    features = build(facts, moments, history=past.history, vocabulary=past.vocabulary)
    return fit_kind(kind, features, problem, seed=past.seed, thorough=False)


def moments_of(looks: pl.DataFrame) -> Moments:
    """Give the moments of looks at orders, in their order."""
    return Moments(looks["shipment_id"].to_numpy().astype(object), looks["at"].dt.epoch("us").to_numpy())


def newest(looks: pl.DataFrame, most: int) -> pl.DataFrame:
    """Give the newest looks, at most so many rows; of the oldest order some may be missing."""
    return looks.sort("at", "order_id", "shipment_id").tail(most)


def whole_orders(looks: pl.DataFrame, delivered: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Say which rows belong to looks at orders whose shipments have all come: the fast half of an order says nothing about the slow one."""
    return looks.with_columns(came=pl.Series(delivered)).select(pl.col("came").all().over("order_id", "at"))["came"].to_numpy()


def instant(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1e6, UTC)
