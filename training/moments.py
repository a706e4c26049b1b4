"""Choose the moments that a model learns from and is judged by: every scan, and a point in every day of silence after it.

A moment belongs to a shipment that was open as far as anybody had heard. Points in the silences matter: most forecasts are asked for while
nothing happens, and a model that only ever saw the instant of a scan takes every silence for news. The points lie at distances drawn
without looking at the next scan; one point per gap, wherever the gap ends, would favour short gaps and teach that news is always near.
"""

from datetime import datetime

import numpy as np
import polars as pl

from data.domain.statuses import TERMINAL
from data.facts.facts import Facts
from data.facts.moments import Moments, micros

__all__ = ["choose_moments", "moments_between", "newest_instant"]

DAY = 86_400_000_000
LONGEST_SILENCE_DAYS = 14
"""Days of silence that give points. Lost shipments are silent for ever: without an end, one in forty lost gave one moment in seven."""


def newest_instant(facts: Facts) -> datetime | None:
    """Give the latest instant at which anything was heard; ``None`` without scans."""
    newest = facts.scans["received_at"].max()
    return newest if isinstance(newest, datetime) else None


def choose_moments(facts: Facts, *, until: datetime, seed: int = 1) -> Moments:
    """Give all moments before ``until``, ordered by time, then shipment; the same for any order of the facts.

    Each shipment gives its creation, the hearing of each scan, and after each of these one uniformly drawn point a day until the next, up to
    the hearing of its end (or ``until`` while it is open). The hearing of the end itself is no moment: there is nothing left to forecast.
    """
    cut = pl.lit(until).dt.cast_time_unit("us")
    scans = facts.scans.filter(pl.col("received_at") < cut)
    ends = scans.filter(pl.col("status").is_in([str(status) for status in TERMINAL]) & ~pl.col("voids"))
    ended = ends.group_by("shipment_id").agg(end=pl.col("received_at").min())
    born = facts.shipments.filter(pl.col("created_at") < cut).select("shipment_id", at="created_at")
    looks = pl.concat([born, scans.select("shipment_id", at="received_at")]).join(born.select("shipment_id", born="at"), on="shipment_id")
    looks = looks.join(ended, on="shipment_id", how="left").with_columns(pl.col("end").fill_null(cut))
    # A scan may be heard before the label's row; nobody could ask about the shipment then.
    looks = looks.filter((pl.col("at") < pl.col("end")) & (pl.col("at") >= pl.col("born"))).select("shipment_id", "at", "end").unique()
    looks = looks.sort("shipment_id", "at").with_columns(until=pl.col("at").shift(-1).over("shipment_id").fill_null(pl.col("end")))
    begin, finish = (looks[name].dt.epoch("us").to_numpy() for name in ("at", "until"))
    first = begin + (np.random.default_rng(seed).random(looks.height) * DAY).astype(np.int64)
    days = np.clip((finish - first + DAY - 1) // DAY, 0, LONGEST_SILENCE_DAYS)
    row = np.repeat(np.arange(looks.height), days)
    day = np.arange(len(row)) - np.repeat(np.cumsum(days) - days, days)
    shipment = looks["shipment_id"].to_numpy().astype(object)
    ids, at = np.concatenate([shipment, shipment[row]]), np.concatenate([begin, first[row] + day * DAY])
    order = np.lexsort((ids.astype(str), at))
    return Moments(ids[order], at[order])


def moments_between(moments: Moments, since: datetime | None, until: datetime, *, most: int, seed: int = 1) -> Moments:
    """Give at most ``most`` moments with since <= at < until, drawn without favour, still in order."""
    low = np.iinfo(np.int64).min if since is None else micros(since)
    inside = np.flatnonzero((moments.at >= low) & (moments.at < micros(until)))
    if len(inside) > most:
        inside = np.sort(np.random.default_rng(seed).choice(inside, most, replace=False))
    return Moments(moments.shipment_ids[inside], moments.at[inside])
