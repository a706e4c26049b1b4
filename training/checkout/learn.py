"""Learn what a predictor needs at checkout: from real shipments as a checkout would have asked about them, and from orders in several shipments."""

from datetime import datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.facts import Facts, received_by
from data.facts.moments import Moments, micros
from training.checkout.checkout import Checkout
from training.checkout.dependence import Dependence, normal_scores
from training.checkout.offers import OfferBook
from training.checkout.orders import order_moments, shared_of
from training.checkout.whatif import only_known_at_checkout
from training.features.build import build
from training.features.vocabulary import Vocabulary
from training.history.history import History
from training.models.candidates import fit_kind
from training.models.gather import gather, outcomes_known_by
from training.models.lanes import LaneSummaries
from training.models.learn import learn
from training.models.model import Model
from training.models.problem import Problem
from training.models.usual import UsualRows
from training.split import time_blocks

__all__ = ["learn_checkout", "learn_dependence"]

MOST_LEARNT = 12_000
"""Orders that the checkout's model learns from: one moment each, so they teach more than as many moments of few shipments."""
SPARSE_SHARE = 0.5
"""Share of them that is asked about by a shop that declares nothing."""
FEWEST_LEARNT = 300
FEWEST_ORDERS = 40
"""Orders in several shipments below which nothing is said about what hangs together."""
JUDGED_SHARE = 0.25
"""Newest share of the time before the cut whose forecasts, made by a model that ends before it, show what hangs together."""
MOST_DEPENDENT = 12_000


def learn_checkout(facts: Facts, *, cut: datetime, vocabulary: Vocabulary, kind: str, seed: int = 1) -> Checkout | None:
    """Learn from what was received by ``cut`` and nothing later; ``None`` where fewer than 300 shipments can be learnt from.

    ``vocabulary`` is the predictor's, so that its features and history serve both; ``kind`` is the kind of its model.
    """
    known = received_by(facts, cut)
    history = History.build(known, vocabulary=vocabulary)
    book = OfferBook.of(known.shipments)
    moments = created(known, cut, seed=seed)
    outcomes = outcomes_known_by(known, moments, micros(cut))
    keep = np.flatnonzero(outcomes.hours > 0)
    moments, outcomes = Moments(moments.shipment_ids[keep], moments.at[keep]), outcomes.take(keep)
    if len(moments) < FEWEST_LEARNT or not outcomes.delivered.any():
        return None
    chosen = pl.Series(moments.shipment_ids.astype(str))
    sparse = chosen.sample(fraction=SPARSE_SHARE, seed=seed)
    asked = Facts.of({**dict(known.tables()), "shipments": known.shipments.filter(pl.col("shipment_id").is_in(chosen.implode()))})
    asked = only_known_at_checkout(asked, book, sparse=sparse)
    problem = Problem(gather(asked, moments), outcomes, LaneSummaries.of(known, known_by=micros(cut)))
    features = build(asked, moments, history=history, vocabulary=vocabulary)
    blocks = time_blocks(problem, count=1, share=JUDGED_SHARE)
    learned = learn(features, problem, blocks, judged_features=lambda block: features.rows(block.judge), keep_median=True, seed=seed)
    usual = UsualRows.fit(features, problem.rows, seed=seed)
    dependence = learn_dependence(known, cut=cut, history=history, vocabulary=vocabulary, kind=kind, seed=seed)
    return Checkout(learned.model, learned.levels, usual, book, dependence)


def created(facts: Facts, cut: datetime, *, seed: int) -> Moments:
    """Give the creations of at most `MOST_LEARNT` shipments before the cut, by time."""
    born = facts.shipments.filter(pl.col("created_at") < cut)
    if born.height > MOST_LEARNT:
        born = born.sort("shipment_id").sample(MOST_LEARNT, seed=seed)
    born = born.sort("created_at", "shipment_id")
    return Moments(born["shipment_id"].to_numpy().astype(object), born["created_at"].dt.epoch("us").to_numpy())


def learn_dependence(facts: Facts, *, cut: datetime, history: History, vocabulary: Vocabulary, kind: str, seed: int = 1) -> Dependence:
    """Learn from the forecasts that a model of before would have made of orders in several shipments, up to ``cut``.

    The model ends where the newest quarter of the time begins, and its forecasts are made after that with the history of each moment: forecasts of what
    a model has learnt from would look surer than they are. Where too few orders came in several shipments, nothing hangs together.
    """
    looks = order_moments(facts, until=cut)
    first = facts.shipments["created_at"].min()
    if looks["order_id"].n_unique() < FEWEST_ORDERS or not isinstance(first, datetime):
        return Dependence.nothing()
    begin = micros(cut) - round((micros(cut) - micros(first)) * JUDGED_SHARE)
    model = model_of_before(facts, looks, begin, history=history, vocabulary=vocabulary, kind=kind, seed=seed)
    judged = newest(looks.filter(pl.col("at").dt.epoch("us") >= begin))
    if model is None or judged["order_id"].n_unique() < FEWEST_ORDERS:
        return Dependence.nothing()
    moments = Moments(judged["shipment_id"].to_numpy().astype(object), judged["at"].dt.epoch("us").to_numpy())
    rows, outcomes = gather(facts, moments), outcomes_known_by(facts, moments, micros(cut))
    said = model.predict(build(facts, moments, history=history, vocabulary=vocabulary), rows)
    fine = whole_orders(judged, outcomes.delivered & (outcomes.hours > 0))
    scores = normal_scores(said.arrived(np.maximum(outcomes.hours, 0.0)))
    return Dependence.fit(scores[fine], shared_of(rows, judged["order_id"]).take(fine), judged["phase"].to_numpy().astype(object)[fine])


def model_of_before(
    facts: Facts, looks: pl.DataFrame, begin: int, *, history: History, vocabulary: Vocabulary, kind: str, seed: int
) -> Model | None:
    """Fit a model of the predictor's kind on the moments before an instant, with the outcomes known by then."""
    before = looks.filter(pl.col("at").dt.epoch("us") < begin)
    before = before.sample(MOST_DEPENDENT, seed=seed) if before.height > MOST_DEPENDENT else before
    moments = Moments(before["shipment_id"].to_numpy().astype(object), before["at"].dt.epoch("us").to_numpy())
    outcomes = outcomes_known_by(facts, moments, begin)
    keep = np.flatnonzero(outcomes.hours > 0)
    moments, outcomes = Moments(moments.shipment_ids[keep], moments.at[keep]), outcomes.take(keep)
    if len(moments) < FEWEST_LEARNT or not outcomes.delivered.any():
        return None
    problem = Problem(gather(facts, moments), outcomes, LaneSummaries.of(facts, known_by=begin))
    return fit_kind(kind, build(facts, moments, history=history, vocabulary=vocabulary), problem, seed=seed, thorough=False)


def newest(looks: pl.DataFrame) -> pl.DataFrame:
    """Give the newest looks, at most `MOST_DEPENDENT`, whole orders at a time."""
    return looks.sort("at", "order_id", "shipment_id").tail(MOST_DEPENDENT)


def whole_orders(looks: pl.DataFrame, delivered: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Say which rows belong to looks at orders whose shipments have all come: the fast half of an order says nothing about the slow one."""
    return looks.with_columns(came=pl.Series(delivered)).select(pl.col("came").all().over("order_id", "at"))["came"].to_numpy()
