"""Say what is shown of the forecasts: the steady window, how it last changed, and the promise."""

from bisect import bisect_right
from datetime import datetime, timedelta

from data.domain.forecasts import Forecast, Reason
from data.domain.journeys import Journey, as_seen
from data.domain.orders import PromiseKind
from data.domain.statuses import TERMINAL, Status
from maps.journey_facts import JourneyFacts
from maps.shown_window import ShownWindow, in_order, median, shown_windows
from maps.standing import standing
from maps.view import ArrivalView, ChangeView, PromiseView, ReasonView

__all__ = ["NO_ARRIVAL", "arrival_of", "change_of", "promise_of", "read_at", "shown"]

HOUR = timedelta(hours=1)

WORTH_TELLING = timedelta(hours=2)
"""Move of the median from which a window that only became narrower or wider is told: half the usual last-day window of four hours."""

NO_ARRIVAL = TERMINAL | {Status.RETURNING, Status.AVAILABLE_FOR_PICKUP}
"""Stages in which nobody comes to the door any more."""

TOLD_FOR = timedelta(hours=24)


def shown(facts: JourneyFacts, journey: Journey) -> tuple[ShownWindow, ...]:
    """Give the windows that were shown up to the moment of showing; none once nobody comes to the door any more."""
    if journey.status in NO_ARRIVAL:
        return ()
    heard = sorted({scan.received_at for scan in facts.scans if scan.received_at <= journey.seen_at})
    stages: dict[int, Status] = {}

    def stage_at(at: datetime) -> Status:
        number = bisect_right(heard, at)
        if number not in stages:
            stages[number] = as_seen(facts.scans, heard[number - 1]).status if number else Status.UNKNOWN
        return stages[number]

    return shown_windows(facts.forecasts, now=journey.seen_at, stage_at=stage_at, read_now=facts.read_now)


def read_at(facts: JourneyFacts, journey: Journey) -> Forecast | None:
    """Give the newest forecast known at the moment of showing, as it stands then; none once nobody comes to the door any more."""
    known = [forecast for forecast in in_order(facts.forecasts) if forecast.as_of <= journey.seen_at]
    if not known or journey.status in NO_ARRIVAL:
        return None
    return facts.read_now(known[-1], journey.seen_at) if facts.read_now else known[-1]


def arrival_of(windows: tuple[ShownWindow, ...], newest: Forecast | None, now: datetime) -> ArrivalView | None:
    """Give the arrival that is shown at ``now``: the steady window, and within it the median of the newest forecast."""
    if not windows or newest is None:
        return None
    start, end = max(windows[-1].start, min(now, windows[-1].end)), windows[-1].end
    return ArrivalView(
        start=start,
        end=end,
        level=newest.window.level,
        p50=min(max(median(newest), start), end),
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


def change_of(windows: tuple[ShownWindow, ...], now: datetime) -> ChangeView | None:
    """Give the last change of the shown window for a day after it happened; a narrower window alone is told when the median moved with it."""
    if len(windows) < 2:
        return None
    old, new = windows[-2], windows[-1]
    if now - new.since > TOLD_FOR or new.end <= now:
        return None
    hours = moved_hours(old, new)
    if not new.direction and abs(hours) * HOUR < WORTH_TELLING:
        return None
    return ChangeView(old.start, old.end, new.start, new.end, hours, reason_of(old.forecast, new.forecast, hours), new.since)


def moved_hours(old: ShownWindow, new: ShownWindow) -> float:
    """Give the move of the median in hours; where it does not go the way of the window, the move of the end that did."""
    hours = (new.p50 - old.p50) / HOUR
    if hours * new.direction > 0 or not new.direction:
        return hours
    return (new.end - old.end) / HOUR if new.direction > 0 else (new.start - old.start) / HOUR


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
