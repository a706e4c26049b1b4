"""Hold outcomes as events: when they became known, of what kind, how large, under which keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from training.features.codes import Codes

__all__ = ["Events", "Owners", "events_of", "joined", "together"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Owners:
    """Hold what events speak of: their ``ids`` and, for every level, the texts of their ``keys`` (null where unknown)."""

    ids: pl.Series
    keys: Mapping[str, pl.Series]

    def taken(self, rows: Whole) -> "Owners":
        """Give some owners, by position."""
        return Owners(self.ids.gather(rows), {level: texts.gather(rows) for level, texts in self.keys.items()})


@dataclass(frozen=True, slots=True)
class Events:
    """Hold *n* events of some owners.

    ``time`` (microseconds) is when each became known, ``owner`` the row of its owner, ``number`` tells events of one owner and kind apart,
    ``hour`` is the code of its ``start_week_hour`` (-2 unknown). The total order is (time, id of the owner, kind, number).
    """

    owners: Owners
    time: Whole
    owner: Whole
    kind: Whole
    number: Whole
    value: Real
    weight: Real
    hour: Whole

    def __len__(self) -> int:
        return len(self.time)

    def taken(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> "Events":
        """Give some events, by position or mask; the owners stay."""
        vectors = (getattr(self, name)[rows] for name in ("time", "owner", "kind", "number", "value", "weight", "hour"))
        return Events(self.owners, *vectors)

    def sorted(self) -> "Events":
        """Give the events in their total order; the same event twice counts once."""
        if not len(self):
            return self
        rank = Codes(self.owners.ids.unique().sort()).of(self.owners.ids)[self.owner]
        order = np.lexsort((self.number, self.kind, rank, self.time))
        key = np.stack([self.time[order], rank[order], self.kind[order], self.number[order]])
        new = np.concatenate([[True], (key[:, 1:] != key[:, :-1]).any(axis=0)])
        return self.taken(order[new])

    def compact(self) -> "Events":
        """Forget owners without events."""
        used, row = np.unique(self.owner, return_inverse=True)
        return replace(self, owners=self.owners.taken(used), owner=row.astype(np.int64))


def joined(parts: Sequence[Events], levels: Sequence[str]) -> Events:
    """Put events one after another."""
    shift = np.cumsum([0, *(part.owners.ids.len() for part in parts)])
    keys = {level: pl.concat([part.owners.keys[level].cast(pl.String).rename(level) for part in parts]) for level in levels}
    owners = Owners(pl.concat([part.owners.ids.rename("owner") for part in parts]), keys)
    vectors = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in ("time", "kind", "number", "value", "weight", "hour")
    }
    owner = np.concatenate([part.owner + shift[n] for n, part in enumerate(parts)])
    return Events(owners, owner=owner, **vectors)


def events_of(
    owners: Owners,
    owner: Whole,
    time: Whole,
    kind: int,
    value: Real,
    *,
    weight: Real | None = None,
    hour: Whole | None = None,
    number: int = 0,
) -> Events:
    """Make events of one kind; without a weight each counts once."""
    n = len(owner)
    return Events(
        owners,
        time,
        owner,
        np.full(n, kind, dtype=np.int64),
        np.full(n, number, dtype=np.int64),
        value,
        np.ones(n) if weight is None else weight,
        np.full(n, -2, dtype=np.int64) if hour is None else np.where(hour < 0, -2, hour),
    )


def together(owners: Owners, parts: Sequence[Events]) -> Events:
    """Put events of the same owners one after another."""
    names = ("time", "owner", "kind", "number", "value", "weight", "hour")
    if not parts:
        none = np.empty(0, dtype=np.int64)
        return events_of(owners, none, none, 0, np.empty(0))
    return Events(owners, *(np.concatenate([getattr(part, name) for part in parts]) for name in names))
