"""Give every guard every set: two networks that are always there, and slices of the real sets where they are."""

from datetime import datetime, timedelta
from functools import partial

import numpy as np
import pytest

from data.facts.moments import Moments
from tests.training.guards.slices import ALWAYS_THERE, REAL, Slice, moments_of, slice_named
from training.features.vocabulary import Vocabulary
from training.fit import fit_predictor
from training.history.history import History
from training.models.candidates import candidate_kinds, fit_kind
from training.moments import choose_moments
from training.predictor import Predictor
from training.split import fold_blocks, time_blocks

EVERY_SET = [*ALWAYS_THERE, *(pytest.param(name, marks=pytest.mark.real_data) for name in REAL)]
MOST_LEARNT = 600


@pytest.fixture(scope="session", params=EVERY_SET)
def world(request) -> Slice:
    """Give one set after the other; real ones are skipped where the folder is absent."""
    real_data = None if request.param in ALWAYS_THERE else request.getfixturevalue("real_data")
    return slice_named(request.param, real_data)


@pytest.fixture(scope="session")
def vocabulary(world) -> Vocabulary:
    """Give the vocabulary of the set."""
    return Vocabulary.learn(world.facts)


@pytest.fixture(scope="session")
def history(world, vocabulary) -> History:
    """Give the history of everything the set holds."""
    return History.build(world.facts, vocabulary=vocabulary)


@pytest.fixture(scope="session")
def cut(world) -> datetime:
    """Give the instant at which two thirds of everything has been heard, a moment off the full minute; after all of it where times have no order."""
    heard = world.facts.scans["received_at"].sort()
    last = heard.gather([2 * heard.len() // 3 if world.time_ordered else heard.len() - 1]).item()
    assert isinstance(last, datetime)
    return last + timedelta(seconds=41, microseconds=7)


@pytest.fixture(scope="session")
def predictor(world, cut) -> Predictor:
    """Give a small model of the set's most detailed kind, learnt by the cut, loaded from its bundle."""
    if world.time_ordered:
        moments = choose_moments(world.facts, until=cut)
        some = np.unique(np.linspace(0, len(moments) - 1, MOST_LEARNT).astype(np.int64))
        moments = Moments(moments.shipment_ids[some], moments.at[some])
    else:
        moments = moments_of(world.rows.filter("trains"))
    with pytest.MonkeyPatch.context() as patch:
        # One kind, no trials: whether a model may look at the future does not hang on how well it was chosen.
        patch.setattr("training.models.learn.candidate_kinds", lambda problem: candidate_kinds(problem)[-1:])
        patch.setattr("training.models.learn.fit_kind", partial(fit_kind, thorough=False))
        patch.setattr("training.fit.time_blocks", lambda problem: time_blocks(problem, count=1))
        patch.setattr("training.fit.fold_blocks", lambda folds: fold_blocks(folds)[:1])
        fitted = fit_predictor(world.facts, moments, cut=cut, time_ordered=world.time_ordered)
    return Predictor.from_bundle(fitted.to_bundle())
