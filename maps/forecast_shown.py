"""Choose what is shown of the forecasts: the newest window, and how it last changed."""

from datetime import datetime, timedelta

from data.domain.forecasts import Forecast, Reason
from data.domain.journeys import Journey
from data.domain.orders import PromiseKind
from data.domain.statuses import TERMINAL, Status
from maps.journey_facts import JourneyFacts
from maps.standing import standing
from maps.view import ArrivalView, ChangeView, PromiseView, ReasonView

__all__ = ["arrival_of", "change_of", "promise_of"]

WORTH_TELLING = timedelta(hours=2)
"""Move of the median from which a change is told: less than half the usual last-day window of four hours."""

NO_ARRIVAL = TERMINAL | {Status.RETURNING, Status.AVAILABLE_FOR_PICKUP}
"""Stages in which nobody comes to the door any more."""

TOLD_FOR = timedelta(hours=24)


def median(forecast: Forecast) -> datetime:
    """Give the median; where it is not stored, the middle of the window."""
    return dict(forecast.quantiles).get(0.5) or forecast.window.start + (forecast.window.end - forecast.window.start) / 2


def arrival_of(facts: JourneyFacts, journey: Journey) -> ArrivalView | None:
    """Give the newest forecast known at the moment of showing; none once nobody comes to the door any more."""
    known = [forecast for forecast in facts.forecasts if forecast.as_of <= journey.seen_at]
    if not known or journey.status in NO_ARRIVAL:
        return None
    newest = facts.read_now(known[-1], journey.seen_at) if facts.read_now else known[-1]
    return ArrivalView(
        start=newest.window.start,
        end=newest.window.end,
        level=newest.window.level,
        p50=median(newest),
        late_probability=newest.late_probability,
        reasons=by_code(newest.reasons),
        as_of=newest.as_of,
        model_version=newest.model_version,
    )


def by_code(reasons: tuple[Reason, ...]) -> tuple[ReasonView, ...]:
    """Add up the reasons of one code: a page tells what, the explanation tells where."""
    hours: dict[str, float] = {}
    for reason in reasons:
        hours[reason.code] = hours.get(reason.code, 0.0) + reason.hours
    return tuple(ReasonView(code, total) for code, total in hours.items())


def change_of(facts: JourneyFacts, journey: Journey) -> ChangeView | None:
    """Give the last move of the median that is worth telling, for a day after it happened."""
    known = [forecast for forecast in facts.forecasts if forecast.as_of <= journey.seen_at]
    if len(known) < 2 or journey.status in NO_ARRIVAL:
        return None
    new = since = known[-1]
    for old in reversed(known[:-1]):
        if abs(median(new) - median(old)) >= WORTH_TELLING:
            break
        since = old
    else:
        return None
    if journey.seen_at - since.as_of > TOLD_FOR or new.window.end <= journey.seen_at:
        return None
    hours = (median(new) - median(old)).total_seconds() / 3600
    return ChangeView(old.window.start, old.window.end, new.window.start, new.window.end, hours, reason_of(old, new, hours), since.as_of)


def reason_of(old: Forecast, new: Forecast, hours: float) -> str | None:
    """Give the reason whose hours moved most in the direction of the change."""
    moved: dict[str, float] = {}
    for forecast, sign in ((new, 1.0), (old, -1.0)):
        for reason in forecast.reasons:
            moved[reason.code] = moved.get(reason.code, 0.0) + sign * reason.hours
    code, most = max(moved.items(), key=lambda item: item[1] * (1 if hours > 0 else -1), default=(None, 0.0))
    return code if most * hours > 0 else None


def promise_of(facts: JourneyFacts, journey: Journey, arrival: ArrivalView | None) -> PromiseView | None:
    """Give the newest date of the shop (it never changes by itself) and of the carrier."""
    known = sorted(
        (promise for promise in facts.promises if promise.known_at <= journey.seen_at),
        key=lambda promise: (promise.known_at, promise.promise_id),
    )
    shop = [promise for promise in known if promise.kind is PromiseKind.SHOP]
    carrier = [promise for promise in known if promise.kind is PromiseKind.CARRIER]
    if not shop:
        return None
    promised_at = shop[-1].promised_at
    judged = standing(
        promised_at,
        delivered_at=journey.delivered_at,
        seen_at=journey.seen_at,
        late_probability=arrival.late_probability if arrival else None,
        ended=journey.status in TERMINAL or journey.status is Status.RETURNING,
    )
    return PromiseView(promised_at, judged, carrier[-1].promised_at if carrier else None)
