"""Hold what was known of durations, lateness and congestion at any moment, key by key."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from data.domain.errors import InvalidFact
from data.facts.facts import Facts
from data.facts.moments import micros
from training.features.climate import Climate
from training.features.codes import UNKNOWN_TIME
from training.features.matrix import ColumnSink
from training.features.moment_state import MomentState
from training.features.plan import sorted_legs
from training.features.scans import sorted_scans
from training.features.subjects import subjects_of
from training.features.vocabulary import Vocabulary
from training.history.cohorts import cohort_events
from training.history.columns import add_cohorts, add_levels, add_visits, own_delivery_known, shipment_codes
from training.history.events import Events, joined
from training.history.folds import Folds
from training.history.keys import key_texts
from training.history.ledger import Ledger
from training.history.outcomes import outcomes_of
from training.history.plans import FACILITY_PLAN, cohort_plan, followed, shipment_plan
from training.history.shipment_events import lane_events, shipment_events
from training.history.stored import ledger_arrays, ledger_of_arrays
from training.history.visits import visit_events

__all__ = ["History"]

FORMAT = 1
"""Number of the stored form; raise it when `to_arrays` changes."""

LEDGERS = ("shipments", "cohorts", "visits")


@dataclass(frozen=True, slots=True)
class History:
    """Hold three ledgers of decayed levels: of shipments, of cohorts, of visits to facilities.

    A level at a moment comes from outcomes that had been *received strictly before* it, in the total order of (time of becoming known, id).
    Outcomes are told as they were first heard. A shipment's own delivery is never in its own levels: its clock in the history stops when its
    delivery became known. ``until`` (microseconds) is how far the facts reach; later moments are answered as of then. `None` = the facts
    are complete at every moment asked about, as they are for a history built at once.
    """

    optional: tuple[str, ...]
    ledgers: Mapping[str, Ledger]
    until: int | None = None
    folds: Folds | None = None
    climate: Climate = field(default_factory=Climate.nothing)

    @classmethod
    def build(cls, facts: Facts, *, vocabulary: Vocabulary) -> "History":
        """Learn from every outcome that the facts hold; the vocabulary names the attributes that are followed."""
        levels = followed(vocabulary)
        plans = {"shipments": shipment_plan(levels), "cohorts": cohort_plan(), "visits": FACILITY_PLAN}
        events = events_of_facts(facts, levels)
        return cls(levels, {name: Ledger.of(plan, events[name]) for name, plan in plans.items()}, climate=Climate.learn(facts))

    @classmethod
    def out_of_fold(cls, facts: Facts, folds: Mapping[str, int], *, vocabulary: Vocabulary) -> "History":
        """Learn from shipments whose times have no common order: each is answered from all folds but its own.

        ``folds`` gives the fold of shipments by id; a shipment without a fold (a new one) is answered from all of them. Every outcome weighs
        the same. Cohorts and visits hang on time and stay unknown.
        """
        levels = followed(vocabulary)
        plan = shipment_plan(levels)
        return cls(levels, {}, folds=Folds.of(plan, events_of_facts(facts, levels)["shipments"], folds))

    def add_columns(self, sink: ColumnSink, state: MomentState, *, until: int | None) -> None:
        """Add all columns of history and facilities; ``until`` (microseconds) freezes the history there."""
        if self.folds is not None:
            add_levels(sink, self.folds.plan, self.folds.answers(state))
            add_cohorts(sink, cohort_plan(), None, len(state))
            add_visits(sink, FACILITY_PLAN, None, state, self.clock(state, until))
            return
        at = self.clock(state, until)
        shipments, cohorts, visits = (self.ledgers[name] for name in LEDGERS)
        texts = key_texts(state.subjects.frame, shipments.plan.levels)
        add_levels(sink, shipments.plan, shipments.ask(at, shipment_codes(shipments, state, texts)))
        add_cohorts(sink, cohorts.plan, cohorts.ask(at, shipment_codes(cohorts, state, texts)), len(state))
        add_visits(sink, visits.plan, visits, state, at)

    def clock(self, state: MomentState, until: int | None) -> npt.NDArray[np.int64]:
        """Give the instants at which the history is asked: the moment, but never after the own delivery was known or the history ends.

        Raises `InvalidFact` for a moment before a snapshot: its past is folded away.
        """
        at = state.at
        own = own_delivery_known(state)
        at = np.where(own != UNKNOWN_TIME, np.minimum(at, own), at)
        for end in (until, self.until):
            if end is not None:
                at = np.minimum(at, end)
        since = max((ledger.since for ledger in self.ledgers.values()), default=UNKNOWN_TIME)
        if (len(at) and state.at.min() < since) or (until is not None and until < since):
            raise InvalidFact("a moment lies before this snapshot of the history; ask the full history, or a later moment.")
        return np.maximum(at, since)

    def snapshot(self, at: datetime) -> "History":
        """Fold everything known before ``at`` into plain states, small enough for a bundle, that answer moments from ``at`` on.

        Until `observe` tells it more, it answers every later moment as of ``at``.
        """
        until = micros(at)
        if self.folds is not None:
            return replace(self, folds=self.folds.everything())
        ledgers = {name: ledger.folded(until) for name, ledger in self.ledgers.items()}
        return replace(self, ledgers=ledgers, until=until, climate=self.climate.folded(until))

    def observe(self, facts: Facts, *, until: datetime | None = None) -> "History":
        """Add what became known since, up to ``until`` (default: the latest receipt among the facts), and move on to there.

        ``facts`` hold everything received by ``until`` of each shipment they hold, and every shipment with news (a scan, a
        promise, a plan) since the last time. The
        result answers moments from ``until`` on bit by bit as a history built from all facts at once would.
        """
        end = latest(facts) if until is None else micros(until)
        moved = self.replayed(facts)
        ledgers = {name: ledger.folded(end) for name, ledger in moved.ledgers.items()}
        climate = moved.climate.folded(end)
        return replace(self, ledgers=ledgers, until=max(end, self.until) if self.until is not None else end, climate=climate)

    def replayed(self, facts: Facts) -> "History":
        """Add what became known since, and answer every moment since this snapshot as of then; ``facts`` as for `observe`."""
        if self.folds is not None:
            raise InvalidFact("a history out of fold has no order in time to move on in; build it again.")
        events = events_of_facts(facts, self.optional)
        renewed = "s" + facts.shipments["shipment_id"]
        ledgers = {name: ledger.observed(events[name], renewed) for name, ledger in self.ledgers.items()}
        return replace(self, ledgers=ledgers, until=None, climate=self.climate.observed(facts))

    def to_arrays(self) -> dict[str, Any]:
        """Give the history as plain numpy arrays, numbers and JSON-like values, for joblib."""
        ledgers = {"folded": self.folds.ledger} if self.folds is not None else self.ledgers
        return {
            "format": FORMAT,
            "optional": list(self.optional),
            "until": self.until,
            "ledgers": {name: ledger_arrays(ledger) for name, ledger in ledgers.items()},
            "climate": self.climate.to_arrays(),
        }

    @classmethod
    def from_arrays(cls, plain: Mapping[str, Any]) -> "History":
        """Read what `to_arrays` gave; raises `InvalidFact` for another format. Folds are forgotten: all shipments count as new."""
        if plain.get("format") != FORMAT:
            raise InvalidFact(f"history format {plain.get('format')!r} is not {FORMAT}; train again with this version.")
        optional = tuple(plain["optional"])
        plans = {"shipments": shipment_plan(optional), "cohorts": cohort_plan(), "visits": FACILITY_PLAN, "folded": shipment_plan(optional)}
        ledgers = {name: ledger_of_arrays(plans[name], arrays) for name, arrays in plain["ledgers"].items()}
        climate = Climate.from_arrays(plain["climate"]) if "climate" in plain else Climate.nothing()
        if "folded" in ledgers:
            return cls(optional, {}, folds=Folds.read(ledgers["folded"]), climate=climate)
        return cls(optional, ledgers, plain["until"], climate=climate)


def events_of_facts(facts: Facts, optional: tuple[str, ...]) -> dict[str, Events]:
    """Give the events of every ledger that facts hold."""
    subjects = subjects_of(facts)
    scans = sorted_scans(subjects)
    outcomes = outcomes_of(scans)
    plan = shipment_plan(optional)
    shipments = shipment_events(subjects, outcomes, sorted_legs(subjects, scans.facility_ids), plan)
    return {
        "shipments": joined([shipments, lane_events(subjects, plan)], plan.levels),
        "cohorts": cohort_events(subjects, outcomes, cohort_plan()),
        "visits": visit_events(subjects, scans, FACILITY_PLAN),
    }


def latest(facts: Facts) -> int:
    """Give the last instant at which anything in the facts was received or created, in microseconds."""
    heard = [micros(end) for end in (facts.scans["received_at"].max(), facts.shipments["created_at"].max()) if isinstance(end, datetime)]
    if not heard:
        raise InvalidFact("facts without shipments and scans cannot be observed; give until.")
    return max(heard)
