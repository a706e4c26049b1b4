"""Learn what a predictor needs at checkout, from real shipments as a checkout would have asked about them."""

from datetime import datetime

import numpy as np
import polars as pl

from data.facts.facts import Facts, received_by
from data.facts.moments import Moments, micros
from training.checkout.checkout import Checkout
from training.checkout.offers import OfferBook
from training.checkout.past_orders import FEWEST_LEARNT, JUDGED_SHARE, PastOrders, learn_at_checkout, learn_dependence
from training.checkout.whatif import only_known_at_checkout
from training.features.build import build
from training.features.vocabulary import Vocabulary
from training.history.history import History
from training.models.candidates import fit_kind
from training.models.gather import gather, outcomes_known_by
from training.models.lanes import LaneSummaries
from training.models.learn import learn
from training.models.problem import Problem
from training.models.usual import UsualRows
from training.split import time_blocks

__all__ = ["learn_checkout"]

MOST_LEARNT = 12_000
"""Orders that the checkout's model learns from: one moment each, so they teach more than as many moments of few shipments."""
SPARSE_SHARE = 0.5
"""Share of them that is asked about by a shop that declares nothing."""


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
    past = PastOrders(known, cut, history, vocabulary, seed)
    dependence = learn_dependence(past, kind=kind)
    for block in blocks:
        since, until = int(problem.rows.at[block.judge].min()), int(problem.rows.at[block.judge].max())
        before = Problem(problem.rows, problem.outcomes.as_of(since, problem.rows.at), LaneSummaries.of(known, known_by=since))
        before = before.take(block.learn)  # the trial on this block once more: `learn` does not keep its model
        model = fit_kind(learned.model.kind, features.rows(block.learn), before, seed=seed, thorough=False, whole_rows=len(problem))
        if model is not None:
            dependence = learn_at_checkout(dependence, past, model, book, since=since, until=until)
    return Checkout(learned.model, learned.levels, usual, book, dependence)


def created(facts: Facts, cut: datetime, *, seed: int) -> Moments:
    """Give the creations of at most `MOST_LEARNT` shipments before the cut, by time."""
    born = facts.shipments.filter(pl.col("created_at") < cut)
    if born.height > MOST_LEARNT:
        born = born.sort("shipment_id").sample(MOST_LEARNT, seed=seed)
    born = born.sort("created_at", "shipment_id")
    return Moments(born["shipment_id"].to_numpy().astype(object), born["created_at"].dt.epoch("us").to_numpy())
