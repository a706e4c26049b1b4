"""DOOR 1: the predictor that evaluation judges is the object that serving loads."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.errors import InvalidFact, ModelRefused
from data.domain.forecasts import Forecast, Target, Window
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from training.calibration.following import Following
from training.calibration.groups import calibration_groups
from training.calibration.level_map import LevelMap
from training.checkout.checkout import Checkout
from training.checkout.whatif import only_known_at_checkout
from training.distribution import RemainingTime
from training.explain.explain import Explained, explain
from training.explain.journal import Journal
from training.explain.timetable import Timetable
from training.features.build import build
from training.features.matrix import FEATURES_VERSION, FeatureMatrix
from training.features.vocabulary import Vocabulary
from training.history.history import History
from training.models.gather import gather, outcomes_known_by
from training.models.model import Model, model_of
from training.models.problem import Outcomes, Rows
from training.models.usual import UsualRows
from training.moments import choose_moments, moments_between

__all__ = ["QUANTILE_LEVELS", "WINDOW_LEVEL", "Predictor"]

Floats = npt.NDArray[np.float64]

BUNDLE_FORMAT = 1
"""Raise it when the meaning of an entry changes, and keep a reader of the old one in `Predictor.from_bundle`."""
QUANTILE_LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
WINDOW_LEVEL = 0.8
MOST_FOLLOWED = 3_000
"""Moments since the cut whose bounds tell the pace of arrivals; thousands of arrivals leave no noise that would matter."""
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
    timetable: Timetable = field(default_factory=Timetable.unknown)
    """When vehicles leave: only reasons are read from it."""
    following: Following | None = None
    """The pace of arrivals since the cut; learnt in service, so never in a bundle."""
    journal: Journal = field(default_factory=Journal.nothing)
    """Who stood where and left when, lately: only reasons are read from it."""

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
        streams = calibration_groups(self.model, rows)
        said = self.levels.apply(self.model.predict(features, rows), streams)
        return said if self.following is None else self.following.apply(said, rows.at, streams)

    def forecast(self, facts: Facts, moments: Moments, *, made_at: datetime) -> tuple[Forecast, ...]:
        """Forecast every pair of ``moments``, in order: quantiles, window, late probability and reasons from one distribution."""
        if not len(moments):
            return ()
        features, rows = self.features(facts, moments), gather(facts, moments)
        said = self.answer(features, rows)
        quantiles = said.quantile(QUANTILE_LEVELS)
        window = said.quantile(((1 - WINDOW_LEVEL) / 2, (1 + WINDOW_LEVEL) / 2))
        late = said.survival(rows.promise_hours)
        explained = self.explained(facts, moments, features, rows, median=quantiles[:, QUANTILE_LEVELS.index(0.5)])
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
                    reasons=explained[row].reasons,
                    model_version=self.version,
                    input_digest=digest,
                    timezone=rows.timezone[row],
                )
            )
        return tuple(forecasts)

    def explained(self, facts: Facts, moments: Moments, features: FeatureMatrix, rows: Rows, *, median: Floats) -> list[Explained]:
        """Explain medians that are at hand."""
        return explain(
            self.answer,
            facts,
            moments,
            features,
            rows,
            median_hours=median,
            usual=self.usual,
            timetable=self.timetable,
            journal=self.journal,
        )

    def digest(self, values: Floats, rows: Rows, row: int) -> str:
        """Give a digest of everything that one answer depends on: equal digests of one version mean equal forecasts."""
        hasher = hashlib.sha256(self.version.encode())
        hasher.update(np.ascontiguousarray(values).tobytes())
        hasher.update(repr([getattr(rows, name)[row] for name in Rows.__dataclass_fields__ if name != "shipment_ids"]).encode())
        return hasher.hexdigest()

    def with_history(self, history: History) -> "Predictor":
        """Give the same predictor that looks into another history."""
        return replace(self, history=history)

    def knowing(self, facts: Facts, *, known_by: datetime) -> "Predictor":
        """Give the same predictor as it would have answered at any moment up to ``known_by``, had it observed the facts as they were received.

        For replays: evaluation and comparison. Service comes to the same answers hour by hour with `observed`.
        """
        told = self.with_history(History.build(facts, vocabulary=self.vocabulary)).followed(facts, known_by=known_by)
        return replace(told, journal=Journal.of(facts))

    @property
    def knows_until(self) -> datetime | None:
        """Give the instant (UTC) up to which outcomes are in the history; ``None`` when it does not move on in time."""
        return None if self.history.until is None else instant(self.history.until, 0.0)

    def observed(self, facts: Facts, *, until: datetime) -> "Predictor":
        """Give the same predictor that also knows what was received up to ``until``; it answers moments from then on.

        ``facts`` hold all that was received by then of every shipment with news since `knows_until`. Levels of lanes and facilities move on,
        and the pace of arrivals is compared with what it would have said at moments since then. Raises `InvalidFact` when it has been told
        before: bounds that were not due then would be lost, so the predictor is told everything anew, as it was loaded.
        """
        if self.following is not None:
            raise InvalidFact(
                f"model {self.version} has been told the news already; tell the one that was loaded, everything since its cut."
            )
        replayed = self.history.replayed(facts)
        told = self.with_history(replayed).followed(facts, known_by=until)
        return replace(told, history=replayed.snapshot(until), journal=self.journal.told(facts, until=until))

    def followed(self, facts: Facts, *, known_by: datetime) -> "Predictor":
        """Give the same predictor that knows the pace of arrivals since its cut, from some moments of the shipments in ``facts``."""
        cut = datetime.fromisoformat(self.about["cut"])
        moments = moments_between(choose_moments(facts, until=known_by), cut, known_by, most=MOST_FOLLOWED)
        plain = replace(self, following=None)
        following, checkout = plain.pace_of(facts, moments, outcomes_known_by(facts, moments, micros(known_by)), known_by), self.checkout
        if checkout is not None:
            born = facts.shipments.filter((pl.col("created_at") >= cut) & (pl.col("created_at") < known_by)).sort(
                "created_at", "shipment_id"
            )
            born = born.sample(min(born.height, MOST_FOLLOWED), seed=1)
            orders = Moments(born["shipment_id"].to_numpy().astype(object), born["created_at"].dt.epoch("us").to_numpy())
            asked = only_known_at_checkout(facts, checkout.book, sparse=born["shipment_id"].head(0))
            outcomes = outcomes_known_by(facts, orders, micros(known_by))
            checkout = replace(checkout, following=plain.at_checkout().pace_of(asked, orders, outcomes, known_by))
        return replace(self, following=following, checkout=checkout)

    def pace_of(self, facts: Facts, moments: Moments, outcomes: Outcomes, known_by: datetime) -> Following | None:
        """Compare what this predictor would have said at some moments with what came of them by ``known_by``; ``None`` without any."""
        ahead = np.flatnonzero(outcomes.hours > 0)
        moments, outcomes = Moments(moments.shipment_ids[ahead], moments.at[ahead]), outcomes.take(ahead)
        if not len(moments):
            return None
        rows = gather(facts, moments)
        said = self.answer(self.features(facts, moments), rows)
        came = np.where(outcomes.delivered, outcomes.hours, np.inf)
        return Following.of(said, moments.at, calibration_groups(self.model, rows), came, known_by=micros(known_by))

    def at_checkout(self) -> "Predictor":
        """Give the predictor for shipments that nothing but an order is known of; itself where it learnt nothing about those."""
        part = self.checkout
        if part is None:
            return self
        return replace(self, model=part.model, levels=part.levels, usual=part.usual, following=part.following)

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
            "timetable": self.timetable.to_state(),
            "journal": self.journal.to_state(),
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
                Timetable.from_state(bundle["timetable"]) if "timetable" in bundle else Timetable.unknown(),
                journal=Journal.from_state(bundle["journal"]) if "journal" in bundle else Journal.nothing(),
            )
        except KeyError as missing:
            raise ModelRefused(f"the bundle lacks {missing}; train again.") from missing


def instant(at: int, hours: float) -> datetime:
    """Give the instant some hours after ``at`` (microseconds since 1970 UTC), to the second."""
    return EPOCH + timedelta(microseconds=at) + timedelta(seconds=round(float(hours) * 3600))
