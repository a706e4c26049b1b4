"""Answer each shipment from all folds but its own, for sets whose times have no common order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from training.features.moment_state import MomentState
from training.history.columns import shipment_codes
from training.history.events import Events
from training.history.keys import key_texts
from training.history.ledger import Answers, Ledger
from training.history.levels import Plan

__all__ = ["Folds"]

BEFORE, AFTER = 0, 1
"""All outcomes get the same instant, and questions come after it, so nothing fades."""


@dataclass(frozen=True, slots=True)
class Folds:
    """Hold one ledger without each fold (``without``), one with everything (``ledger``), and the fold of each shipment."""

    ledger: Ledger
    without: Mapping[int, Ledger]
    fold_of: Mapping[str, int]

    @classmethod
    def of(cls, plan: Plan, events: Events, folds: Mapping[str, int]) -> "Folds":
        """Fold the outcomes of shipments, fold by fold; outcomes of shipments without a fold count for all."""
        timeless = replace(events, time=np.full(len(events), BEFORE, dtype=np.int64))
        fold_of = {f"s{shipment}": fold for shipment, fold in folds.items()}
        fold = np.array([fold_of.get(owner, -1) for owner in events.owners.ids.to_list()], dtype=np.int64)[events.owner]
        without = {number: Ledger.of(plan, timeless.taken(fold != number)).folded(AFTER) for number in sorted(set(folds.values()))}
        return cls(Ledger.of(plan, timeless).folded(AFTER), without, dict(folds))

    @classmethod
    def read(cls, ledger: Ledger) -> "Folds":
        """Make folds of everything known, for new shipments only."""
        return cls(ledger, {}, {})

    @property
    def plan(self) -> Plan:
        """Give what is followed."""
        return self.ledger.plan

    def everything(self) -> "Folds":
        """Forget the folds: every shipment is answered from all."""
        return Folds.read(self.ledger)

    def answers(self, state: MomentState) -> Answers:
        """Give the levels of every moment's shipment from the other folds."""
        fold = np.array([self.fold_of.get(shipment, -1) for shipment in state.subjects.frame["shipment_id"].to_list()], dtype=np.int64)
        of_moment = fold[state.row]
        texts = key_texts(state.subjects.frame, self.plan.levels)
        answers = ask(self.ledger, state, texts)
        for number in np.unique(of_moment):
            if int(number) in self.without:
                other, chosen = ask(self.without[int(number)], state, texts), of_moment == number
                answers.raw[chosen], answers.level[chosen], answers.support[chosen] = (
                    other.raw[chosen],
                    other.level[chosen],
                    other.support[chosen],
                )
        return answers


def ask(ledger: Ledger, state: MomentState, texts: Mapping[str, pl.Series]) -> Answers:
    return ledger.ask(np.full(len(state), AFTER, dtype=np.int64), shipment_codes(ledger, state, texts))
