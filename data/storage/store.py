"""Open the store: the one door to everything that Doorcast remembers."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from data.storage.contacts import ContactsRepository
from data.storage.database import Database
from data.storage.engine import Engines, open_engines
from data.storage.facts import FactsRepository
from data.storage.finding import FindingRepository
from data.storage.forecasts import ForecastsRepository
from data.storage.imports import ImportsRepository
from data.storage.link_lifetime import LinkLifetime
from data.storage.migrate import migrate
from data.storage.opening_links import OpeningLinksRepository
from data.storage.outcomes import OutcomesRepository
from data.storage.quarantine import QuarantineRepository
from data.storage.scans import ScansRepository
from data.storage.shipments import ShipmentsRepository
from data.storage.tables import CONTACTS, FACTS, FORECASTS, OPENING_LINKS, OUTCOMES, QUARANTINE, STATES, TOKENS
from data.storage.tokens import TokensRepository, random_token
from data.storage.trouble import reachable
from data.storage.updates import UpdatesRepository
from data.storage.weather import WeatherRepository

__all__ = ["Store", "open_store"]

UNDATED_LINKS = LinkLifetime()

COUNTED = (*FACTS.values(), STATES, OUTCOMES, FORECASTS, TOKENS, CONTACTS, OPENING_LINKS, QUARANTINE)


class Store:
    """Hold one repository for each noun. Safe to share between threads; close it, or use it as a context manager."""

    def __init__(self, engines: Engines, *, now: Callable[[], datetime], entropy: Callable[[int], str], links: LinkLifetime) -> None:
        self._database = Database(engines)
        self.facts = FactsRepository(self._database, now)
        self.shipments = ShipmentsRepository(self._database, now)
        self.scans = ScansRepository(self._database, now)
        self.outcomes = OutcomesRepository(self._database)
        self.weather = WeatherRepository(self._database)
        self.forecasts = ForecastsRepository(self._database, now)
        self.updates = UpdatesRepository(self._database)
        self.tokens = TokensRepository(self._database, now, entropy, links)
        self.contacts = ContactsRepository(self._database, now)
        self.opening_links = OpeningLinksRepository(self._database, now, entropy)
        self.finding = FindingRepository(self._database)
        self.quarantine = QuarantineRepository(self._database, now)
        self.imports = ImportsRepository(self._database)

    def counts(self) -> dict[str, int]:
        """Count the rows of each table, of one moment.

        The ledger of imports is left out, which grows with every import, and so are updates, which may be pruned.
        """
        counted = sa.select(*(sa.select(sa.func.count()).select_from(table).scalar_subquery().label(table.name) for table in COUNTED))
        with self._database.reading() as connection:
            return dict(connection.execute(counted).mappings().one())

    def close(self) -> None:
        """Finish waiting writes and close every connection; closing twice is fine."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def utc_now() -> datetime:
    """Give the present instant."""
    return datetime.now(UTC)


def open_store(
    url: str,
    *,
    now: Callable[[], datetime] = utc_now,
    entropy: Callable[[int], str] = random_token,
    links: LinkLifetime = UNDATED_LINKS,
) -> Store:
    """Open ``sqlite:///path/file.sqlite3`` or ``postgresql+psycopg://…`` and bring its schema to the newest version.

    ``now`` dates quarantine, tokens, imports and updates and decides which silent shipments have expired; ``entropy`` makes tokens;
    ``links`` says how long a link without a date of its own opens its page.
    Raises `Unavailable` when the database cannot be reached and `InvalidFact` for an address or schema that this program
    does not know.
    """
    engines = open_engines(url)
    try:
        with reachable(f"opened ({engines.address})"), engines.turn(), engines.writer.begin() as connection:
            if connection.dialect.name == "postgresql":  # several processes may start at the same time
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4207849)")
            migrate(connection)
    except BaseException:
        engines.dispose()
        raise
    return Store(engines, now=now, entropy=entropy, links=links)
