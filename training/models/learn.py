"""Choose a kind of model by rolling origin, learn the correction of its levels on the same blocks, and fit it on everything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.domain.errors import TooLittleData
from training.calibration.groups import calibration_groups
from training.calibration.level_map import LevelMap
from training.distribution import RemainingTime
from training.features.matrix import FeatureMatrix
from training.models.baselines import BASELINES
from training.models.candidates import candidate_kinds, fit_kind
from training.models.heads import LEVELS
from training.models.model import Model
from training.models.problem import Outcomes, Problem
from training.models.ratio import LaneRatio
from training.split import Block

__all__ = ["Learned", "learn"]

Floats = npt.NDArray[np.float64]
Progress = Callable[[str, int, int], None]

NEAR_TIE = 0.01
"""A simpler model that learns is kept when it is at most 1 % worse."""
REPEATERS = frozenset({"constant", "promise", "plan", "router"})
REPEATER_LEAD = 0.05
"""What only repeats a number ranks no shipment before another; it must be 5 % better to win (flights: the plan alone is within 2 %, late AUC 0.49)."""
HOPELESS = 1.15
"""A kind of trees that loses 15 % to another on the first blocks is given up. In a simulated network the plan's offset loses 17 % to the daily hazard there
(3.77 against 3.22 hours, 4,000 orders) and 35 % on the next block, and its trials took 16 of 38 CPU seconds of a training with 9,000 orders. On the six real
sets no kind loses that much (2026-11-21). Baselines cost nothing and stay."""
MOST_TRIAL_ROWS = 20_000
"""Rows that a trial of a model without hazard may use."""
FEWEST_CORRECTED = 100
HALF_BELIEVED = 0.5
"""Share of a past block's width that is believed where times flow: a block of the past is not the future. Parcels with later news believe it whole, since
open ones count there (Olist, 1 April to 24 May 2018, live histories: the 80 % windows cover .751 with half of what delivered rows told, .788 with all of what
all told)."""
FROZEN_SPREAD = 0.25
"""Standard deviation of the log pace that a parcel model without later news is unsure of. Weekly paces strayed by .26 to .45 on the rolling origins of those
months, of which the width learnt there explains a part. With later news the histories and the pace itself follow instead. Olist, frozen, at purchase, the 80 %
windows of November, January, March, April to 24 May and May 2018 cover .684, .813, .786, .772, .655 without and with half of delivered rows' width; .706, .840, .811,
.800, .680 so; .725, .882, .815, .822, .704 with all of the width, which after Black Friday was too much."""
INSTANT_HOURS = 1 / 3600
"""Mass that lies within a second of an arrival is an atom."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Hold the fitted model, the correction of its levels, and the ``choice``: kinds, scores of each block, the winner and why."""

    model: Model
    levels: LevelMap
    choice: dict[str, Any]


def learn(
    features: FeatureMatrix,
    problem: Problem,
    blocks: Sequence[Block],
    *,
    judged_features: Callable[[Block], FeatureMatrix],
    keep_median: bool,
    frozen: bool = False,
    seed: int = 1,
    progress: Progress | None = None,
) -> Learned:
    """Fit the kind that wins on the blocks; with no block the most detailed kind that fits, uncorrected.

    ``judged_features`` gives the features of a block's judged rows as they would have been seen in service (history frozen or live;
    ``frozen`` says that it was frozen).
    """
    kinds = candidate_kinds(problem)
    report = progress or (lambda _what, _done, _all: None)
    trials: dict[str, list[Trial]] = {kind: [] for kind in kinds}
    for number, block in enumerate(blocks):
        judged = judged_features(block)
        hopeless = beaten(trials)
        for place, kind in enumerate(kinds):
            if kind in hopeless:
                continue
            report(f"trying {kind}", number * len(kinds) + place, len(blocks) * len(kinds))
            trials[kind].append(try_kind(kind, features, problem, block, judged=judged, seed=seed))
    finished = {kind: tried for kind, tried in trials.items() if len(tried) == len(blocks) > 0 and all(trial.ok for trial in tried)}
    winner, choice = choose(finished, kinds)
    choice["given_up"] = sorted(kind for kind, tried in trials.items() if 0 < len(tried) < len(blocks))
    report(f"fitting {winner}", 0, 1)
    model = fit_kind(winner, features, problem, seed=seed, whole_rows=len(problem))
    if model is None:
        raise TooLittleData(f"{winner} won the trials but cannot be fitted on the whole period; give a longer period.")
    report(f"fitting {winner}", 1, 1)
    levels = correction(trials[winner], winner, keep_median=keep_median, frozen=frozen)
    if isinstance(model, LaneRatio) and model.heads.widths is not None:
        # Its widths come from rows that it has not seen. The trials learnt from fewer rows and are too wide; the model of everything is not.
        levels = levels.never_narrower()
    return Learned(model, levels, choice)


@dataclass(frozen=True, slots=True)
class Trial:
    """Hold how one kind did on one block: mean pinball loss in hours, the levels reached, and whether those rows were delivered."""

    ok: bool
    loss_hours: float
    median_error_hours: float
    reached: Floats
    delivered: npt.NDArray[np.bool_]
    groups: npt.NDArray[np.object_]


def try_kind(kind: str, features: FeatureMatrix, problem: Problem, block: Block, *, judged: FeatureMatrix, seed: int) -> Trial:
    chosen = block.learn
    if kind != "daily_hazard" and len(chosen) > MOST_TRIAL_ROWS:
        chosen = np.sort(np.random.default_rng(seed).choice(chosen, MOST_TRIAL_ROWS, replace=False))
    known = problem.take(chosen)
    known = known if block.cut is None else known.as_of(block.cut)
    try:
        model = fit_kind(kind, features.rows(chosen), known, seed=seed, thorough=False, whole_rows=len(problem))
    except TooLittleData:
        model = None
    if model is None:
        return Trial(
            ok=False,
            loss_hours=np.nan,
            median_error_hours=np.nan,
            reached=np.empty(0),
            delivered=np.empty(0, bool),
            groups=np.empty(0, object),
        )
    rows, outcomes = problem.rows.take(block.judge), problem.outcomes.take(block.judge)
    said = model.predict(judged, rows)
    reached = level_reached(said, np.maximum(outcomes.hours, 0.0), outcomes.delivered, seed=seed)
    loss, error = losses(said.quantile(LEVELS), outcomes)
    return Trial(
        ok=True,
        loss_hours=loss,
        median_error_hours=error,
        reached=reached,
        delivered=outcomes.delivered,
        groups=calibration_groups(model, rows),
    )


def level_reached(said: RemainingTime, hours: Floats, delivered: npt.NDArray[np.bool_], *, seed: int) -> Floats:
    """Give (n,) the level at which each shipment came, or was last seen open.

    A shipment that comes with an atom comes anywhere between the levels just before and with it (the randomized PIT of Smith 1985). Taking its top
    would find punctual shipments late (62 % of SCMS come on the very day of the schedule).
    """
    after = said.arrived(hours)
    before = said.arrived(np.maximum(hours - INSTANT_HOURS, 0.0))
    drawn = np.random.default_rng(seed).random(len(hours))
    level: Floats = np.where(delivered, before + drawn * (after - before), after)
    return level


def beaten(trials: dict[str, list[Trial]]) -> set[str]:
    """Give the kinds of trees that another kind beat so clearly on the blocks so far that further trials would only cost time."""
    mean = {
        kind: float(np.mean([trial.loss_hours for trial in tried]))
        for kind, tried in trials.items()
        if tried and all(trial.ok for trial in tried)
    }
    best = min(mean.values(), default=np.inf)
    return {kind for kind, loss in mean.items() if kind not in BASELINES and loss > best * HOPELESS}


def losses(quantiles: Floats, outcomes: Outcomes) -> tuple[float, float]:
    """Give mean pinball loss over all levels and mean absolute error of the median, in hours, over delivered rows."""
    came = outcomes.delivered
    gap = outcomes.hours[came, None] - quantiles[came]
    levels = np.array(LEVELS)
    return float(np.maximum(levels * gap, (levels - 1) * gap).mean()), float(np.abs(gap[:, LEVELS.index(0.5)]).mean())


def choose(trials: dict[str, list[Trial]], kinds: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Give the winner and the story: lowest mean loss, a near tie to the simpler kind that learns."""
    if not trials:
        winner = "lane_table" if "lane_table" in kinds else kinds[-1]
        return winner, {"kind": winner, "why": "the period is too short for trials", "trials": {}}
    table = {
        kind: {
            "loss_hours": [trial.loss_hours for trial in tried],
            "median_error_hours": [trial.median_error_hours for trial in tried],
        }
        for kind, tried in trials.items()
    }
    mean = {kind: float(np.mean(scores["loss_hours"])) for kind, scores in table.items()}
    handicap = {kind: loss / (1 - REPEATER_LEAD) if kind in REPEATERS else loss for kind, loss in mean.items()}
    best = min(handicap, key=lambda kind: handicap[kind])
    near = [kind for kind in kinds if kind in mean and kind not in REPEATERS and mean[kind] <= mean[best] * (1 + NEAR_TIE)]
    winner = best if best in REPEATERS or not near else near[0]
    why = f"lowest mean pinball loss over {len(trials[winner])} blocks" if winner == best else f"within 1 % of {best} and simpler"
    return winner, {"kind": winner, "why": why, "trials": table}


def correction(trials: Sequence[Trial], kind: str, *, keep_median: bool, frozen: bool) -> LevelMap:
    tried = [trial for trial in trials if trial.ok]
    if sum(int(trial.delivered.sum()) for trial in tried) < FEWEST_CORRECTED:
        return LevelMap.nothing()
    reached, delivered, groups = (np.concatenate([getattr(trial, name) for trial in tried]) for name in ("reached", "delivered", "groups"))
    whole = not keep_median or (kind == "daily_hazard" and not frozen)
    levels = LevelMap.fit(reached, delivered, groups, keep_median=keep_median, trust=1.0 if whole else HALF_BELIEVED)
    return levels.unsure(FROZEN_SPREAD) if frozen and kind == "daily_hazard" else levels
