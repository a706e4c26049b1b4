"""Explain a stored forecast: against the usual of its lane, and against the forecast before it."""

from collections.abc import Mapping

from data.domain.explanations import Change, News, change_between, explanation_of, split_evidence
from data.domain.forecasts import Forecast, Reason
from data.domain.places import Facility
from data.storage.store import Store
from maps.reason_words import Audience, change_sentence, reason_sentence, total_sentence
from serving.arrivals import plain
from serving.schemas.explanations import ChangeOut, ExplanationOut, NewsOut, PartOut

__all__ = ["change_of", "explained"]


def explained(store: Store, forecast: Forecast, audience: Audience) -> ExplanationOut:
    """Explain a forecast of a shipment of the store in words; whether the forecast itself is stored makes no difference."""
    explanation, change = explanation_of(forecast), change_of(store, forecast)
    facilities = store.shipments.facilities()
    return ExplanationOut(
        shipment_id=forecast.shipment_id,
        state="open",
        audience=audience.value,
        as_of=forecast.as_of,
        usual_at=explanation.usual_at,
        forecast_at=explanation.forecast_at,
        hours=round(explanation.hours, 4),
        text=plain(total_sentence(explanation.hours, audience)),
        parts=[part_of(reason, audience, facilities) for reason in explanation.reasons],
        change=None if change is None else change_out(change, audience, facilities),
        forecast_id=forecast.forecast_id,
        model_version=forecast.model_version,
    )


def part_of(reason: Reason, audience: Audience, facilities: Mapping[str, Facility]) -> PartOut:
    """Give a part on the wire; its evidence names ids of the inside, so customers do not get it."""
    return PartOut(
        code=reason.code,
        hours=round(reason.hours, 4),
        text=plain(reason_sentence(reason, audience, facilities)),
        evidence=list(reason.evidence) if audience is Audience.OPERATIONS else [],
    )


def change_out(change: Change, audience: Audience, facilities: Mapping[str, Facility]) -> ChangeOut:
    news = change.news
    ids = [f"scan:{name}" for name in news.scan_ids] + [f"promise:{name}" for name in news.promise_ids]
    ids += [f"weather:{name}" for name in news.weather_ids]
    return ChangeOut(
        since=change.before.as_of,
        before_at=change.before.quantile(0.5),
        hours=round(change.hours, 4),
        text=plain(change_sentence(change)),
        parts=[part_of(reason, audience, facilities) for reason in change.reasons],
        news=NewsOut(
            scans=len(news.scan_ids),
            promises=len(news.promise_ids),
            weather=len(news.weather_ids),
            silent_hours=round(news.silent_hours, 4),
            other_model=change.other_model,
            ids=ids if audience is Audience.OPERATIONS else [],
        ),
    )


def change_of(store: Store, forecast: Forecast) -> Change | None:
    """Compare a forecast with the newest stored one that looked from an earlier moment; ``None`` for the first one."""
    earlier = [one for one in store.forecasts.history(forecast.shipment_id) if one.as_of < forecast.as_of]
    return change_between(earlier[-1], forecast, news_between(store, earlier[-1], forecast)) if earlier else None


def news_between(store: Store, before: Forecast, after: Forecast) -> News:
    """Give what became known between the moments that two forecasts looked from."""
    scans = [scan for scan in store.scans.of(after.shipment_id) if scan.received_at <= after.as_of]
    new = sorted((scan.received_at, scan.scan_id) for scan in scans if scan.received_at > before.as_of)
    promises = store.shipments.promises(after.shipment_id)
    known = {item for reason in before.reasons for item in reason.evidence}
    weather = [item for reason in after.reasons for item in reason.evidence if item not in known and item.startswith("weather_")]
    since = max(before.as_of, *(scan.received_at for scan in scans)) if scans else before.as_of
    return News(
        scan_ids=tuple(scan_id for _, scan_id in new),
        promise_ids=tuple(sorted(one.promise_id for one in promises if before.as_of < one.known_at <= after.as_of)),
        weather_ids=tuple(dict.fromkeys(split_evidence(item)[1] for item in weather)),
        silent_hours=(after.as_of - since).total_seconds() / 3600,
    )
