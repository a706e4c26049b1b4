"""Make a predictor of facts: features, trials, the winner, the correction of its levels, and what serving needs around them."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import orjson

from data.domain.errors import TooLittleData
from data.facts.facts import Facts, received_by
from data.facts.moments import Moments, micros
from training.explain.journal import Journal
from training.explain.timetable import Timetable
from training.features.build import build
from training.features.matrix import FEATURES_VERSION, FeatureMatrix
from training.features.vocabulary import Vocabulary
from training.history.history import History
from training.models.candidates import fit_kind
from training.models.gather import gather, outcomes_known_by
from training.models.lanes import LaneSummaries
from training.models.learn import Learned, learn
from training.models.problem import Outcomes, Problem
from training.models.usual import UsualRows
from training.predictor import Predictor
from training.split import Block, fold_blocks, id_folds, time_blocks
from training.stopwatch import Stopwatch

__all__ = ["fit_predictor"]

Progress = Callable[[str, int, int], None]

FOLDS = 3
"""Folds of sets without an order in time."""


def fit_predictor(
    facts: Facts,
    moments: Moments,
    *,
    cut: datetime,
    outcomes: Outcomes | None = None,
    time_ordered: bool = True,
    frozen: bool = False,
    like: Predictor | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    watch: Stopwatch | None = None,
) -> Predictor:
    """Train on moments before ``cut`` with nothing that was heard later.

    ``moments`` say where to look at the shipments from, as a user of the forecasts would; several of one shipment are welcome.
    ``outcomes`` say what became of them (read from the scans when absent); deliveries whose ``known_at`` is after the cut count as open.
    ``time_ordered`` is false where times are conventional: trials are folds by shipment and histories are taken out of fold.
    ``like`` saves the trials of a refit: the kind of model and the correction of its levels are taken from an earlier predictor.
    ``frozen`` judges the trials with a history that stopped at their start, as a model without later news would be used.

    Raises `TooLittleData` when no moment before the cut has a known delivery.
    """
    watch = watch or Stopwatch()
    at_cut = micros(cut)
    with watch.lap("features"):
        known = received_by(facts, cut) if time_ordered else facts
        vocabulary = Vocabulary.learn(known)
        found = outcomes or outcomes_known_by(known, moments, at_cut)
        found = found.as_of(at_cut, moments.at) if time_ordered else found
        keep = np.flatnonzero((found.hours > 0) & ((moments.at < at_cut) | (not time_ordered)))
        if not found.delivered[keep].any():
            raise TooLittleData(f"none of {len(moments)} moments before {cut:%Y-%m-%d %H:%M} has a delivery known by then.")
        moments, found = Moments(moments.shipment_ids[keep], moments.at[keep]), found.take(keep)
        problem = Problem(gather(known, moments), found, LaneSummaries.of(known, known_by=at_cut))
        history, features, blocks, judged = (
            timed(known, moments, problem, vocabulary, frozen=frozen) if time_ordered else untimed(known, moments, vocabulary, seed=seed)
        )
    with watch.lap("train"):
        # Where times flow, a median that a past block would shift mostly repeats the past; only the width is corrected.
        learned = (
            learn(
                features,
                problem,
                blocks,
                judged_features=judged,
                keep_median=time_ordered,
                frozen=frozen and time_ordered,
                seed=seed,
                progress=progress,
            )
            if like is None
            else relearn(like, features, problem, seed=seed)
        )
        usual = UsualRows.fit(features, problem.rows, seed=seed)
    return Predictor(
        learned.model,
        learned.levels,
        vocabulary,
        history.snapshot(cut),
        usual,
        features.schema_hash,
        describe(learned, problem, cut, time_ordered=time_ordered),
        version_of(learned, cut),
        timetable=Timetable.learn(known, vocabulary.departures),
        journal=Journal.of(known, until=cut) if time_ordered else Journal.nothing(),
    )


Prepared = tuple[History, FeatureMatrix, tuple[Block, ...], Callable[[Block], FeatureMatrix]]


def relearn(like: Predictor, features: FeatureMatrix, problem: Problem, *, seed: int) -> Learned:
    """Fit the kind of an earlier predictor anew, with its correction."""
    kind = like.about["choice"]["kind"]
    model = fit_kind(kind, features, problem, seed=seed, whole_rows=len(problem))
    if model is None:
        raise TooLittleData(f"{kind}, chosen for an earlier period, cannot be fitted on this one; choose anew.")
    return Learned(model, like.levels, like.about["choice"])


def timed(facts: Facts, moments: Moments, problem: Problem, vocabulary: Vocabulary, *, frozen: bool) -> Prepared:
    """Prepare a problem with an order in time: as-of histories, rolling origins."""
    history = History.build(facts, vocabulary=vocabulary)
    features = build(facts, moments, history=history, vocabulary=vocabulary)
    if frozen:
        features = without_fleeting(features)

    def judged(block: Block) -> FeatureMatrix:
        if not frozen or block.cut is None:
            return features.rows(block.judge)
        some = Moments(moments.shipment_ids[block.judge], moments.at[block.judge])
        return build(facts, some, history=history, vocabulary=vocabulary, history_until=instant_of(block.cut))

    return history, features, time_blocks(problem), judged


def without_fleeting(features: FeatureMatrix) -> FeatureMatrix:
    """Make levels of the last hours unknown: frozen for weeks, the queue or storm of one evening would be taken for now."""
    values = features.values.copy()
    for position, column in enumerate(features.columns):
        if column.group in {"history", "facility"} and FLEETING.search(column.name):
            values[:, position] = np.nan
    return FeatureMatrix(values, features.columns)


FLEETING = re.compile(r"\.(1h|3h|1d|1d_to_20d)$")


def untimed(facts: Facts, moments: Moments, vocabulary: Vocabulary, *, seed: int) -> Prepared:
    """Prepare a problem without an order in time: histories out of fold, trials by folds of shipments."""
    folds = id_folds(moments.shipment_ids, folds=FOLDS, seed=seed)
    encoded = id_folds(moments.shipment_ids, folds=5, seed=seed + 1)
    history = History.out_of_fold(facts, dict(zip(moments.shipment_ids.tolist(), encoded.tolist(), strict=True)), vocabulary=vocabulary)
    features = build(facts, moments, history=history, vocabulary=vocabulary)
    return history, features, fold_blocks(folds), lambda block: features.rows(block.judge)


def instant_of(at: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)


def describe(learned: Learned, problem: Problem, cut: datetime, *, time_ordered: bool) -> dict[str, Any]:
    return {
        "cut": cut.isoformat(),
        "choice": learned.choice,
        "moments": len(problem),
        "delivered": int(problem.outcomes.delivered.sum()),
        "open": int((~problem.outcomes.delivered).sum()),
        "time_ordered": time_ordered,
        "features_version": FEATURES_VERSION,
    }


def version_of(learned: Learned, cut: datetime) -> str:
    """Name a model by its cut and a digest of what it learnt; the registry gives saved bundles a name of its own."""
    digest = hashlib.sha256(orjson.dumps(plain(learned.model.to_state()), option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS))
    digest.update(learned.levels.adjusted.tobytes())
    return f"{cut:%Y%m%d}-{learned.model.kind}-{digest.hexdigest()[:10]}"


def plain(value: Any) -> Any:
    """Give arrays in C order as JSON wants them."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return np.ascontiguousarray(value).tolist() if isinstance(value, np.ndarray) else value
