"""Pick the implementations behind the ports, once, from the settings."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from data.storage.link_lifetime import LinkLifetime
from data.storage.store import Store, open_store
from serving.branding import Brands, read_brands
from serving.finding.digests import Digests
from serving.finding.limiting import Limiter, MovingWindows
from serving.finding.link_desk import LinkDesk, pause_seconds
from serving.finding.look_up import LookUp
from serving.forecast_feed import ForecastFeed
from serving.habits import Habits
from serving.mailing.mailer import Mailer
from serving.mailing.outbox import Outbox
from serving.mailing.smtp import smtp_mailer
from serving.secrets_on_disk import kept_secret
from serving.security import Keyring
from serving.serving_model import ModelSource, ServingModel
from serving.settings import Settings
from serving.watermark import Watermark

__all__ = ["Clock", "Wiring", "open_wiring", "signing_key", "system_clock"]

Clock = Callable[[], datetime]
"""Give the present instant, aware, in UTC."""


def system_clock() -> datetime:
    """Give the present instant by the clock of the machine."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Wiring:
    """Hold what a running Doorcast works with; ``request.app.state.wiring`` in every route."""

    settings: Settings
    store: Store
    model: ServingModel
    keyring: Keyring
    clock: Clock
    watermark: Watermark
    digests: Digests
    look_up: LookUp
    limiter: Limiter
    link_desk: LinkDesk
    feed: ForecastFeed = field(default_factory=ForecastFeed)
    habits: Habits = field(default_factory=Habits)
    brands: Brands = field(default_factory=Brands)
    turns: tuple[threading.Lock, ...] = field(default_factory=lambda: tuple(threading.Lock() for _ in range(64)))
    """Locks by hash of the shipment, so that a popular one is forecast once and not by all who ask."""

    def now(self) -> datetime:
        """Give the present instant (UTC)."""
        return self.clock()

    def seen_at(self, shipment_ids: Collection[str]) -> datetime:
        """Give the newest instant up to which every scan heard of these shipments is durable; their forecasts look from here."""
        return self.watermark.seen_at(shipment_ids)

    def close(self) -> None:
        """Stop mailing and close the store."""
        self.link_desk.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_wiring(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    models: ModelSource | None = None,
    mailer: Mailer | None = None,
    pause: Callable[[], float] = pause_seconds,
) -> Wiring:
    """Open the store, the keys and the way to the serving model.

    ``models`` replaces the registry and ``mailer`` the mail server (tests give fakes); ``pause`` is how long a wish for a mailed link lies.
    No model is read here: the first use or the background check reads it, so that
    a server answers ``/livez`` at once.
    """
    settings.state_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    brands = read_brands(settings.brands_file)
    keyring = Keyring.open(settings)
    source = models or registry_source(settings)
    outbox = Outbox(mailer or smtp_mailer(settings))
    digests = Digests(kept_secret(settings.state_folder, "contact_secret"))
    after_end = timedelta(days=settings.link_days_after_end)
    links = LinkLifetime(after_end=after_end, at_most=timedelta(days=settings.link_days_at_most))
    store = open_store(settings.store_url, now=clock, links=links)
    look_up = LookUp(store, digests, findable_after_end=after_end)
    return Wiring(
        settings=settings,
        store=store,
        model=ServingModel(source),
        keyring=keyring,
        clock=clock,
        watermark=Watermark(clock),
        brands=brands,
        digests=digests,
        look_up=look_up,
        limiter=MovingWindows(settings),
        link_desk=LinkDesk(store, look_up, outbox, address=settings.address, clock=clock, pause=pause, brand=brands.default),
    )


def signing_key(settings: Settings) -> bytes:
    """Give the key of the bundles' signatures: the setting, or the one kept in the state folder."""
    if settings.model_signing_key is not None:
        return settings.model_signing_key.get_secret_value().encode(errors="surrogateescape")  # any bytes may be a key
    return kept_secret(settings.state_folder, "model_signing_key").encode()


def registry_source(settings: Settings) -> ModelSource:
    """Give the registry of the settings; imported late, because reading models needs heavy libraries."""
    from training.registry import Registry

    return Registry(settings.registry_folder, key=signing_key(settings))
