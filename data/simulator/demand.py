"""Draw what customers order: when, from whom, to where, by which service, and what is in the box."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from data.reference.destinations import destinations
from data.reference.roads import LOCAL_CIRCUITY
from data.simulator.clock import SimulatorClock
from data.simulator.network import Network

__all__ = ["CATEGORIES", "CHANNELS", "MERCHANTS", "Demand", "Merchant", "demand_of"]

HOUR_SHARES = np.array(
    [1.6, 1.0, 0.7, 0.5, 0.5, 0.7, 1.4, 2.4, 3.6, 4.6, 5.3, 5.6, 5.7, 5.5, 5.4, 5.3, 5.2, 5.2, 5.4, 5.9, 6.4, 6.2, 4.8, 2.9]
)
"""Orders by hour in Central time: a plateau over the working day and a second top in the evening (our choice)."""
WEEKDAY_SHARES = np.array([1.14, 1.07, 1.02, 0.99, 0.93, 0.86, 0.99])
REACH_KM = 320.0
"""Postal codes farther than this from every delivery station are not served."""
CITY_KM = 35.0
CATEGORIES = ("apparel", "books", "electronics", "home", "beauty", "outdoor")
CHANNELS = ("web", "app", "marketplace")


@dataclass(frozen=True, slots=True)
class Merchant:
    """Hold an invented shop: its share of orders, its warehouses, what it sells, how long it packs and how much it pads its promise."""

    name: str
    share: float
    warehouses: tuple[str, ...]
    category: str
    handling_minutes: float
    pad_days: int


MERCHANTS = (
    Merchant("Northlight Books", 0.18, ("ABE-W", "RNO-W"), "books", 100, 1),
    Merchant("Kettle & Kin", 0.17, ("CMH-W", "MCD-W", "SBD-W"), "home", 170, 0),
    Merchant("Voltgarage", 0.16, ("AFW-W", "RNO-W", "IND-W"), "electronics", 130, 0),
    Merchant("Harbor Thread", 0.2, ("ABE-W", "MCD-W", "SBD-W", "IND-W"), "apparel", 120, 0),
    Merchant("Fernway", 0.15, ("CMH-W", "AFW-W"), "beauty", 110, 1),
    Merchant("Trailmark Outfitters", 0.14, ("RNO-W", "IND-W", "MCD-W"), "outdoor", 190, 0),
)


@dataclass(frozen=True, slots=True)
class Demand:
    """Hold orders and their shipments as columns; instants in minutes. ``order[i]`` is the order of shipment *i*, ascending."""

    ordered: npt.NDArray[np.float64]
    merchant: npt.NDArray[np.int64]
    channel: npt.NDArray[np.int64]
    order: npt.NDArray[np.int64]
    created: npt.NDArray[np.float64]
    warehouse: npt.NDArray[np.int64]
    station: npt.NDArray[np.int64]
    service: npt.NDArray[np.int64]
    zip_row: npt.NDArray[np.int64]
    local_km: npt.NDArray[np.float64]
    business: npt.NDArray[np.bool_]
    signature: npt.NDArray[np.bool_]
    fragile: npt.NDArray[np.bool_]
    weight_kg: npt.NDArray[np.float64]
    value_usd: npt.NDArray[np.float64]
    parcels: npt.NDArray[np.int64]
    served: pl.DataFrame


def peak_factor(clock: SimulatorClock) -> npt.NDArray[np.float64]:
    """Give demand of each day against a plain one: from mid-November to 21 December +45 %, with a top after Thanksgiving."""
    out = np.ones(clock.days)
    for d, day in enumerate(clock.dates):
        if (11, 14) <= (day.month, day.day) <= (12, 21):
            out[d] = 1.45
        if (11, 26) <= (day.month, day.day) <= (12, 4):
            out[d] = 1.8
    return out


def order_minutes(clock: SimulatorClock, orders: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Draw order times, ascending, by weekday, hour, season and a slow random swell."""
    swell = np.zeros(clock.days)
    shocks = rng.normal(0, 0.06, clock.days)
    for d in range(1, clock.days):
        swell[d] = 0.8 * swell[d - 1] + shocks[d]
    by_day = WEEKDAY_SHARES[clock.weekday] * peak_factor(clock) * np.exp(swell)
    by_hour = (by_day[:, None] * np.roll(HOUR_SHARES, 6)[None, :]).ravel()  # Central time is about UTC - 6
    edges = np.arange(clock.hours + 1) * 60.0
    mass = np.concatenate([[0.0], np.cumsum(by_hour)])
    low, high = np.interp([clock.start_minute, clock.until_minute], edges, mass)
    return np.asarray(np.interp(np.sort(rng.uniform(low, high, orders)), mass, edges))


def served_area(network: Network) -> pl.DataFrame:
    """Give the served postal codes with their station, straight distance (km) and weight in demand."""
    zips = destinations()
    lat, lon = np.radians(zips["lat"].to_numpy())[:, None], np.radians(zips["lon"].to_numpy())[:, None]
    at_lat, at_lon = np.radians(network.lat[network.stations])[None, :], np.radians(network.lon[network.stations])[None, :]
    half = np.sin((lat - at_lat) / 2) ** 2 + np.cos(lat) * np.cos(at_lat) * np.sin((lon - at_lon) / 2) ** 2
    km = 2 * 6371.0 * np.arcsin(np.sqrt(half))
    nearest = km.argmin(axis=1)
    frame = zips.with_columns(station=network.stations[nearest], km=km[np.arange(len(km)), nearest]).filter(pl.col("km") <= REACH_KM)
    frame = frame.with_columns(draw=(-pl.col("km") / CITY_KM).exp() + 0.012)
    people = pl.Series(network.population[frame["station"].to_numpy()])
    return frame.with_columns(weight=pl.col("draw") / pl.col("draw").sum().over("station") * people)


def pick(rng: np.random.Generator, weights: npt.NDArray[np.float64], n: int) -> npt.NDArray[np.int64]:
    """Draw indices by weight."""
    mass = np.cumsum(weights)
    return np.asarray(np.minimum(np.searchsorted(mass, rng.random(n) * mass[-1], side="right"), len(weights) - 1)).astype(np.int64)


def warehouses_of(network: Network, merchant: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    index = {facility.facility_id: f for f, facility in enumerate(network.facilities)}
    out = np.zeros(len(merchant), dtype=np.int64)
    for m, shop in enumerate(MERCHANTS):
        mine = np.flatnonzero(merchant == m)
        choices = np.array([index[w] for w in shop.warehouses])
        out[mine] = choices[rng.integers(0, len(choices), len(mine))]
    return out


def demand_of(
    network: Network, clock: SimulatorClock, orders: int, rng: np.random.Generator, *, served: pl.DataFrame | None = None
) -> Demand:
    """Draw the orders of a simulation and their shipments: 6 % of orders come in two shipments, 9 % of shipments in several boxes.

    ``served`` is the served area where it is at hand.
    """
    ordered = order_minutes(clock, orders, rng)
    merchant = pick(rng, np.array([m.share for m in MERCHANTS]), orders)
    order = np.repeat(np.arange(orders), np.where(rng.random(orders) < 0.06, 2, 1))
    n = len(order)
    served = served_area(network) if served is None else served
    zip_of_order = pick(rng, served["weight"].to_numpy(), orders)
    zip_row = zip_of_order[order]
    service_weights = np.array([network.carriers[c].weight * service.weight for c, service in network.services])
    services = pick(rng, service_weights, n)
    business = (rng.random(orders) < 0.18)[order]
    category = np.array([CATEGORIES.index(m.category) for m in MERCHANTS])[merchant[order]]
    heavy = np.array([0.6, 0.9, 1.8, 4.0, 0.5, 3.0])[category]
    dear = np.array([60, 25, 240, 90, 40, 130])[category]
    value = np.round(dear * rng.lognormal(0, 0.7, n), 2)
    return Demand(
        ordered=ordered,
        merchant=merchant,
        channel=pick(rng, np.array([0.5, 0.32, 0.18]), orders),
        order=order,
        created=ordered[order] + rng.lognormal(2.6, 0.9, n),
        warehouse=warehouses_of(network, merchant[order], rng),
        station=served["station"].to_numpy()[zip_row],
        service=services,
        zip_row=zip_row,
        local_km=served["km"].to_numpy()[zip_row] * LOCAL_CIRCUITY,
        business=business,
        signature=rng.random(n) < np.where(value > 200, 0.6, 0.04),
        fragile=rng.random(n) < np.array([0.01, 0.01, 0.35, 0.3, 0.15, 0.05])[category],
        weight_kg=np.round(np.clip(heavy * rng.lognormal(0, 0.8, n), 0.05, 60), 2),
        value_usd=value,
        parcels=np.where(rng.random(n) < 0.09, rng.integers(2, 4, n), 1),
        served=served,
    )
