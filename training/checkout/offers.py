"""Know which services run on a lane, and which facility delivers where: read from past shipments, for questions about shipments that do not exist."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from data.domain.places import Place

__all__ = ["Offer", "OfferBook", "area_of"]

AREA_DIGITS = 3
"""Leading characters of a postal code that name an area (US: a sectional centre); the same as in the history's keys."""
ANYWHERE = ""


@dataclass(frozen=True, slots=True, order=True)
class Offer:
    """Hold one service level of one carrier."""

    carrier: str
    service: str


@dataclass(frozen=True, slots=True)
class OfferBook:
    """Hold what past shipments showed of the network: plain text keys, no single shipment.

    ``services`` maps a lane (origin and destination, `key`) to carrier, service and number of shipments; ``facilities`` maps a carrier and a
    destination area to the facility that delivers most there. An empty end stands for all.
    """

    services: dict[str, list[tuple[str, str, int]]]
    facilities: dict[str, str]

    @classmethod
    def of(cls, shipments: pl.DataFrame) -> "OfferBook":
        """Read the book from a table of shipments; nothing but the rows given is used, so give those created by the cut."""
        named = shipments.with_columns(origin=origin_key(), region=pl.col("destination_region").fill_null(ANYWHERE), area=area_key())
        services: dict[str, list[tuple[str, str, int]]] = {}
        for columns in (("origin", "region"), ("origin",), ()):
            counted = (
                named.group_by(*columns, "carrier", "service").len().sort("len", "carrier", "service", descending=[True, False, False])
            )
            for row in counted.filter(pl.all_horizontal([pl.col(name) != ANYWHERE for name in columns] or [True])).iter_rows(named=True):
                lane = key(*(row[name] if name in columns else ANYWHERE for name in ("origin", "region")))
                services.setdefault(lane, []).append((row["carrier"], row["service"], row["len"]))
        served = named.filter(pl.col("destination_facility_id").is_not_null() & pl.col("area").is_not_null())
        most = (
            served.group_by("carrier", "area", "destination_facility_id")
            .len()
            .sort("len", "destination_facility_id", descending=[True, False])
            .group_by("carrier", "area", maintain_order=True)
            .first()
        )
        return cls(services, {key(row["carrier"], row["area"]): row["destination_facility_id"] for row in most.iter_rows(named=True)})

    def offers(self, origin_facility_id: str | None, origin: Place, destination: Place) -> tuple[Offer, ...]:
        """Give the services known on a lane, the most used first; on an unknown lane those from its origin, else all that are known."""
        start = origin_facility_id or origin.city or origin.region or ANYWHERE
        ends = ((start, destination.region or ANYWHERE), (start, ANYWHERE), (ANYWHERE, ANYWHERE))
        found: list[tuple[str, str, int]] = next((self.services[key(*lane)] for lane in ends if key(*lane) in self.services), [])
        return tuple(Offer(carrier, service) for carrier, service, _ in found)

    def all_offers(self) -> tuple[Offer, ...]:
        """Give every service that is known anywhere, the most used first."""
        return self.offers(None, Place(), Place())

    def facility(self, carrier: str, destination: Place) -> str | None:
        """Give the facility from which a carrier delivers in an area; ``None`` where none is known."""
        area = area_of(destination)
        return None if area is None else self.facilities.get(key(carrier, area))

    def facility_column(self) -> pl.Expr:
        """Give `facility` for each row of a table of shipments."""
        joined = pl.concat_str("carrier", area_key(), separator="\x1f")
        return joined.replace_strict(self.facilities, default=None, return_dtype=pl.String)

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {"services": {lane: list(found) for lane, found in self.services.items()}, "facilities": dict(self.facilities)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "OfferBook":
        """Make it again of plain data."""
        return cls({lane: [tuple(one) for one in found] for lane, found in state["services"].items()}, dict(state["facilities"]))


def key(*parts: str) -> str:
    return "\x1f".join(parts)


def area_of(place: Place) -> str | None:
    """Name the area of a place: the beginning of its postal code, else its region; ``None`` where neither is known."""
    return f"z{place.postal_code[:AREA_DIGITS]}" if place.postal_code else f"r{place.region}" if place.region else None


def area_key() -> pl.Expr:
    postal = pl.lit("z") + pl.col("destination_postal_code").str.slice(0, AREA_DIGITS)
    return pl.coalesce(postal, pl.lit("r") + pl.col("destination_region"))


def origin_key() -> pl.Expr:
    return pl.coalesce("origin_facility_id", "origin_city", "origin_region", pl.lit(ANYWHERE))
