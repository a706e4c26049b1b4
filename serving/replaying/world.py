"""Replay a simulated world: learn from its first part, then forecast the rest at every moment at which a server would have."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from data.domain.errors import TooLittleData
from data.domain.forecasts import Forecast, Target, Window
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from data.facts.passage_habits import PassageHabits, passage_habits
from data.simulator.simulate import simulate
from data.simulator.truth import Truth
from data.storage.store import open_store
from maps.journey_facts import JourneyFacts
from serving.journeys import journey_facts
from training.fit import fit_predictor
from training.forecaster import Forecaster
from training.moments import choose_moments, moments_between
from training.pipeline import worth_learning

__all__ = ["ReplayedJourney", "ReplayedWorld", "replayed_world"]

START = datetime(2026, 5, 1, tzinfo=UTC)
LEARNT_SHARE = 0.65
"""Part of the days that the model learns from; journeys that begin later are replayed."""
MOST_LEARNT = 8_000
LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
BATCH = 5_000
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ReplayedJourney:
    """Hold one journey: its facts with all forecasts in order, and when it truly ended (UTC). Whoever looks must say as of when."""

    facts: JourneyFacts
    delivered_at: datetime


@dataclass(frozen=True, slots=True)
class ReplayedWorld:
    """Hold the journeys that were replayed, what was learnt of stays and travel times before them, and the truth."""

    journeys: tuple[ReplayedJourney, ...]
    truth: Truth
    cut: datetime
    about: dict[str, object]


def replayed_world(*, orders: int, days: int, seed: int, most_journeys: int, every_hours: int, tell: Tell) -> ReplayedWorld:
    """Simulate ``orders`` in ``days`` days, learn from the first two thirds, and forecast journeys that begin after them.

    Each journey is forecast when its label is made, with every scan that is heard, and at every full hour that ``every_hours`` divides, as somebody looks
    at it; the model hears the news as in service. At most ``most_journeys`` delivered ones are taken, drawn with the seed. Raises `TooLittleData` without any.
    """
    tell("simulating", 0, 4)
    simulated = simulate(seed=seed, orders=orders, start=START, days=days)
    facts, until = simulated.facts, START + timedelta(days=days)
    cut = START + timedelta(days=round(days * LEARNT_SHARE))
    chosen = replayable(facts, simulated.truth, cut=cut, until=until, most=most_journeys, seed=seed)
    tell("training", 1, 4)
    learnt = moments_between(choose_moments(facts, until=cut), None, cut, most=min(worth_learning(facts), MOST_LEARNT))
    model = fit_predictor(facts, learnt, cut=cut)
    tell("forecasting", 2, 4)
    moments = looks(facts, chosen, every_hours=every_hours)
    live = model.knowing(facts, known_by=until)
    histories = forecast_all(live, facts, moments)
    tell("keeping", 3, 4)
    habits = passage_habits(facts, known_by=cut)
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{Path(folder) / 'replay.sqlite3'}") as store:
        store.facts.add(without_weather(facts, chosen), source="replay")
        journeys = tuple(
            ReplayedJourney(with_forecasts(journey_facts(store, shipment_id, now=until), histories[shipment_id], habits), ended)
            for shipment_id, ended in chosen.select("shipment_id", "ended_at").iter_rows()
        )
    about: dict[str, object] = {
        "orders": orders,
        "days": days,
        "seed": seed,
        "cut": cut.isoformat(),
        "journeys": len(journeys),
        "forecasts": len(moments),
        "every_hours": every_hours,
        "moments_learnt_from": len(learnt),
    }
    tell("replaying", 4, 4)
    return ReplayedWorld(journeys, simulated.truth, cut, about)


def replayable(facts: Facts, truth: Truth, *, cut: datetime, until: datetime, most: int, seed: int) -> pl.DataFrame:
    """Choose journeys that began after the cut and truly ended with a delivery before the world does."""
    ended = truth.shipments.filter((pl.col("outcome") == "delivered") & (pl.col("ended_at") < until)).select("shipment_id", "ended_at")
    found = facts.shipments.filter(pl.col("created_at") >= cut).join(ended, on="shipment_id").sort("shipment_id")
    if found.is_empty():
        raise TooLittleData("no simulated journey began after the first two thirds and was delivered; simulate more --orders or --days.")
    return found.sample(min(most, found.height), seed=seed).sort("shipment_id")


def looks(facts: Facts, chosen: pl.DataFrame, *, every_hours: int) -> Moments:
    """Give the moments of forecasting of the chosen journeys, in order."""
    heard = {name: rows["received_at"].to_list() for (name,), rows in facts.scans.group_by("shipment_id")}
    ids: list[str] = []
    at: list[int] = []
    for shipment_id, created, ended in chosen.select("shipment_id", "created_at", "ended_at").iter_rows():
        moments = {created, *(moment for moment in heard.get(shipment_id, []) if created <= moment < ended)}
        hour = created.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        while hour < ended:
            if hour.hour % every_hours == 0:
                moments.add(hour)
            hour += timedelta(hours=1)
        ids += [shipment_id] * len(moments)
        at += [micros(moment) for moment in sorted(moments)]
    return Moments(np.array(ids, dtype=object), np.array(at, dtype=np.int64))


def forecast_all(live: Forecaster, facts: Facts, moments: Moments) -> dict[str, list[Forecast]]:
    """Forecast all moments from what was known at each; without reasons, which take most of the time and are not measured."""
    promised = shop_promises(facts)
    zones = dict(facts.shipments.select("shipment_id", "destination_timezone").iter_rows())
    histories: dict[str, list[Forecast]] = {}
    for begin in range(0, len(moments), BATCH):
        asked = Moments(moments.shipment_ids[begin : begin + BATCH], moments.at[begin : begin + BATCH])
        said = live.distribution(facts, asked)
        due = np.array([promised.get(name, np.nan) for name in asked.shipment_ids])
        late = said.survival((due - asked.at) / 3.6e9)
        for name, at, hours, risk in zip(asked.shipment_ids, asked.at.tolist(), said.quantile(LEVELS), late, strict=True):
            histories.setdefault(name, []).append(forecast_of(name, at, hours.tolist(), float(risk), zones.get(name)))
    return histories


def shop_promises(facts: Facts) -> dict[str, float]:
    newest = facts.promises.filter(pl.col("kind") == "shop").sort("known_at", "promise_id").unique("shipment_id", keep="last")
    return dict(newest.select("shipment_id", pl.col("promised_at").dt.epoch("us").cast(pl.Float64)).iter_rows())


def forecast_of(shipment_id: str, at: int, hours: list[float], late: float, timezone: str | None) -> Forecast:
    as_of = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
    quantiles = tuple((level, as_of + timedelta(hours=hour)) for level, hour in zip(LEVELS, hours, strict=True))
    window = Window(dict(quantiles)[0.1], dict(quantiles)[0.9], 0.8)
    risk = None if np.isnan(late) else min(max(late, 0.0), 1.0)
    return Forecast(
        f"{shipment_id}-{at}", shipment_id, Target.DELIVERED, as_of, as_of, quantiles, window, risk, (), "replay", "", timezone or "UTC"
    )


def without_weather(facts: Facts, chosen: pl.DataFrame) -> Facts:
    """Give what the pages of the chosen journeys read."""
    ids = chosen.select("shipment_id")
    mine = {
        name: getattr(facts, name).join(ids, on="shipment_id", how="semi") for name in ("shipments", "parcels", "promises", "legs", "scans")
    }
    orders = facts.orders.join(mine["shipments"].select("order_id"), on="order_id", how="semi")
    return Facts.of({"facilities": facts.facilities, "orders": orders, **mine})


def with_forecasts(facts: JourneyFacts, history: list[Forecast], habits: PassageHabits) -> JourneyFacts:
    return replace(facts, forecasts=tuple(history), habits=habits)
