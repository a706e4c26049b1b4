"""Learn which declared attributes exist, of which kind they are, and which categories they hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import polars as pl

from data.domain.errors import InvalidFact
from data.facts.facts import Facts
from data.facts.schema import attribute_columns
from training.features.departures import Departures, weekly_departures

__all__ = ["Vocabulary"]

MOST_CATEGORIES = 100
"""A column with more categories gives no code column: trees would learn it by heart. Its shrunk history stands for it."""

ENTITY_FROM = 13
"""A declared attribute with at least this many categories (rider, vendor, product …) is followed in the history."""

RAREST = 20
"""Categories seen less often share the code of the unseen ones."""

SHARED_BY = 2.0
"""An entity that names fewer shipments than this on average is an id: nothing can be learnt for it."""

BUILT_IN = ("carrier", "service", "origin_region", "destination_region", "origin_country", "destination_country")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Hold what the columns of a feature matrix depend on, and nothing else does.

    Attributes are named ``table.column``. ``categories[name]`` lists the texts with codes 0, 1, 2 …; a text that is not listed has
    the code ``len(categories[name])``, null is NaN. ``numbers`` hold numeric and boolean attributes, ``instants`` dates,
    ``entities`` the categorical ones with many values; ``varied`` names carrier, service and merchant where there is more than one.
    ``departures`` are the weekly departures of every hop that is planned.
    """

    numbers: tuple[str, ...]
    instants: tuple[str, ...]
    entities: tuple[str, ...]
    varied: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]
    departures: Departures = field(default_factory=Departures.nothing)

    @classmethod
    def learn(cls, facts: Facts, *, until: datetime | None = None) -> "Vocabulary":
        """Read the kinds and categories from facts; ``until`` leaves out what was created or received from then on."""
        frames = {
            "orders": before(facts.orders, "ordered_at", until),
            "shipments": before(facts.shipments, "created_at", until),
        }
        numbers, dates, entities = [], [], []
        categories: dict[str, tuple[str, ...]] = {}
        for table, frame in frames.items():
            for column in attribute_columns(frame):
                name, series = f"{table}.{column}", frame[column]
                if series.dtype.is_numeric() or series.dtype == pl.Boolean:
                    numbers.append(name)
                elif isinstance(series.dtype, pl.Datetime | pl.Date):
                    dates.append(name)
                elif isinstance(series.dtype, pl.String | pl.Categorical | pl.Enum):
                    texts = series.cast(pl.String).drop_nulls()
                    distinct = texts.n_unique()
                    if distinct <= MOST_CATEGORIES:
                        categories[name] = frequent(texts)
                    if distinct >= ENTITY_FROM and texts.len() >= SHARED_BY * distinct:
                        entities.append(name)
        for column in BUILT_IN:
            categories[f"shipments.{column}"] = frequent(frames["shipments"][column].drop_nulls())
        categories["orders.merchant"] = frequent(frames["orders"]["merchant"].drop_nulls())
        categories["legs.mode"] = frequent(before(facts.legs, "known_at", until)["mode"])
        categories["scans.raw_code"] = frequent(before(facts.scans, "received_at", until)["raw_code"].drop_nulls())
        named = {
            "carrier": frames["shipments"]["carrier"],
            "service": frames["shipments"]["service"],
            "merchant": frames["orders"]["merchant"],
        }
        varied = tuple(name for name, texts in named.items() if texts.drop_nulls().n_unique() > 1)
        planned = weekly_departures(replace(facts, legs=before(facts.legs, "known_at", until)))
        return cls(tuple(numbers), tuple(dates), tuple(entities), varied, categories, planned)

    def to_dict(self) -> dict[str, Any]:
        """Give the vocabulary as plain JSON values."""
        return {
            "numbers": list(self.numbers),
            "instants": list(self.instants),
            "entities": list(self.entities),
            "varied": list(self.varied),
            "categories": {name: list(texts) for name, texts in self.categories.items()},
            "departures": self.departures.to_dict(),
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Vocabulary":
        """Read what `to_dict` gave; raises `InvalidFact` when a part is missing."""
        try:
            return cls(
                tuple(plain["numbers"]),
                tuple(plain["instants"]),
                tuple(plain["entities"]),
                tuple(plain["varied"]),
                {name: tuple(texts) for name, texts in plain["categories"].items()},
                Departures.from_dict(plain.get("departures", {})),  # added later, so it may be absent
            )
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise InvalidFact(
                f"a vocabulary needs numbers, instants, entities, varied and categories ({problem!r}); train again."
            ) from problem


def before(frame: pl.DataFrame, clock: str, until: datetime | None) -> pl.DataFrame:
    return frame if until is None else frame.filter(pl.col(clock) < until)


def frequent(texts: pl.Series) -> tuple[str, ...]:
    """Give the texts that are frequent enough for a code, the most frequent `MOST_CATEGORIES` of them, sorted by text.

    Small data gets a lower bar: a twentieth of a percent of the rows, at least one.
    """
    if texts.len() == 0:
        return ()
    rarest = min(RAREST, max(1, texts.len() // 2000))
    counted = pl.DataFrame({"text": texts.cast(pl.String)}).group_by("text").len().filter(pl.col("len") >= rarest)
    most = counted.sort(["len", "text"], descending=[True, False]).head(MOST_CATEGORIES)
    return tuple(most["text"].sort().to_list())
