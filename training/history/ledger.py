"""Keep the decayed levels of one plan: what is folded in already, and the events still to come."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from training.features.codes import Codes
from training.history.events import Events, joined
from training.history.ledger_loops import NEVER, NO_KEY, UNSEEN, sweep
from training.history.levels import RAW_HOURS, START_HOUR, START_WEEK_HOUR, Plan, flat

__all__ = ["Answers", "Ledger", "States"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
MANY = 500
"""From this many texts on, numbering them together is faster than one by one."""


@dataclass(frozen=True, slots=True)
class States:
    """Hold decayed sums. Slot *s* of the plan owns ``offset[s]:offset[s + 1]``, one place for each code of its level; ``raw_…`` is (kinds x half-lives).

    ``times`` (and ``raw_times``, by kind) is when a sum was last touched, in microseconds.
    """

    offset: Whole
    sums: Real
    weights: Real
    times: Whole
    raw_sums: Real
    raw_weights: Real
    raw_times: Whole


@dataclass(frozen=True, slots=True)
class Answers:
    """Hold the levels found at *n* moments: ``raw`` (n, kinds, half-lives of `RAW_HOURS`), ``level`` (n, slots) and ``support`` (n, slots with support).

    NaN = nothing known.
    """

    raw: Real
    level: Real
    support: Real


@dataclass(frozen=True, slots=True)
class Ledger:
    """Hold one plan's levels. ``states`` hold every event before ``since``; ``events`` (sorted) come after. ``keys`` number each level's texts."""

    plan: Plan
    keys: Mapping[str, Mapping[str, int]]
    states: States
    events: Events
    codes: npt.NDArray[np.int32]
    since: int

    @classmethod
    def of(cls, plan: Plan, events: Events) -> "Ledger":
        """Make a ledger of events alone."""
        nothing = events.taken(np.empty(0, dtype=np.int64)).compact()
        return cls(plan, {level: {} for level in plan.levels}, no_states(plan), nothing, no_codes(plan), int(NEVER)).with_events(events)

    def with_events(self, events: Events) -> "Ledger":
        """Replace the events to come; new keys get new numbers."""
        ordered = events.taken(events.time >= self.since).sorted()
        keys = {level: numbered(level, self.keys[level], ordered.owners.keys[level]) for level in self.plan.levels}
        ledger = replace(self, keys=keys, events=ordered, states=grown(self.states, self.plan, keys))
        codes = ledger.codes_of(ordered.owners.keys)[ordered.owner]
        if START_HOUR in self.plan.levels:
            codes[:, self.plan.levels.index(START_HOUR)] = np.where(ordered.hour < 0, NO_KEY, ordered.hour % 24)
            codes[:, self.plan.levels.index(START_WEEK_HOUR)] = ordered.hour
        return replace(ledger, codes=codes)

    def codes_of(self, texts: Mapping[str, pl.Series]) -> npt.NDArray[np.int32]:
        """Give the codes (n, levels) of some keys."""
        height = next(iter(texts.values())).len()
        codes = np.empty((height, len(self.plan.levels)), dtype=np.int32)
        for number, level in enumerate(self.plan.levels):
            codes[:, number] = code(self.keys[level], texts[level])
        return codes

    def ask(self, time: Whole, codes: npt.NDArray[np.int32]) -> Answers:
        """Give the levels from all events strictly before each moment (microseconds, none before ``since``) under its keys' codes."""
        before = int(np.searchsorted(self.events.time, time.max(), side="left")) if len(time) else 0
        raw, level, support = self._sweep(copied(self.states) if before else self.states, before, time, codes)
        return Answers(raw.reshape(len(time), len(self.plan.kinds), len(RAW_HOURS)), level, support)

    def folded(self, until: int) -> "Ledger":
        """Fold the events before an instant (microseconds) into the states; only later moments can be asked about from then on."""
        before = int(np.searchsorted(self.events.time, until, side="left"))
        states = self.states
        if before:
            states = copied(states)
            self._sweep(states, before, np.empty(0, dtype=np.int64), no_codes(self.plan))
        later = self.events.taken(np.arange(before, len(self.events))).compact()
        return replace(self, states=states, events=later, codes=self.codes[before:], since=max(until, self.since))

    def observed(self, events: Events, renewed: pl.Series) -> "Ledger":
        """Replace what was still to come of the renewed owners by the events known now."""
        gone = self.events.owners.ids.is_in(renewed.unique().implode()).to_numpy()
        kept = self.events.taken(~gone[self.events.owner])
        return self.with_events(joined([kept, events], self.plan.levels))

    def _sweep(self, states: States, before: int, time: Whole, codes: npt.NDArray[np.int32]) -> tuple[Real, Real, Real]:
        """Fold the first events into ``states`` in place, answering on the way."""
        plan = flat(self.plan)
        return sweep(
            self.events.time[:before], self.events.kind[:before], self.events.value[:before], self.events.weight[:before], self.codes[:before],
            time, codes, np.argsort(time, kind="stable"),
            plan.level, plan.parent, plan.hours, plan.pseudo, plan.support, plan.kind_first, plan.kind_slots, plan.kind_ratio, np.array(RAW_HOURS),
            states.offset, states.sums, states.weights, states.times, states.raw_sums, states.raw_weights, states.raw_times,
        )  # fmt: skip


def no_states(plan: Plan) -> States:
    kinds, raws = len(plan.kinds), len(plan.kinds) * len(RAW_HOURS)
    offset = np.zeros(len(plan.slots()) + 1, dtype=np.int64)
    never = np.full(kinds, NEVER, dtype=np.int64)
    return States(offset, np.empty(0), np.empty(0), np.empty(0, dtype=np.int64), np.zeros(raws), np.zeros(raws), never)


def no_codes(plan: Plan) -> npt.NDArray[np.int32]:
    return np.empty((0, len(plan.levels)), dtype=np.int32)


def copied(states: States) -> States:
    """Copy what a sweep changes."""
    return States(
        states.offset, *(np.copy(getattr(states, name)) for name in ("sums", "weights", "times", "raw_sums", "raw_weights", "raw_times"))
    )


def grown(states: States, plan: Plan, keys: Mapping[str, Mapping[str, int]]) -> States:
    """Give every slot a place for each key of its level."""
    sizes = [len(keys[track.level]) for _, track, _ in plan.slots()]
    offset = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    if np.array_equal(offset, states.offset):
        return states
    sums, weights, times = np.zeros(offset[-1]), np.zeros(offset[-1]), np.full(offset[-1], NEVER, dtype=np.int64)
    for slot in range(len(sizes)):
        old = slice(states.offset[slot], states.offset[slot + 1])
        new = slice(offset[slot], offset[slot] + old.stop - old.start)
        sums[new], weights[new], times[new] = states.sums[old], states.weights[old], states.times[old]
    return replace(states, offset=offset, sums=sums, weights=weights, times=times)


def numbered(level: str, known: Mapping[str, int], texts: pl.Series) -> Mapping[str, int]:
    """Give new texts the next numbers. The hours of the day and of the week are numbered by themselves."""
    if level in {START_HOUR, START_WEEK_HOUR}:
        return {str(hour): hour for hour in range(24 if level == START_HOUR else 168)}
    new = [text for text in texts.drop_nulls().unique(maintain_order=True).to_list() if text not in known]
    return known if not new else {**known, **{text: len(known) + n for n, text in enumerate(new)}}


def code(known: Mapping[str, int], texts: pl.Series) -> npt.NDArray[np.int32]:
    """Give the number of each text, -1 for an unseen one, `NO_KEY` for null."""
    if texts.len() < MANY:
        return np.array([NO_KEY if text is None else known.get(text, UNSEEN) for text in texts.to_list()], dtype=np.int32)
    return np.where(texts.is_null().to_numpy(), NO_KEY, Codes(known).of(texts)).astype(np.int32)
