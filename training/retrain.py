"""Train a challenger on what is known now, compare it with the serving champion, promote or decline, and write down why."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from data.domain.errors import ModelRefused
from data.facts.facts import Facts
from data.facts.moments import Moments
from training.evaluation.evaluation import FEWEST_JUDGED
from training.evaluation.judged import judge
from training.pipeline import Progress, Trained, learnt_until, save, train
from training.registry.registry import Registry
from training.retrain_rule import Decision, decide, guards

__all__ = ["Retrained", "retrain"]


@dataclass(frozen=True, slots=True)
class Retrained:
    """Hold the outcome of one retraining: the new version, the champion it met, the decision and the challenger itself."""

    version: str
    champion: str | None
    decision: Decision
    trained: Trained


def retrain(
    facts: Facts,
    registry: Registry,
    *,
    cut: datetime | None = None,
    progress: Progress | None = None,
    seed: int = 1,
    allow_delivered_only: bool = False,
) -> Retrained:
    """Train on all but the newest weeks, compare on the newest weeks, and promote by the rule of `training.retrain_rule`.

    The judged object itself is promoted, not a refit nobody judged. The decision, its reason and its numbers go into the registry's ledger. Raises
    `TooLittleData` as `training.pipeline.train` does, which also tells what ``allow_delivered_only`` is for.
    """
    trained = train(facts, cut=cut, progress=progress, seed=seed, allow_delivered_only=allow_delivered_only)
    champion = registry.serving()
    decision = first(trained) if champion is None else against(champion, trained, facts, registry)
    version = save(trained, registry, reason="retrained")
    if decision.promote:
        registry.promote(version, reason=decision.reason, evidence=decision.evidence)
    else:
        registry.decline(version, reason=decision.reason, evidence=decision.evidence)
    return Retrained(version, champion, decision, trained)


def first(trained: Trained) -> Decision:
    """Promote the first model, and say so if it is not better than its baselines: without a model there is no forecast at all."""
    doubts = guards(trained.evaluation.rows, baselines=trained.baseline_errors())
    reason = "first: no model served before." + (f" Doubtful: {'; '.join(doubts)}." if doubts else "")
    scores = trained.evaluation.scores["time"]["all"]
    return Decision(promote=True, reason=reason, evidence={"mae_hours": {**trained.baseline_errors(), "challenger": scores["mae"]}})


def against(champion: str, trained: Trained, facts: Facts, registry: Registry) -> Decision:
    """Judge the champion on the challenger's moments and decide."""
    baselines = trained.baseline_errors()
    try:
        predictor = registry.load(champion)
        _, card = registry.show(champion)
    except ModelRefused as error:
        doubts = guards(trained.evaluation.rows, baselines=baselines)
        evidence = {"champion_refused": str(error), "mae_hours": baselines}
        if doubts:
            return Decision(
                promote=False, reason=f"declined: {'; '.join(doubts)}; but the champion is refused, too: {error}", evidence=evidence
            )
        return Decision(promote=True, reason=f"promoted: the serving model can no longer be loaded ({error}).", evidence=evidence)
    rows, knew = unseen(trained.evaluation.rows, learnt_until(card))
    moments = Moments(rows["shipment_id"].to_numpy().astype(object), rows["at"].dt.epoch("us").to_numpy().astype(np.int64))
    decision = decide(
        judge(predictor.knowing(facts, known_by=trained.known_by), facts, moments, known_by=trained.known_by), rows, baselines=baselines
    )
    return Decision(decision.promote, decision.reason, {**decision.evidence, "champion": champion, "champion_knew_some": knew})


def unseen(rows: pl.DataFrame, champion_cut: int | None) -> tuple[pl.DataFrame, bool]:
    """Give the judged rows after the champion's cut, when enough are left, and whether the champion may have learnt from some of them."""
    if champion_cut is None:
        return rows, True
    after = rows.filter(pl.col("at").dt.epoch("us") >= champion_cut)
    if int(after["hours"].is_not_null().sum()) < FEWEST_JUDGED:
        return rows, True
    return after, False
