"""See what a model sees at some moments, and compare two such sights bit by bit."""

from dataclasses import fields
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from data.facts.facts import Facts
from data.facts.moments import Moments
from data.facts.schema import INSTANT
from tests.training.guards.slices import EPOCH, moments_of
from training.features.build import build
from training.features.vocabulary import Vocabulary
from training.history.history import History
from training.models.gather import gather

__all__ = ["Sight", "asked_at", "differences", "instant", "look", "off_hours"]

Sight = dict[str, np.ndarray]
ODD = timedelta(minutes=17, seconds=23, microseconds=456_789)
"""Instants of a guard lie beside the full hour: a join on the truncated hour would use the weather of later minutes unseen."""


def instant(at: int) -> datetime:
    """Give microseconds since 1970 as an instant."""
    return EPOCH + timedelta(microseconds=int(at))


def off_hours(facts: Facts, *, count: int = 4) -> list[datetime]:
    """Give instants spread over the facts, none of them on the hour, and two at which a scan was heard: ties are where peeking hides."""
    heard = facts.scans["received_at"].sort()
    spread = [heard.gather([int(heard.len() * (number + 1) / (count + 1))]).item() + ODD for number in range(count)]
    return sorted([*spread, heard.gather([heard.len() // 3]).item(), heard.gather([2 * heard.len() // 3]).item()])


def asked_at(facts: Facts, at: datetime, *, most: int = 60, seed: int = 1) -> Moments:
    """Ask about some of the shipments that exist at an instant, half of them of the youngest fifth: those are mostly still open."""
    born = facts.shipments.filter(pl.col("created_at") <= at).sort("created_at", "shipment_id")
    young = born.tail(max(born.height // 5, most))
    some = (
        pl.concat([part.sample(min(part.height, most // 2), seed=seed) for part in (born, young)]).unique("shipment_id").sort("shipment_id")
    )
    return moments_of(some.select("shipment_id", at=pl.lit(at, dtype=INSTANT)))


def look(facts: Facts, moments: Moments, vocabulary: Vocabulary, *, history: History | None = None) -> Sight:
    """Give everything a model is told of some moments: the features by name, and the rows that baselines read."""
    known = History.build(facts, vocabulary=vocabulary) if history is None else history
    features = build(facts, moments, history=known, vocabulary=vocabulary)
    rows = gather(facts, moments)
    return {name: features.values[:, k] for k, name in enumerate(features.names)} | {
        f"row.{item.name}": getattr(rows, item.name) for item in fields(rows)
    }


def differences(one: Sight, other: Sight, *, columns: str = "") -> list[str]:
    """Name the columns (those that begin with ``columns``) in which two sights differ by a single bit."""
    return sorted(name for name in one if name.startswith(columns) and not same_bits(one[name], other[name]))


def same_bits(one: np.ndarray, other: np.ndarray) -> bool:
    if one.dtype.kind != "f":
        return bool(np.array_equal(one, other))
    unknown = np.isnan(one) & np.isnan(other)
    return bool(((one.view(np.int64) == other.view(np.int64)) | unknown).all())
