"""Score what a good engineer writes in an afternoon on the same rows: delivered rows only, static columns, L1, trained by time, one model a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.facts.moments import micros
from data.sources.datasets.dataset import Dataset
from training import metrics
from training.benchmark.examples import Examples
from training.benchmark.learners import LEARNERS, Learner
from training.benchmark.online import stretches
from training.benchmark.scoring import late_scores, point_scores
from training.benchmark.static_columns import Static, known_words, static_columns, static_frame

__all__ = ["RivalSaid", "rival_said", "rival_scores"]

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]
LEVELS = (0.1, 0.5, 0.9)
FEWEST = 50


@dataclass(frozen=True, slots=True)
class RivalSaid:
    """Hold ``quantiles`` (n, 3) at .1, .5 and .9 in the unit of ``y``, NaN where not asked for, and the late probability, NaN without one."""

    quantiles: Floats
    late: Floats


def rival_said(
    name: str, train: Dataset, test: Dataset, learnt: Examples, judged: Examples, *, refit_days: int | None = None, windows: bool = True
) -> RivalSaid:
    """Learn from rows whose delivery is known by the cut (or the latest refit before a row) and answer every judged row.

    ``name`` is a key of `LEARNERS`. Where times have no order every other row is learnt from. Without ``windows`` only medians and risks are learnt.
    Raises `ModuleNotFoundError` where the library is not installed.
    """
    learner, timezone = LEARNERS[name](), test.task.timezone
    candidates = learnt if refit_days is None else learnt.and_also(judged)
    frames = [static_frame(train.facts, learnt.moments, timezone=timezone), static_frame(test.facts, judged.moments, timezone=timezone)]
    # A second folder may lack a column that nobody filled in.
    shared = [name for name, dtype in frames[0].schema.items() if frames[1].schema.get(name) == dtype]
    words = known_words(frames[0].select(shared))
    own, asked = (static_columns(frame.select(shared), words) for frame in frames)
    if refit_days is not None:
        own = Static(np.vstack([own.numbers, asked.numbers]), np.vstack([own.codes, asked.codes]), own.names)
    quantiles, late = np.full((len(judged), len(LEVELS)), np.nan), np.full(len(judged), np.nan)
    for begin, _, rows in stretches(judged.moments.at, test.earliest(), refit_days):
        known = candidates.outcomes.delivered & np.isfinite(candidates.y)
        if train.task.time_ordered:
            known &= candidates.outcomes.known_at < micros(begin)
        for moment in test.task.moments:
            at, from_rows = rows[judged.name[rows] == moment], np.flatnonzero(known & (candidates.name == moment))
            if not len(at) or len(from_rows) < FEWEST:
                continue
            learn = own.take(from_rows)
            known_columns = learn.told()
            learn, some = learn.only(known_columns), asked.take(at).only(known_columns)
            for place, level in enumerate(LEVELS):
                if windows or level == 0.5:
                    quantiles[at, place] = learner.quantile(learn, candidates.y[from_rows], level)(some)
            late[at] = risks(learner, learn, candidates.late[from_rows], some)
    return RivalSaid(quantiles, late)


def risks(learner: Learner, learn: Static, late: Floats, some: Static) -> Floats:
    """Learn who was late among those with a promise; NaN where nobody or everybody was."""
    told = np.flatnonzero(np.isfinite(late))
    if len(np.unique(late[told])) < 2:
        return np.full(len(some), np.nan)
    return learner.risk(learn.take(told), late[told])(some)


def rival_scores(said: RivalSaid, judged: Examples, *, moments: Sequence[str], unit: str) -> dict[str, Any]:
    """Give moment → scores as `run_benchmark` gives them: point, ``window`` where there is one, ``late`` where there is a promise."""
    found: dict[str, Any] = {}
    for moment in moments:
        rows: Positions = np.flatnonzero((judged.name == moment) & np.isfinite(said.quantiles[:, 1]))
        if not len(rows):
            continue
        y, low, middle, high = judged.y[rows], *said.quantiles[rows].T
        found[moment] = point_scores(y, middle, unit=unit)
        if np.isfinite(low).all() and np.isfinite(high).all():
            # Three separate fits may cross.
            found[moment]["window"] = metrics.interval(y, np.minimum(low, high), np.maximum(low, high), 0.8).as_dict()
        if (risk := late_scores(judged.late[rows], said.late[rows])) is not None:
            found[moment]["late"] = risk
    return found
