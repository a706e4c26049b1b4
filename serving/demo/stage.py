"""Set the stage: simulate a network, keep what is known by now, train a model on it, forecast what is on its way."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data.domain.errors import Conflict
from data.facts.facts import Facts
from data.simulator.live import split_at
from data.simulator.simulate import simulate
from data.storage.store import Store, open_store
from serving.settings import Settings

__all__ = ["MARK", "Stage", "clear", "set_stage"]

MARK = "demo.json"
"""File that says: the state in this folder was made by the demo and may be made anew."""

HISTORY_DAYS, COMING_DAYS = 45, 3
MOST_LEARNT, MOST_JUDGED = 8_000, 3_000
"""Moments of a demo's training: two thirds of the usual 12,000 in two thirds of the time. Mean error 14.1 to 15.3 hours in three starts against 13.4 to
14.0 in three with the usual number (2026-11-21)."""
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """Hold what the demo plays with: when it begins, what is heard later, and what was learnt."""

    starts_at: datetime
    later: Facts
    version: str
    shipments: int
    scans: int
    mean_error_hours: float
    lane_table_error_hours: float


def clear(settings: Settings) -> None:
    """Remove the state of an earlier demo; raises `Conflict` when the folder holds state that no demo made."""
    folder = settings.state_folder
    database = folder / "doorcast.sqlite3"
    if settings.database_url is not None:
        raise Conflict(
            "DOORCAST_DATABASE_URL is set: the demo fills a database of its own; unset it, or use `doorcast data simulate` and `import`."
        )
    if settings.models_folder is not None:
        raise Conflict(
            f"DOORCAST_MODELS_FOLDER is {settings.models_folder}: the demo begins with no models and would remove these; unset it."
        )
    if not (folder / MARK).exists():
        if database.exists() or settings.registry_folder.exists():
            raise Conflict(
                f"{folder} holds facts or models that no demo made; give the demo a folder of its own: doorcast demo --state FOLDER."
            )
        return
    for path in [*folder.glob("doorcast.sqlite3*"), settings.registry_folder]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def set_stage(settings: Settings, *, orders: int, seed: int, now: datetime, tell: Tell) -> Stage:
    """Simulate, import, train, sign and promote; ``orders`` come over 45 past days, more in the days to come.

    ``now`` (UTC) is the moment at which the demo begins; ``tell`` hears one sentence a step.
    """
    from serving.wiring import signing_key
    from training.pipeline import save, train
    from training.registry import Registry

    clear(settings)
    settings.state_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark(settings.state_folder, orders=orders, seed=seed, starts_at=now)
    tell(f"Simulating {orders:,} orders of {HISTORY_DAYS} days in a parcel network …")
    span = HISTORY_DAYS + COMING_DAYS
    simulated = simulate(seed=seed, orders=round(orders * span / HISTORY_DAYS), start=now - timedelta(days=HISTORY_DAYS), days=span)
    known, later = split_at(simulated.facts, now)
    tell(f"Keeping {known.shipments.height:,} shipments and {known.scans.height:,} scans …")
    with open_store(settings.store_url) as store:
        store.facts.add(known, source="demo")
        tell("Training on them: baselines, forecast, calibration …")
        trained = train(known, seed=seed, most_learnt=MOST_LEARNT, most_judged=MOST_JUDGED)
        registry = Registry(settings.registry_folder, key=signing_key(settings))
        version = save(trained, registry, reason="the demo's model")
        registry.promote(version, reason="first: no model served before.")
        tell(f"Forecasting what is on its way with model {version} …")
        forecast_all(store, registry.load(version), at=now)
    return Stage(
        starts_at=now,
        later=later,
        version=version,
        shipments=known.shipments.height,
        scans=known.scans.height,
        mean_error_hours=float(trained.evaluation.scores["time"]["all"]["mae"]),
        lane_table_error_hours=trained.baseline_errors()["lane_table"],
    )


def mark(folder: Path, **told: Any) -> None:
    """Say that this state is the demo's."""
    (folder / MARK).write_text(json.dumps(told, default=str, indent=1))


def forecast_all(store: Store, forecaster: Any, *, at: datetime) -> None:
    """Forecast every open shipment once, so that the first page is complete."""
    from serving.forecasting import forecast_shipments

    waiting = store.shipments.open_ids()
    for begin in range(0, len(waiting), 2_000):
        forecast_shipments(store, forecaster, waiting[begin : begin + 2_000], at=at)
