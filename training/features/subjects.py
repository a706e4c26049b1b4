"""Line up what is asked about: each moment's shipment, and each shipment's own row."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.errors import NotFound
from data.facts.facts import Facts
from data.facts.moments import Moments
from data.facts.schema import attribute_columns
from training.features.codes import Codes, floats, instants

__all__ = ["Subjects", "subjects_of"]

PLACE = ("lat", "lon", "timezone", "region", "postal_code", "country")


@dataclass(frozen=True, slots=True)
class Subjects:
    """Hold *m* shipments and the *n* moments at which they are looked at.

    ``frame`` has one row a shipment, with ``ordered_at``, ``merchant`` and the order's attributes (named ``orders.attr_…``) beside its
    own, and where it comes ``from`` and goes ``to``; ``row[i]`` is the shipment of moment *i*, ``at[i]`` its instant in int64 microseconds. ``ids`` numbers the shipments,
    ``facility_ids`` the rows of ``facilities``.
    """

    facts: Facts
    frame: pl.DataFrame
    ids: Codes
    facilities: pl.DataFrame
    facility_ids: Codes
    row: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.at)

    @property
    def shipments(self) -> int:
        """Give the number of shipments."""
        return self.frame.height

    def instants(self, column: str) -> npt.NDArray[np.int64]:
        """Give an instant of every *moment's* shipment."""
        return instants(self.frame[column])[self.row]

    def floats(self, column: str) -> npt.NDArray[np.float64]:
        """Give a number of every *moment's* shipment, NaN where unknown."""
        return floats(self.frame[column])[self.row]

    def order_known(self) -> npt.NDArray[np.bool_]:
        """Say for every moment whether the order had been placed; its attributes count from then on."""
        ordered_at = self.instants("ordered_at")
        return (ordered_at <= self.at) & (ordered_at > np.iinfo(np.int64).min)


def subjects_of(facts: Facts, moments: Moments | None = None) -> Subjects:
    """Line up the shipments of some moments; without moments, all shipments and no moment.

    Nobody can look at a shipment before it exists: a moment before ``created_at`` (real data hold handovers before the purchase) is
    answered as of creation. Raises `NotFound` for a shipment that the facts do not hold.
    """
    shipments = facts.shipments
    wanted = None
    if moments is not None:
        wanted = pl.Series("shipment_id", moments.shipment_ids.tolist(), dtype=pl.String)
        distinct = wanted.unique()
        if distinct.len() < shipments.height:
            shipments = shipments.filter(pl.col("shipment_id").is_in(distinct.implode()))
    if shipments["shipment_id"].n_unique() < shipments.height:
        shipments = shipments.unique("shipment_id", keep="first")
    frame = shipments.sort("shipment_id").rename({name: f"shipments.{name}" for name in attribute_columns(shipments)})
    ids = Codes(frame["shipment_id"])
    row, at = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    if moments is not None and wanted is not None:
        row = ids.of(wanted)
        if (row < 0).any():
            missing = wanted[int(np.flatnonzero(row < 0)[0])]
            raise NotFound(f"shipment {missing!r} is not among the facts; ask for shipments that have been created.")
        at = np.maximum(moments.at, instants(frame["created_at"])[row])
    facilities = facts.facilities.sort("facility_id")
    if facilities["facility_id"].n_unique() < facilities.height:
        facilities = facilities.unique("facility_id", keep="first", maintain_order=True)
    frame = frame.join(orders_of(facts, frame), on="order_id", how="left", maintain_order="left")
    return Subjects(facts, with_places(frame, facilities), ids, facilities, Codes(facilities["facility_id"]), row, at)


def with_places(shipments: pl.DataFrame, facilities: pl.DataFrame) -> pl.DataFrame:
    """Add where each shipment comes ``from`` and goes ``to`` (``from.lat`` … ``to.country``): its address, or else that of its facility."""
    known = facilities.select("facility_id", *PLACE)
    for end, name in (("origin", "from"), ("destination", "to")):
        at_facility = known.rename({column: f"{name}.{column}" for column in PLACE})
        shipments = shipments.join(at_facility, left_on=f"{end}_facility_id", right_on="facility_id", how="left", maintain_order="left")
        shipments = shipments.with_columns(pl.coalesce(f"{end}_{column}", f"{name}.{column}").alias(f"{name}.{column}") for column in PLACE)
    return shipments


def orders_of(facts: Facts, shipments: pl.DataFrame) -> pl.DataFrame:
    """Give the orders of some shipments, one row each, their attributes renamed ``orders.attr_…``."""
    orders = facts.orders
    if shipments.height < orders.height:
        orders = orders.filter(pl.col("order_id").is_in(shipments["order_id"].unique().implode()))
    if orders["order_id"].n_unique() < orders.height:
        orders = orders.unique("order_id", keep="first")
    return orders.rename({name: f"orders.{name}" for name in attribute_columns(orders)})
