"""A reader is told everything it missed, once and in order, and then what comes."""

import threading
import time
from datetime import timedelta

import pytest

from data.domain.errors import NotFound, Unavailable
from data.domain.statuses import Status
from data.storage.store import open_store
from serving.live import event_stream
from serving.live.event_stream import position_of
from serving.live.update_feed import UpdateFeed
from tests.makers import after, make_scan
from tests.serving.live.following import follow


def scanned(store, number: int, status: Status = Status.IN_TRANSIT, shipment_id: str = "S1") -> None:
    store.scans.append([make_scan(f"{shipment_id}-{number}", status, after(number / 10), shipment_id=shipment_id)])


def test_replay_gives_exactly_what_was_missed(store):
    """After any id: all later updates of this shipment, in order, and none of another."""
    for number in range(6):
        scanned(store, number)
        scanned(store, number, shipment_id="S2")
    everything = [update.sequence for update in store.updates.of("S1", after=0)]

    for position in (0, *everything, everything[2] + 1):
        missed = [sequence for sequence in everything if sequence > position]
        told = follow(store, position, stop=1 + len(missed))

        assert told[0][:2] == ("ready", str(position))
        assert [int(number) for _, number, _ in told[1:]] == missed
        assert all(event is None and data == {"type": "checkpoint.added"} for event, _, data in told[3:])


def test_without_a_position_only_news_are_told(store):
    """Who comes for the first time hears what comes from now on."""
    scanned(store, 1)
    here = store.updates.newest()

    told = follow(store, None, stop=2, meanwhile=lambda: scanned(store, 2))

    assert told == [("ready", str(here), {"sequence": here}), (None, str(here + 1), {"type": "checkpoint.added"})]


def test_news_of_this_process_come_at_once(store):
    """A commit wakes the stream without waiting for the poll: 20 scans one after another take a moment."""
    said: list[float] = []

    def send() -> None:
        threading.Thread(target=lambda: [scanned(store, number) for number in range(20)]).start()
        said.append(time.monotonic())

    follow(store, 0, stop=22, meanwhile=send, seconds=20)

    assert time.monotonic() - said[0] < 5


def test_news_of_another_process_come_within_a_second(store, settings):
    """A second store on the same database, as an import beside the server has it."""
    with open_store(settings.store_url) as other:
        scanned(store, 1)
        here, began = store.updates.newest(), []

        def elsewhere() -> None:
            time.sleep(0.7)  # the feed sleeps between two looks
            scanned(other, 2)
            began.append(time.monotonic())

        told = follow(store, here, stop=2, meanwhile=lambda: threading.Thread(target=elsewhere).start())
        took = time.monotonic() - began[0]

    assert told[1][1] == str(here + 1)
    assert took < 1.0


@pytest.mark.parametrize("position", [-1, 10**17], ids=["not ours", "of another database"])
def test_a_position_that_cannot_be_continued_is_a_reset(store, position):
    """The reader is told to read anew, and where the sequence is now."""
    scanned(store, 1)
    here = store.updates.newest()

    told = follow(store, position, stop=2)

    assert told[1] == ("reset", str(here), {"sequence": here})


def test_a_position_before_what_is_kept_is_a_reset(store, wiring):
    """Pruned updates are told as one reset; a reader that has seen the oldest one kept misses nothing."""
    for number in range(3):
        scanned(store, number)
    here = store.updates.newest()
    store.updates.prune(wiring.now() + timedelta(days=1))

    assert follow(store, 1, stop=2)[1] == ("reset", str(here), {"sequence": here})
    assert follow(store, here - 1, stop=2)[1] == (None, str(here), {"type": "checkpoint.added"})


def test_too_much_missed_is_a_reset(store, monkeypatch):
    """Beyond a number of missed updates one reset says the same."""
    monkeypatch.setattr(event_stream, "MOST_REPLAYED", 3)
    for number in range(5):
        scanned(store, number)

    assert follow(store, 0, stop=2)[1][0] == "reset"


def test_a_revoked_link_ends_the_stream(store, wiring, monkeypatch):
    """The next look finds the link revoked; nothing more is told, not even what is new."""
    monkeypatch.setattr(event_stream, "CHECK_SECONDS", 0.1)
    token = store.tokens.issue("S1")

    def revoke() -> None:
        store.tokens.revoke(token)
        scanned(store, 1)

    told = follow(store, 0, meanwhile=revoke, still_allowed=lambda: store.tokens.resolve(token, now=wiring.now()))

    assert told[1:] == [("end", None, {"reason": "link"})]


def test_an_expired_link_ends_the_stream_without_any_news(store, clock, monkeypatch):
    """Time alone ends it."""
    monkeypatch.setattr(event_stream, "CHECK_SECONDS", 0.1)
    token = store.tokens.issue("S1", expires_at=clock() + timedelta(hours=1))

    told = follow(store, 0, meanwhile=lambda: clock.turn(hours=1), still_allowed=lambda: store.tokens.resolve(token, now=clock()))

    assert told[1:] == [("end", None, {"reason": "link"})]


def test_a_journey_that_ended_ends_the_stream_after_a_while(store, monkeypatch):
    """Delivered: the reader hears it, the stream lingers, then ends for good."""
    monkeypatch.setattr(event_stream, "CHECK_SECONDS", 0.1)
    monkeypatch.setattr(event_stream, "LINGER_SECONDS", 0.3)

    told = follow(store, 0, meanwhile=lambda: scanned(store, 1, Status.DELIVERED))

    assert [data for _, _, data in told[1:-1]] == [{"type": kind} for kind in ("checkpoint.added", "status.changed", "delivery.completed")]
    assert told[-1] == ("end", None, {"reason": "journey"})


def test_the_end_of_the_server_ends_streams_without_a_word(store):
    """No `end` is sent, so the reader comes back with its last id."""
    feed = UpdateFeed(store.updates)

    assert [event for event, _, _ in follow(store, 0, meanwhile=feed.end, feed=feed)] == ["ready"]


def test_a_database_that_is_away_ends_the_stream_quietly(store):
    """The reader comes back later."""

    def away() -> None:
        raise Unavailable("away")

    assert [event for event, _, _ in follow(store, 0, still_allowed=away)] == ["ready"]


def test_an_unknown_shipment_ends_the_stream(store):
    """As a link that opens nothing would."""

    def gone() -> None:
        raise NotFound("gone")

    assert follow(store, 0, still_allowed=gone)[-1] == ("end", None, {"reason": "link"})


@pytest.mark.parametrize(
    ("text", "position"),
    [
        (None, None),
        ("", None),
        (" ", None),
        ("17", 17),
        (" 17 ", 17),
        ("0", 0),
        ("-1", -1),
        ("1e3", -1),
        ("١٢", -1),
        ("9" * 19, -1),
        ("x", -1),
    ],
)
def test_a_last_event_id_is_read_strictly(text, position):
    """Digits only; what cannot be read starts the reader anew."""
    assert position_of(text) == position
