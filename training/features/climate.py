"""Know what the weather is usually like at a place, in a month, at an hour of the day: what stands in for a forecast that is not there.

Learned from observations as they became available, so a question at a moment is answered from what was known strictly before it. A normal is the
mean of the month's observations in that part of the day (any year), shrunk to the decayed mean of the last weeks: with less than a year of
observations the last weeks speak, with several years the month does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.facts import Facts, empty
from training.features.climate_loop import NEVER, sweep_climate
from training.features.codes import Codes, floats, instants
from training.features.hours import HOUR
from training.features.weather_tables import VARIABLES

__all__ = ["Climate"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

BLOCK_HOURS: Final = 3
BLOCKS: Final = 24 // BLOCK_HOURS
MONTHS: Final = 12
WIDTH: Final = len(VARIABLES)
KEPT: Final = ("observation_id", "facility_id", "observed_at", "available_at", *VARIABLES)
"""Columns of an observation that are learned from; the direction of the wind has no mean."""


@dataclass(frozen=True, slots=True)
class Climate:
    """Hold decayed and monthly sums of observations before ``since``, and those that come after it.

    ``sums`` and ``counts`` are (facilities x 12 months x 8 parts of a UTC day, variables), ``recent`` and ``weights`` (facilities x 8, variables), faded
    to ``times`` (facilities x 8, microseconds). ``ids`` number the facilities. Later rows are sorted by (availability, observation, id).
    """

    ids: tuple[str, ...]
    sums: Real
    counts: Real
    recent: Real
    weights: Real
    times: Whole
    since: int
    later: pl.DataFrame

    @classmethod
    def nothing(cls) -> "Climate":
        """Know no place."""
        none = np.zeros((0, WIDTH))
        return cls((), none, none, none, none, np.zeros(0, dtype=np.int64), NEVER, ordered(empty("weather_observations").select(KEPT)))

    @classmethod
    def learn(cls, facts: Facts) -> "Climate":
        """Learn from all observations that the facts hold."""
        return cls.nothing().observed(facts)

    def observed(self, facts: Facts) -> "Climate":
        """Know more: observations that became available from ``since`` on; one that is known already counts once."""
        new = facts.weather_observations.select(KEPT)
        if new.height and self.since > NEVER:
            new = new.filter(pl.Series(instants(new["available_at"]) >= self.since))
        if new.is_empty():
            return self
        later = ordered(pl.concat([self.later, new]))
        strangers = sorted(set(later["facility_id"].unique().to_list()) - set(self.ids))
        more = len(strangers)
        return replace(
            self,
            ids=(*self.ids, *strangers),
            sums=np.concatenate([self.sums, np.zeros((more * MONTHS * BLOCKS, WIDTH))]),
            counts=np.concatenate([self.counts, np.zeros((more * MONTHS * BLOCKS, WIDTH))]),
            recent=np.concatenate([self.recent, np.zeros((more * BLOCKS, WIDTH))]),
            weights=np.concatenate([self.weights, np.zeros((more * BLOCKS, WIDTH))]),
            times=np.concatenate([self.times, np.full(more * BLOCKS, NEVER)]),
            later=later,
        )

    def folded(self, until: int) -> "Climate":
        """Fold observations available before an instant (microseconds); only later moments can be asked about from then on."""
        available = instants(self.later["available_at"])
        before = int(np.searchsorted(available, until, side="left"))
        nobody = np.empty(0, dtype=np.int64)
        _, sums, counts, recent, weights, times = self._sweep(before, nobody, nobody, nobody)
        return Climate(self.ids, sums, counts, recent, weights, times, max(until, self.since), self.later.slice(before))

    def normals(self, facility_ids: pl.Series, target: Whole, at: Whole) -> Real:
        """Give the usual weather (n, variables) at facilities at a target instant, as known strictly before ``at`` (both microseconds); NaN unknown."""
        facility = Codes(self.ids).of(facility_ids)
        if not len(at) or not self.ids:
            return np.full((len(at), WIDTH), np.nan)
        before = int(np.searchsorted(instants(self.later["available_at"]), at.max(), side="left"))
        return self._sweep(before, facility, target, at)[0]

    def to_arrays(self) -> dict[str, Any]:
        """Give plain arrays and lists. Places and months without an observation are left out; observations still to come are kept by column."""
        used = np.flatnonzero(self.counts.any(axis=1))
        later = {name: self.later[name].to_list() for name in ("observation_id", "facility_id")}
        return {
            "ids": list(self.ids),
            "used": used,
            "sums": self.sums[used],
            "counts": self.counts[used],
            **{name: getattr(self, name) for name in ("recent", "weights", "times")},
            "since": self.since,
            "later": {
                **later,
                "observed_at": instants(self.later["observed_at"]),
                "available_at": instants(self.later["available_at"]),
                "values": values_of(self.later),
            },
        }

    @classmethod
    def from_arrays(cls, plain: Mapping[str, Any]) -> "Climate":
        """Read what `to_arrays` gave."""
        ids = tuple(plain["ids"])
        sums, counts = np.zeros((len(ids) * MONTHS * BLOCKS, WIDTH)), np.zeros((len(ids) * MONTHS * BLOCKS, WIDTH))
        sums[plain["used"]], counts[plain["used"]] = plain["sums"], plain["counts"]
        kept = plain["later"]
        empty = cls.nothing().later
        times = {name: pl.Series(name, kept[name], dtype=pl.Int64).cast(empty.schema[name]) for name in ("observed_at", "available_at")}
        texts = {name: pl.Series(name, kept[name], dtype=pl.String) for name in ("observation_id", "facility_id")}
        numbers = {name: pl.Series(name, kept["values"][:, n], dtype=pl.Float64).fill_nan(None) for n, name in enumerate(VARIABLES)}
        later = pl.DataFrame({**texts, **times, **numbers}).select(KEPT)
        return cls(ids, sums, counts, plain["recent"], plain["weights"], plain["times"], plain["since"], later)

    def _sweep(self, before: int, facility: Whole, target: Whole, at: Whole) -> tuple[Real, Real, Real, Real, Real, Whole]:
        """Add the first observations to copies of the tables, answering on the way."""
        first = self.later.head(before)
        where, observed = Codes(self.ids).of(first["facility_id"]), instants(first["observed_at"])
        month, block = parts(observed)
        asked_month, asked_block = parts(target)
        sums, counts, recent, weights = (np.copy(table) for table in (self.sums, self.counts, self.recent, self.weights))
        times = np.copy(self.times)
        month_asked = np.where(facility < 0, -1, (facility * MONTHS + asked_month) * BLOCKS + asked_block)
        answers = sweep_climate(
            instants(first["available_at"]), observed, (where * MONTHS + month) * BLOCKS + block, where * BLOCKS + block, values_of(first),
            at, np.argsort(at, kind="stable"), month_asked, np.where(facility < 0, -1, facility * BLOCKS + asked_block),
            sums, counts, recent, weights, times,
        )  # fmt: skip
        return answers, sums, counts, recent, weights, times


def parts(at: Whole) -> tuple[Whole, Whole]:
    """Give the month (0..11) and the part of the UTC day (0..7) of instants."""
    month = at.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64) % MONTHS
    return month, at // (BLOCK_HOURS * HOUR) % BLOCKS


def ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Sort observations by when they became available (ties by observation, then id); a row id that comes twice counts once."""
    return rows.unique("observation_id", keep="first", maintain_order=True).sort("available_at", "observed_at", "observation_id")


def values_of(rows: pl.DataFrame) -> Real:
    """Give the variables side by side, NaN where unknown."""
    return np.ascontiguousarray(np.stack([floats(rows[name]) for name in VARIABLES], axis=1))
