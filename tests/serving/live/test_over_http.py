"""Streams over a real connection: documented, limited, closed by right, and no hindrance when the server ends."""

import asyncio
import statistics
import threading
import time

import fastapi.sse
import httpx2
import orjson
import pytest

from serving.app import create_app
from serving.live import event_stream
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.fakes.forecaster import FakeForecaster, FakeModels
from tests.makers import after
from tests.maps.journeys import SCANS
from tests.serving.live.served import Served, running_clock, stream
from tests.serving.pages.stored import keep


def serve(folder, **settings):
    told = Settings(state_folder=folder, live_streams_per_network=1_000, **settings)
    app = create_app(told, wiring=open_wiring(told, clock=running_clock(after(31)), models=FakeModels(FakeForecaster())))
    keep(app.state.wiring.store, shipment_id="S1", scans=SCANS[:3])
    served = Served(app)
    until = time.monotonic() + 20
    while not app.state.wiring.store.forecasts.latest(["S1"]):  # the background makes it; a test begins when all is quiet
        assert time.monotonic() < until
        time.sleep(0.02)
    return served


@pytest.fixture
def served(tmp_path):
    made = serve(tmp_path)
    yield made
    made.stop()


def scan_now(number: int) -> dict[str, object]:
    return {"scan_id": f"now-{number}", "shipment_id": "S1", "status": "in_transit", "occurred_at": after(30).isoformat()}


def test_the_api_tells_what_is_new(served):
    """The envelope names sequence, type, shipment and both clocks; a stream that continues has what was missed."""
    here = served.wiring.store.updates.newest()
    address = f"{served.address}/v1/shipments/S1/events"
    with stream(address) as events:
        assert next(events)[0] == "event: ready"
        assert served.post_scan(**scan_now(1)).status_code == 201
        first = dict(line.split(": ", 1) for line in next(events))
    told = orjson.loads(first["data"])
    with stream(address, **{"Last-Event-ID": str(here)}) as events:
        ready, again = next(events), dict(line.split(": ", 1) for line in next(events))

    assert first["id"] == str(told["sequence"]) == str(here + 1)
    assert (told["type"], told["shipment_id"], told["occurred_at"]) == ("checkpoint.added", "S1", "2026-06-02T18:00:00Z")
    assert f"id: {here}" in ready
    assert 1_000 <= int(next(line for line in ready if line.startswith("retry")).split()[1]) <= 2_000
    assert again == first


def test_a_page_hears_nothing_but_that_there_is_news(served):
    """Neither the shipment nor anything about it travels to a page; answers are not to be buffered or kept."""
    token = served.wiring.store.tokens.issue("S1", scope="status")
    with stream(f"{served.address}/track/{token}/events?after=0") as events:
        ready, first = next(events), next(events)

    assert orjson.loads(ready[1].removeprefix("data: ")) == {"sequence": 0}
    assert orjson.loads(first[0].removeprefix("data: ")) == {"sequence": 1, "type": "checkpoint.added"}
    head = httpx2.Client(timeout=20)
    with head.stream("GET", f"{served.address}/track/{token}/events") as answer:
        assert answer.headers["x-accel-buffering"] == "no"
        assert answer.headers["cache-control"] == "no-cache"
    head.close()


def test_a_silent_stream_has_a_heartbeat(served, monkeypatch):
    """A comment keeps proxies from cutting the connection: every 15 seconds, here sooner."""
    assert fastapi.sse._PING_INTERVAL == 15
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.2)
    with stream(f"{served.address}/v1/shipments/S1/events") as events:
        next(events)

        assert next(events) == [": ping"]


@pytest.mark.parametrize("path", ["/v1/shipments/nobody/events", "/track/wrong/events", "/track/%00/events"])
def test_what_is_not_known_is_refused_before_a_stream_begins(served, path):
    """404, as for the ETA and the page."""
    answer = httpx2.get(f"{served.address}{path}")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("position", ["nonsense", "-5", "99999999999999999999999", "1 OR 1=1", "%0d%0aevent: x"])
def test_a_position_that_is_nonsense_is_a_reset(served, position):
    """Nothing of it comes back, and the stream goes on from now."""
    with stream(f"{served.address}/v1/shipments/S1/events?after={position}") as events:
        next(events)

        assert next(events)[0] == "event: reset"


def test_a_position_too_long_is_refused(served):
    """422, with the rule."""
    assert httpx2.get(f"{served.address}/v1/shipments/S1/events?after={'1' * 101}").status_code == 422


def test_the_right_is_that_of_the_eta(tmp_path):
    """Where reads are private the stream needs the key, too."""
    served = serve(tmp_path, private_reads=True)
    address = f"{served.address}/v1/shipments/S1/events"

    assert httpx2.get(address).status_code == 401
    with stream(address, **{"X-API-Key": served.wiring.keyring.first_key}) as events:
        assert next(events)[0] == "event: ready"
    served.stop()


def test_one_stream_too_many_is_told_and_places_come_back(tmp_path):
    """429 with a wait; when a reader leaves, its place is free."""
    served = serve(tmp_path, live_streams_per_link=2)
    address = f"{served.address}/track/{served.wiring.store.tokens.issue('S1')}/events"
    with stream(address) as one, stream(address) as two:
        next(one), next(two)
        refused = httpx2.get(address)
        metrics = httpx2.get(f"{served.address}/metrics").text
    until = time.monotonic() + 5
    while served.app.state.live.streams.count and time.monotonic() < until:
        time.sleep(0.05)

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert "this link has 2 open streams and may have 2" in refused.json()["detail"]
    assert "doorcast_open_streams 2.0" in metrics
    assert served.app.state.live.streams.count == 0
    assert served.app.state.live.feed._task is None  # nobody follows, so nobody looks
    served.stop()


def test_a_revoked_link_loses_its_open_stream(served, monkeypatch):
    """The stream ends with a reason, and the link opens no other."""
    monkeypatch.setattr(event_stream, "CHECK_SECONDS", 0.1)
    token = served.wiring.store.tokens.issue("S1")
    address = f"{served.address}/track/{token}/events"
    with stream(address) as events:
        next(events)
        served.wiring.store.tokens.revoke(token)
        rest = list(events)

    assert rest == [["event: end", 'data: {"reason": "link"}']]
    assert httpx2.get(address).status_code == 404


def test_the_server_ends_with_open_streams(tmp_path):
    """Twenty readers are let go at once; the server does not wait for its patience to end."""
    served = serve(tmp_path)
    ready, left = threading.Barrier(21), []

    def read() -> None:
        with stream(f"{served.address}/v1/shipments/S1/events") as events:
            next(events)
            ready.wait(20)
            left.append(list(events))

    readers = [threading.Thread(target=read) for _ in range(20)]
    for reader in readers:
        reader.start()
    ready.wait(20)
    took = served.stop()
    for reader in readers:
        reader.join(10)

    assert took < 4
    assert left == [[]] * 20


STREAMS = 200


class Crowd:
    """Open many streams from one thread, and keep the ids that each of them hears."""

    def __init__(self, address: str) -> None:
        self._host, self._port = address.removeprefix("http://").split(":")
        self.heard: list[list[int]] = [[] for _ in range(STREAMS)]
        self.ready = threading.Event()
        self._enough = asyncio.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self.thread.start()

    async def _run(self) -> None:
        opened = await asyncio.gather(*(self._open() for _ in range(STREAMS)))
        self.ready.set()
        await asyncio.gather(*(self._hear(reader, heard) for (reader, _), heard in zip(opened, self.heard, strict=True)))
        for _, writer in opened:
            writer.close()
            await writer.wait_closed()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self._host, int(self._port))
        writer.write(b"GET /v1/shipments/S1/events HTTP/1.1\r\nHost: here\r\n\r\n")
        while await reader.readline() != b"event: ready\n":
            pass
        return reader, writer

    async def _hear(self, reader: asyncio.StreamReader, heard: list[int]) -> None:
        told = False
        async with asyncio.timeout(30):
            while len(heard) < 4:
                line = await reader.readline()
                told = told or (line.startswith(b"data: ") and b"type" in line)
                if told and line.startswith(b"id: "):
                    heard.append(int(line[4:]))


def test_two_hundred_streams_leave_the_api_quick(tmp_path):
    """With 200 open streams that all get news, the ETA answers, and every reader hears everything in order."""
    served = serve(tmp_path, live_streams_per_link=1_000)
    here = served.wiring.store.updates.newest()
    with httpx2.Client(base_url=served.address, timeout=30) as client:
        alone = asked(client, 30)
        crowd = Crowd(served.address)
        assert crowd.ready.wait(60)
        silent = asked(client, 30)
        seconds = []
        for number in range(2):
            assert served.post_scan(**scan_now(number)).status_code == 201
            seconds += asked(client, 20)
    crowd.thread.join(30)
    expected = [update.sequence for update in served.wiring.store.updates.of("S1", after=here)]
    served.stop()

    for name, measured in (("alone", alone), ("beside 200 silent streams", silent), ("while 200 streams get news", seconds)):
        print(f"GET eta {name}: p50 {statistics.median(measured) * 1e3:.1f} ms, max {max(measured) * 1e3:.0f} ms")
    assert statistics.median(silent) < 0.25
    assert statistics.median(seconds) < 0.25
    assert crowd.heard == [expected] * STREAMS
    assert len(expected) == 4


def asked(client: httpx2.Client, times: int) -> list[float]:
    """Give how many seconds each of some questions for the ETA took."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        assert client.get("/v1/shipments/S1/eta").status_code == 200
        seconds.append(time.perf_counter() - began)
    return seconds
