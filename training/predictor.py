"""DOOR 1: the predictor that evaluation judges is the object that serving loads."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from data.domain.errors import ModelRefused
from data.domain.forecasts import Forecast, Target, Window
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from training.calibration.groups import calibration_groups
from training.calibration.level_map import LevelMap
from training.checkout.checkout import Checkout
from training.distribution import RemainingTime
from training.features.build import build
from training.features.matrix import FEATURES_VERSION, FeatureMatrix
from training.features.vocabulary import Vocabulary
from training.history.history import History
from training.models.gather import gather
from training.models.model import Model, model_of
from training.models.problem import Rows
from training.models.reasons import reasons_of
from training.models.usual import UsualRows

__all__ = ["QUANTILE_LEVELS", "WINDOW_LEVEL", "Predictor"]

Floats = npt.NDArray[np.float64]

BUNDLE_FORMAT = 1
"""Raise it when the meaning of an entry changes, and keep a reader of the old one in `Predictor.from_bundle`."""
QUANTILE_LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
WINDOW_LEVEL = 0.8
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Predictor:
    """Forecast arrivals from facts; implements `training.forecaster.Forecaster`.

    ``history`` holds what was known when it was trained and answers every later moment as of then; `with_history` gives the same predictor
    knowing more. Made by `training.fit.fit_predictor` or of a bundle.
    """

    model: Model
    levels: LevelMap
    vocabulary: Vocabulary
    history: History
    usual: UsualRows
    schema_hash: str
    about: dict[str, Any]
    version: str
    checkout: Checkout | None = None
    """What answers before there is a shipment; ``None`` in bundles of before and where there was too little to learn from."""

    def features(self, facts: Facts, moments: Moments) -> FeatureMatrix:
        """Give the feature matrix that the model sees; raises `ModelRefused` when the features of this version are not those it learnt."""
        matrix = build(facts, moments, history=self.history, vocabulary=self.vocabulary)
        if matrix.schema_hash != self.schema_hash:
            raise ModelRefused(
                f"the model was trained on features {self.schema_hash}, this version makes {matrix.schema_hash}; train again."
            )
        return matrix

    def distribution(self, facts: Facts, moments: Moments) -> RemainingTime:
        """Give the remaining time of each moment as a calibrated distribution."""
        return self.answer(self.features(facts, moments), gather(facts, moments))

    def answer(self, features: FeatureMatrix, rows: Rows) -> RemainingTime:
        """Give the calibrated distributions of rows whose features are at hand."""
        return self.levels.apply(self.model.predict(features, rows), calibration_groups(self.model, rows))

    def forecast(self, facts: Facts, moments: Moments, *, made_at: datetime) -> tuple[Forecast, ...]:
        """Forecast every pair of ``moments``, in order: quantiles, window, late probability and reasons from one distribution."""
        if not len(moments):
            return ()
        features, rows = self.features(facts, moments), gather(facts, moments)
        said = self.answer(features, rows)
        quantiles = said.quantile(QUANTILE_LEVELS)
        window = said.quantile(((1 - WINDOW_LEVEL) / 2, (1 + WINDOW_LEVEL) / 2))
        late = said.survival(rows.promise_hours)
        reasons = reasons_of(self.answer, features, rows, quantiles[:, QUANTILE_LEVELS.index(0.5)], self.usual)
        made = made_at.astimezone(UTC)
        forecasts = []
        for row, (shipment_id, at) in enumerate(zip(moments.shipment_ids, moments.at.tolist(), strict=True)):
            digest = self.digest(features.values[row], rows, row)
            forecasts.append(
                Forecast(
                    forecast_id=hashlib.sha256(f"{shipment_id}\x1f{at}\x1f{micros(made)}\x1f{digest}".encode()).hexdigest()[:32],
                    shipment_id=str(shipment_id),
                    target=Target.DELIVERED,
                    as_of=instant(at, 0.0),
                    made_at=made,
                    quantiles=tuple((level, instant(at, hours)) for level, hours in zip(QUANTILE_LEVELS, quantiles[row], strict=True)),
                    window=Window(instant(at, window[row, 0]), instant(at, window[row, 1]), WINDOW_LEVEL),
                    late_probability=None if np.isnan(late[row]) else float(np.clip(late[row], 0.0, 1.0)),
                    reasons=reasons[row],
                    model_version=self.version,
                    input_digest=digest,
                    timezone=rows.timezone[row],
                )
            )
        return tuple(forecasts)

    def digest(self, values: Floats, rows: Rows, row: int) -> str:
        """Give a digest of everything that one answer depends on: equal digests of one version mean equal forecasts."""
        hasher = hashlib.sha256(self.version.encode())
        hasher.update(np.ascontiguousarray(values).tobytes())
        hasher.update(repr([getattr(rows, name)[row] for name in Rows.__dataclass_fields__ if name != "shipment_ids"]).encode())
        return hasher.hexdigest()

    def with_history(self, history: History) -> "Predictor":
        """Give the same predictor that looks into another history."""
        return replace(self, history=history)

    def knowing(self, facts: Facts) -> "Predictor":
        """Give the same predictor as it would have answered at any moment of the past, had it observed all facts as they were received.

        For replays: evaluation and the online benchmark. Service comes to the same answers step by step with `observed`.
        """
        return self.with_history(History.build(facts, vocabulary=self.vocabulary))

    @property
    def knows_until(self) -> datetime | None:
        """Give the instant (UTC) up to which outcomes are in the history; ``None`` when it does not move on in time."""
        return None if self.history.until is None else instant(self.history.until, 0.0)

    def observed(self, facts: Facts, *, until: datetime) -> "Predictor":
        """Give the same predictor that also knows what was received up to ``until``; it answers moments from then on.

        ``facts`` hold all that was received by then of every shipment with news since `knows_until`.
        """
        return self.with_history(self.history.observe(facts, until=until))

    def at_checkout(self) -> "Predictor":
        """Give the predictor for shipments that nothing but an order is known of; itself where it learnt nothing about those."""
        part = self.checkout
        return self if part is None else replace(self, model=part.model, levels=part.levels, usual=part.usual)

    def to_bundle(self) -> dict[str, object]:
        """Give plain data: LightGBM's text, numpy arrays, text and numbers; none of our classes."""
        return {
            "format": BUNDLE_FORMAT,
            "features_version": FEATURES_VERSION,
            "schema_hash": self.schema_hash,
            "version": self.version,
            "about": self.about,
            "model": self.model.to_state(),
            "levels": self.levels.to_state(),
            "usual": self.usual.to_state(),
            "vocabulary": self.vocabulary.to_dict(),
            "history": self.history.to_arrays(),
            **({"checkout": self.checkout.to_state()} if self.checkout is not None else {}),
        }

    @classmethod
    def from_bundle(cls, bundle: dict[str, Any]) -> "Predictor":
        """Make the predictor again; raises `ModelRefused` for a bundle of another format or with a part missing."""
        if bundle.get("format") != BUNDLE_FORMAT:
            raise ModelRefused(f"the bundle has format {bundle.get('format')!r}, this version reads {BUNDLE_FORMAT}; train again.")
        try:
            return cls(
                model_of(bundle["model"]),
                LevelMap.from_state(bundle["levels"]),
                Vocabulary.from_dict(bundle["vocabulary"]),
                History.from_arrays(bundle["history"]),
                UsualRows.from_state(bundle["usual"]),
                bundle["schema_hash"],
                bundle["about"],
                bundle["version"],
                Checkout.from_state(bundle["checkout"]) if "checkout" in bundle else None,  # added later, so it may be absent
            )
        except KeyError as missing:
            raise ModelRefused(f"the bundle lacks {missing}; train again.") from missing


def instant(at: int, hours: float) -> datetime:
    """Give the instant some hours after ``at`` (microseconds since 1970 UTC), to the second."""
    return EPOCH + timedelta(microseconds=at) + timedelta(seconds=round(float(hours) * 3600))
