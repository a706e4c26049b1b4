"""Put an arrival into words and wire values: UTC, the destination's clock, and how it stands against a date."""

from collections.abc import Sequence
from datetime import datetime

from data.domain.forecasts import Forecast, Reason, Window
from data.domain.orders import Promise, PromiseKind
from data.domain.outcomes import Outcome
from data.domain.statuses import Status
from maps.standing import standing
from maps.times import local, moment_words, window_words, zone_words
from serving.schemas.eta import Actual, Against, PastForecast, QuantileOut, ReasonOut, WindowOut

__all__ = ["actual_of", "against", "iso_local", "newest", "past_forecast", "plain", "reasons_of", "window_of"]

TOP_REASONS = 5


def iso_local(at: datetime, timezone: str | None) -> str:
    """Give an instant on the clock of a zone, RFC 3339 with its offset."""
    return local(at, timezone).isoformat()


def window_of(window: Window, timezone: str | None, seen_at: datetime) -> WindowOut:
    """Give a window in UTC, on the destination's clock and in words."""
    day, hours = window_words(window.start, window.end, timezone, seen_at)
    return WindowOut(
        start=window.start,
        end=window.end,
        level=window.level,
        timezone=timezone,
        start_local=iso_local(window.start, timezone),
        end_local=iso_local(window.end, timezone),
        text=plain(f"{day}{',' if hours.startswith('between') else ''} {hours}".strip() + f", {zone_words(timezone)}"),
    )


def plain(text: str) -> str:
    """Give page words with plain spaces: unbreakable ones are of no use outside a page."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def reasons_of(reasons: Sequence[Reason]) -> list[ReasonOut]:
    """Give the largest reasons by code, whichever direction; places and evidence are told by the explanation."""
    hours: dict[str, float] = {}
    for reason in reasons:
        hours[reason.code] = hours.get(reason.code, 0.0) + reason.hours
    largest = sorted(hours.items(), key=lambda item: -abs(item[1]))[:TOP_REASONS]
    return [ReasonOut(code=code, hours=round(total, 2)) for code, total in largest]


def newest(promises: Sequence[Promise], kind: PromiseKind) -> datetime | None:
    """Give the newest date of a kind: the shop's never changes by itself, the carrier's is revised."""
    found = [promise for promise in promises if promise.kind is kind]
    return max(found, key=lambda promise: (promise.known_at, promise.promise_id)).promised_at if found else None


def against(
    promised_at: datetime | None,
    *,
    timezone: str | None,
    seen_at: datetime,
    late_probability: float | None,
    outcome: Outcome | None,
) -> Against | None:
    """Say how a shipment stands against a date; ``None`` without a date."""
    if promised_at is None:
        return None
    delivered_at = outcome.occurred_at if outcome and outcome.status is Status.DELIVERED else None
    status = standing(promised_at, delivered_at=delivered_at, seen_at=seen_at, late_probability=late_probability, ended=outcome is not None)
    return Against(promised_at=promised_at, promised_local=iso_local(promised_at, timezone), on_time_status=status)


def actual_of(outcome: Outcome, timezone: str | None, seen_at: datetime) -> Actual:
    """Give how a shipment ended."""
    words = outcome.status.value.replace("_", " ").capitalize()
    return Actual(
        status=outcome.status,
        occurred_at=outcome.occurred_at,
        occurred_local=iso_local(outcome.occurred_at, timezone),
        known_at=outcome.known_at,
        text=plain(f"{words} {moment_words(outcome.occurred_at, timezone, seen_at)}"),
    )


def past_forecast(forecast: Forecast) -> PastForecast:
    """Give a forecast as it was made."""
    return PastForecast(
        forecast_id=forecast.forecast_id,
        target=forecast.target,
        as_of=forecast.as_of,
        made_at=forecast.made_at,
        quantiles=[QuantileOut(level=level, at=at) for level, at in forecast.quantiles],
        window=window_of(forecast.window, forecast.timezone, forecast.as_of),
        late_probability=forecast.late_probability,
        reasons=reasons_of(forecast.reasons),
        model_version=forecast.model_version,
        input_digest=forecast.input_digest,
    )
