"""Forecast when several parcels that do not exist yet would all have come: each by itself, and the last of them with what they share."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from data.domain.errors import NotFound
from data.domain.forecasts import Window
from serving.arrivals import window_of
from serving.estimating import offers_of, ordered_at_of, wanted_of
from serving.schemas.checkout import PercentileOut
from serving.schemas.eta import WindowOut
from serving.schemas.wanted_orders import EstimateComplete, EstimateCompleteIn, SharedOut, WantedOut
from serving.wiring import Wiring
from training.checkout.complete import Part, complete, imagined_parts, shared_by
from training.checkout.dates import percentiles
from training.checkout.dependence import RELATIONS, Dependence
from training.checkout.offers import Offer, OfferBook
from training.checkout.whatif import Wanted, what_ifs
from training.distribution import RemainingTime

__all__ = ["WINDOW_LEVELS", "estimate_complete"]

WINDOW_LEVELS = (0.8, 0.9)
"""Probabilities of the windows: that of every other window, and that of an order's (`serving.completing`)."""
WORDS = {
    "order": "The same order: packed by the same shop, as a rule for one address.",
    "origin_day": "The same place of departure on the same day: a full warehouse holds up all of them.",
    "lane_day": "The same service between the same places on the same day: the same truck.",
    "destination_day": "The same region of destination on the same day: a storm holds up all of them.",
}
LEARNT_FROM: dict[str | None, Literal["checkout", "label", "none"]] = {"checkout": "checkout", "start": "label", None: "none"}


def estimate_complete(wiring: Wiring, body: EstimateCompleteIn) -> EstimateComplete:
    """Give the windows of each parcel and of the last one; nothing is stored.

    Raises `NotTrained` when no model serves, `NotFound` for a facility, place or service that nothing is known of, and `InvalidFact` for an
    attribute that is a number in one parcel and a text in another, and for an order from 2099 on.
    """
    model = wiring.model.current().at_checkout()
    now = wiring.now()
    book, dependence = (model.checkout.book, model.checkout.dependence) if model.checkout else (None, Dependence.nothing())
    ordered_at = ordered_at_of(body.created_at, now)
    asked = [wanted_parcel(wiring, body, number, book) for number in range(len(body.parcels))]
    facts, moments = what_ifs([(wanted, offer, ordered_at) for wanted, offer in asked], now=now, book=book)
    each = model.distribution(facts, moments)
    parts = imagined_parts(facts, moments)
    at = max(ordered_at, now)
    last = complete(each, parts, at, dependence)
    zones = [wanted.destination.timezone for wanted, _ in asked]
    return EstimateComplete(
        as_of=at,
        **windows_of(last, at, zones[0] if len(set(zones)) == 1 else None),
        parcels=[
            WantedOut(carrier=offer.carrier, service=offer.service, **windows_of(each.take(np.array([number])), at, zones[number]))
            for number, (_, offer) in enumerate(asked)
        ],
        shared=shared_out(parts, at, dependence),
        dependence=LEARNT_FROM[dependence.learnt_from("checkout")],
        model_version=model.version,
    )


def wanted_parcel(wiring: Wiring, body: EstimateCompleteIn, number: int, book: OfferBook | None) -> tuple[Wanted, Offer]:
    """Check one parcel; raises `NotFound` that names it."""
    parcel = body.parcels[number]
    try:
        wanted = wanted_of(wiring, parcel, merchant=body.merchant)
        (offer,) = offers_of(Offer(parcel.carrier, parcel.service), wanted, book, every=False)
    except NotFound as error:
        raise NotFound(f"parcels/{number}: {error}") from error
    return wanted, offer


def windows_of(said: RemainingTime, at: datetime, timezone: str | None) -> dict[str, list[WindowOut] | list[PercentileOut]]:
    """Give the windows and the percentiles of one distribution, counted from ``at``, in a zone (``None``: UTC)."""
    windows = []
    for level in WINDOW_LEVELS:
        start, end = (at + timedelta(seconds=round(float(hours) * 3600)) for hours in said.quantile(((1 - level) / 2, (1 + level) / 2))[0])
        windows.append(window_of(Window(start, end, level), timezone, at))
    found = percentiles(said, at, timezone or "UTC")
    return {"windows": windows, "percentiles": [PercentileOut(level=one.level, at=one.at, date=one.date) for one in found]}


def shared_out(parts: Sequence[Part], at: datetime, dependence: Dependence) -> list[SharedOut]:
    """Say what any two of the parcels share and how much it means, in the order of `RELATIONS`; what explains nothing is left out."""
    shared, explained = shared_by(parts, at), dependence.explained("checkout")
    found = []
    for relation in RELATIONS:
        words = shared.words[relation]
        groups = [[int(place) for place in np.flatnonzero(words == word)] for word in dict.fromkeys(words) if word]
        groups = [group for group in groups if len(group) > 1]
        if groups and explained[relation] > 0:
            found.append(SharedOut(relation=relation, share=round(explained[relation], 3), parcels=groups, text=WORDS[relation]))
    return found
