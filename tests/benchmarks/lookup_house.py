"""Build a house full of simulated parcels whose customers' addresses are on file, and ask its look-up page in process, over ASGI."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

from data.simulator.simulate import simulate
from data.storage.contacts import Contact
from serving.app import create_app
from serving.mailing.mailer import Handed, HandedOver
from serving.settings import Settings
from serving.wiring import Wiring, open_wiring

__all__ = ["Answer", "House"]

START = datetime(2026, 3, 1, tzinfo=UTC)
MOST_NOTES = 300
"""Notes that may lie at the link desk before the next request; beyond a thousand they are dropped."""
TICKET = re.compile(r'name="ticket" value="([^"]+)"')
HEADERS = [(b"host", b"127.0.0.1"), (b"accept", b"text/html"), (b"content-type", b"application/x-www-form-urlencoded")]


class NoModel:
    """Be a registry in which no model serves."""

    def serving(self) -> str | None:
        return None

    def load(self, version: str | None = None) -> object:
        raise AssertionError("nothing serves, so nothing may be loaded")


class Counted:
    """Take every letter and only count it."""

    letters = 0

    def hand(self, letter: EmailMessage) -> Handed:
        self.letters += 1
        return Handed(HandedOver.TAKEN)


class Answer:
    """Hold one answer: its status, headers and text, and the seconds that it took."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes, seconds: float) -> None:
        self.status, self.headers, self.text, self.seconds = status, headers, body.decode(), seconds


class House:
    """Hold a running application without background work, and the address that it is asked from."""

    def __init__(self, folder: Path, *, orders: int, seed: int = 3, days: int = 20, **settings: object) -> None:
        self.mailer = Counted()
        made = Settings(state_folder=folder, **settings)
        now = START + timedelta(days=days)
        self.wiring: Wiring = open_wiring(made, clock=lambda: now, models=NoModel(), mailer=self.mailer)
        self.wiring.store.facts.add(simulate(seed=seed, orders=orders, start=START, days=days).facts, source="benchmark")
        facts = self.wiring.store.facts.read()
        self.shipments, self.orders, self.facilities = facts.shipments, facts.orders, facts.facilities
        for order_id in self.orders["order_id"]:
            address = self.address_of(order_id)
            self.wiring.store.contacts.set(order_id, Contact(address, self.wiring.digests.email(address)))
        self.app = create_app(made, wiring=self.wiring)
        self.peer = "198.51.100.7"

    def without_limits(self) -> None:
        """Let every try through, so that what stands behind the limits is tried too."""
        from serving.finding.limiting import Verdict

        class Open:
            def count(self, errand: object, *, network: str, number_digest: str) -> Verdict:
                return Verdict()

        self.app.state.wiring = replace(self.wiring, limiter=Open())

    @staticmethod
    def address_of(order_id: str) -> str:
        return f"customer-{order_id.lower()}@mail.example"

    async def keep_up(self) -> None:
        """Wait while many notes lie at the link desk, so that none is dropped."""
        while len(self.wiring.link_desk._outbox._waiting) > MOST_NOTES:  # noqa: ASYNC110 - another thread takes them
            await asyncio.sleep(0.01)

    async def get(self, path: str) -> Answer:
        return await self._ask("GET", path, b"")

    async def ticket(self) -> str:
        """Give a form's ticket, as a visitor gets it."""
        found = TICKET.search((await self.get("/track")).text)
        assert found, "the look-up page holds no form"
        return found[1]

    async def ask(self, number: str, fact: str, errand: str, ticket: str) -> Answer:
        """Send the form."""
        form = {"number": number, "fact": fact, "errand": errand, "ticket": ticket}
        return await self._ask("POST", "/track", urlencode(form).encode())

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        sent: list[dict] = []
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": path,
            "raw_path": path.encode(), "query_string": b"", "root_path": "", "server": ("127.0.0.1", 80), "client": (self.peer, 1),
            "headers": [*HEADERS, (b"content-length", str(len(body)).encode())],
        }  # fmt: skip

        async def receive() -> dict:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict) -> None:
            sent.append(message)

        began = perf_counter()
        await self.app(scope, receive, send)
        seconds = perf_counter() - began
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]), seconds)
