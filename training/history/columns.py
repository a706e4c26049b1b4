"""Turn levels into columns: each relative to the current global level, and the global level by itself."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from training.features.matrix import ColumnSink
from training.features.moment_state import MomentState
from training.history.keys import pair, start_week_hours
from training.history.ledger import Answers, Ledger
from training.history.ledger_loops import NO_KEY
from training.history.levels import DAY_HOURS, REFERENCE, START_HOUR, START_WEEK_HOUR, Kind, Plan
from training.history.outcomes import outcomes_of

__all__ = ["add_cohorts", "add_levels", "add_visits", "own_delivery_known", "shipment_codes"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


def own_delivery_known(state: MomentState) -> Whole:
    """Give for every moment when the delivery of its shipment first became known (microseconds), `UNKNOWN_TIME` where it never did."""
    return outcomes_of(state.scans).delivered_known_at[state.row]


def shipment_codes(ledger: Ledger, state: MomentState, texts: Mapping[str, pl.Series]) -> npt.NDArray[np.int32]:
    """Give the codes (n, levels) of every moment's keys; ``texts`` come from `training.history.keys.key_texts`."""
    codes = ledger.codes_of({level: texts[level] for level in ledger.plan.levels})[state.row]
    if START_HOUR in ledger.plan.levels:
        hour = start_week_hours(state.subjects, state.row, state.starts)
        codes[:, ledger.plan.levels.index(START_HOUR)] = np.where(hour < 0, NO_KEY, hour % 24)
        codes[:, ledger.plan.levels.index(START_WEEK_HOUR)] = np.where(hour < 0, NO_KEY, hour)
    return codes


def relative(kind: Kind, fast: Real, slow: Real) -> Real:
    """Compare two levels of a kind: by division for durations, else by subtraction."""
    if not kind.ratio:
        return fast - slow
    return np.where(slow > 0, fast / np.where(slow > 0, slow, 1.0), np.nan)


def length(hours: float) -> str:
    """Give a half-life as text: ``3h``, ``60d``."""
    return f"{hours:g}h" if hours < DAY_HOURS else f"{hours / DAY_HOURS:g}d"


def add_levels(sink: ColumnSink, plan: Plan, answers: Answers) -> None:
    """Add for every kind the global level, its short against its long mean, and each key's level relative to the global one."""
    position = supported = 0
    for number, kind in enumerate(plan.kinds):
        raw = answers.raw[:, number]
        sink.add("history", f"{kind.name}.level", raw[:, REFERENCE], monotone=kind.monotone)
        sink.add("history", f"{kind.name}.5d_to_60d", relative(kind, raw[:, 0], raw[:, 2]), monotone=kind.monotone)
        sink.add("history", f"{kind.name}.20d_to_60d", relative(kind, raw[:, 1], raw[:, 2]), monotone=kind.monotone)
        for track in kind.tracks:
            for hours in track.half_lives:
                sink.add("history", f"{kind.name}.{track.level}.{length(hours)}", answers.level[:, position], monotone=kind.monotone)
                if track.support:
                    sink.add("history", f"{kind.name}.{track.level}.{length(hours)}.support", answers.support[:, supported])
                    supported += 1
                position += 1


def add_cohorts(sink: ColumnSink, plan: Plan, answers: Answers | None, rows: int) -> None:
    """Add the delivered shares of the last days against the slow ones; NaN without answers."""
    position = 0
    unknown = np.full(rows, np.nan)
    for number, kind in enumerate(plan.kinds):
        fast = unknown if answers is None else relative(kind, answers.raw[:, number, 0], answers.raw[:, number, 2])
        sink.add("history", f"{kind.name}.5d_to_60d", fast, monotone=kind.monotone)
        for track in kind.tracks:
            for hours in track.half_lives:
                if track.level != "all":
                    values = unknown if answers is None else answers.level[:, position]
                    sink.add("history", f"{kind.name}.{track.level}.{length(hours)}", values, monotone=kind.monotone)
                position += 1


def add_visits(sink: ColumnSink, plan: Plan, ledger: Ledger | None, state: MomentState, at: Whole) -> None:
    """Add for the last known, the next and the last facility of the way its slow level, and its last day against it."""
    stops, rows = places(state), len(state)
    facility, onward = (np.concatenate([stop[part] for stop in stops]) for part in (1, 2))
    unknown = np.full((len(stops) * rows, len(plan.slots())), np.nan)
    found = unknown if ledger is None else ledger.ask(np.tile(at, len(stops)), facility_codes(ledger, state, facility, onward)).level
    position = {(kind.name, track.level, hours): slot for slot, (kind, track, hours) in enumerate(plan.slots())}
    for number, (name, _, _) in enumerate(stops):
        level = found[number * rows : (number + 1) * rows]
        for kind in plan.kinds:
            slow = level[:, position[kind.name, "facility", 20 * DAY_HOURS]]
            fast = level[:, position[kind.name, "facility", DAY_HOURS]]
            sink.add("facility", f"{name}.{kind.name}.20d", slow, monotone=kind.monotone)
            sink.add("facility", f"{name}.{kind.name}.1d_to_20d", relative(kind, fast, slow), monotone=kind.monotone)
        if name == "here":
            sink.add("facility", "here.hop_to_next.20d", level[:, position["hop", "hop", 20 * DAY_HOURS]], monotone=1)


def places(state: MomentState) -> tuple[tuple[str, Whole, Whole], ...]:
    """Give the facilities asked about, and the next one after each."""
    plan, numbers = state.plan, state.scans.facility_ids
    origin = numbers.of(state.subjects.frame["origin_facility_id"])[state.row]
    destination = numbers.of(state.subjects.frame["destination_facility_id"])[state.row]
    here = np.where(state.journeys.facility >= 0, state.journeys.facility, origin)
    last = np.where(destination >= 0, destination, plan.last_from)
    nowhere = np.full(len(state), -1, dtype=np.int64)
    return (("here", here, plan.next_facility), ("next", plan.next_facility, nowhere), ("last", last, nowhere))


def facility_codes(ledger: Ledger, state: MomentState, facility: Whole, onward: Whole) -> npt.NDArray[np.int32]:
    """Give the codes of numbered facilities, and of the hop from each to the next."""
    texts = state.scans.facility_ids.texts
    where, to = texts_of(texts, facility), texts_of(texts, onward)
    hop = pl.DataFrame({"from": where, "to": to}).select(pair(pl.col("from"), pl.col("to")).alias("hop"))["hop"]
    return ledger.codes_of({"all": pl.select(pl.repeat("all", len(facility))).to_series(), "facility": where, "hop": hop})


def texts_of(texts: pl.Series, position: Whole) -> pl.Series:
    """Give ``texts[position]``, null where the position is -1."""
    if not texts.len():
        return pl.Series([None] * len(position), dtype=pl.String)
    found = pl.Series(np.maximum(position, 0))
    return texts.gather(found.set(pl.Series(position < 0), None)) if (position < 0).any() else texts.gather(found)
