"""A forecaster without a model: two days after the moment, wider with every scan; deterministic."""

import hashlib
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from data.domain.forecasts import Forecast, Reason, Target, Window
from data.facts.facts import Facts
from data.facts.moments import Moments
from training.checkout.checkout import Checkout
from training.distribution import RemainingTime

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
HOURS_TO_MEDIAN = 48.0


def instant(micros: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros))


class FakeForecaster:
    """Implements `training.forecaster.Forecaster`; ``asked`` counts calls, ``broken`` holds shipments that it fails on, ``told`` the ids of each `observed`."""

    def __init__(self, version: str = "fake-1", broken: tuple[str, ...] = (), knows_until: datetime | None = None):
        self.version, self.broken, self.asked, self.knows_until = version, broken, 0, knows_until
        self.told: list[set[str]] = []

    def observed(self, facts: Facts, *, until: datetime) -> "FakeForecaster":
        knowing = FakeForecaster(self.version, self.broken, until)
        knowing.told = [*self.told, set(facts.shipments["shipment_id"])]
        return knowing

    def forecast(self, facts: Facts, moments: Moments, *, made_at: datetime) -> tuple[Forecast, ...]:
        self.asked += 1
        return tuple(
            self.one(facts, shipment_id, instant(at), made_at) for shipment_id, at in zip(moments.shipment_ids, moments.at, strict=True)
        )

    checkout: Checkout | None = None

    def at_checkout(self) -> "FakeForecaster":
        return self

    def distribution(self, facts: Facts, moments: Moments) -> RemainingTime:
        """The distribution that the quantiles of a shipment without scans lie on: evenly between now and twice the median."""
        return RemainingTime.of(np.tile([0.0, 2 * HOURS_TO_MEDIAN], (len(moments), 1)), [0.0, 1.0])

    def one(self, facts: Facts, shipment_id: str, at: datetime, made_at: datetime) -> Forecast:
        if shipment_id in self.broken:
            raise RuntimeError("this shipment breaks the model")
        (shipment,) = facts.shipments.filter(pl.col("shipment_id") == shipment_id).to_dicts()
        scans = facts.scans.filter((pl.col("shipment_id") == shipment_id) & (pl.col("received_at") <= at))["scan_id"].sort().to_list()
        promises = facts.promises.filter((pl.col("shipment_id") == shipment_id) & (pl.col("kind") == "shop"))["promised_at"].to_list()
        hours = HOURS_TO_MEDIAN / (1 + len(scans))
        quantiles = tuple((level, at + timedelta(hours=hours * 2 * level)) for level in LEVELS)
        at_level = dict(quantiles)
        late = None
        if promises:
            late = min(1.0, max(0.0, 1 - (promises[-1] - at) / timedelta(hours=2 * hours)))
        digest = hashlib.sha256(repr((shipment_id, scans)).encode()).hexdigest()
        return Forecast(
            forecast_id=hashlib.sha256(repr((shipment_id, at, made_at, digest, self.version)).encode()).hexdigest()[:32],
            shipment_id=shipment_id,
            target=Target.DELIVERED,
            as_of=at,
            made_at=made_at,
            quantiles=quantiles,
            window=Window(at_level[0.1], at_level[0.9], 0.8),
            late_probability=late,
            reasons=(Reason("history", 1.5), Reason("calendar", -4.0)),
            model_version=self.version,
            input_digest=digest,
            timezone=shipment["destination_timezone"] or "UTC",
        )


class FakeModels:
    """Implements `serving.serving_model.ModelSource` over forecasters in memory."""

    def __init__(self, *forecasters: FakeForecaster, serving: str | None = "fake-1"):
        self.forecasters = {forecaster.version: forecaster for forecaster in forecasters or (FakeForecaster(),)}
        self.version, self.loads = serving, 0

    def serving(self) -> str | None:
        return self.version

    def load(self, version: str | None = None) -> FakeForecaster:
        self.loads += 1
        return self.forecasters[version or str(self.version)]
