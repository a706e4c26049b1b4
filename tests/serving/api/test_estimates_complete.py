"""A checkout asks when several parcels would all have come; bad questions are answered with value, rule and next step."""

from datetime import datetime

import pytest

from tests.serving.api.test_estimates import BOOK, KnowsServices
from training.checkout.dependence import PHASES, RELATIONS, Dependence

HERE, THERE = {"postal_code": "98101"}, {"postal_code": "11215"}
PARCEL = {"carrier": "swift", "service": "ground", "destination": HERE, "origin": {"postal_code": "38118"}}
OTHER = {**PARCEL, "origin": {"postal_code": "89408"}}
SHARES = {"order": 0.4, "origin_day": 0.1, "lane_day": 0.2, "destination_day": 0.05}
NOTHING = dict.fromkeys(RELATIONS, 0.0)


def ask(client, *parcels, **more):
    return client.post("/v1/estimates/complete", json={"parcels": list(parcels), **more})


def told(client, *parcels, **more):
    answer = ask(client, *parcels, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def knows(monkeypatch, forecaster, **learnt):
    """Let the model know the book and some phases."""
    dependence = Dependence({phase: learnt.get(phase, NOTHING) for phase in PHASES}, {phase: 99 * (phase in learnt) for phase in PHASES})
    monkeypatch.setattr(forecaster, "checkout", KnowsServices(BOOK, dependence))


def start(window):
    return datetime.fromisoformat(window["start"])


def test_the_last_of_two_and_each_of_them(client):
    """The fake takes 96 hours evenly: of two that know nothing of each other half are complete after 67.9 hours; each alone as it would be."""
    found = told(client, PARCEL, OTHER)
    alone = client.post("/v1/estimates", json=PARCEL).json()
    middle = datetime.fromisoformat(found["percentiles"][0]["at"]) - datetime.fromisoformat(found["as_of"])

    assert [one["level"] for one in found["windows"]] == [0.8, 0.9]
    assert middle.total_seconds() / 3600 == pytest.approx(96 * 0.5**0.5, abs=0.4)
    assert [one["percentiles"] for one in found["parcels"]] == [alone["percentiles"]] * 2
    assert found["parcels"][0]["windows"][0]["start"] == alone["window"]["start"]
    assert (found["dependence"], found["shared"], found["model_version"]) == ("none", [], "fake-1")


def test_what_was_learnt_at_checkout_is_used_and_named(client, forecaster, monkeypatch):
    """The window of the last one begins earlier, and each share is told with the parcels that have it in common."""
    before = told(client, PARCEL, OTHER, PARCEL)
    knows(monkeypatch, forecaster, checkout=SHARES, start=NOTHING)
    found = told(client, PARCEL, OTHER, PARCEL)
    shared = {one["relation"]: (one["share"], one["parcels"]) for one in found["shared"]}

    assert found["dependence"] == "checkout"
    assert start(found["windows"][1]) < start(before["windows"][1])
    assert shared == {
        "order": (0.4, [[0, 1, 2]]),
        "origin_day": (0.1, [[0, 2]]),
        "lane_day": (0.2, [[0, 2]]),
        "destination_day": (0.05, [[0, 1, 2]]),
    }
    assert all(one["text"] for one in found["shared"])


def test_where_checkouts_taught_nothing_the_labels_answer(client, forecaster, monkeypatch):
    """A model of before, or a shop with few orders in several parcels: what labels showed is used and said."""
    knows(monkeypatch, forecaster, start=SHARES)
    found = told(client, PARCEL, PARCEL)

    assert found["dependence"] == "label"
    assert [one["share"] for one in found["shared"]] == [0.4, 0.1, 0.2, 0.05]


def test_the_order_of_the_parcels_says_nothing(client, forecaster, monkeypatch):
    """Asked the other way round, the windows agree within the error of the sample."""
    knows(monkeypatch, forecaster, checkout=SHARES)
    one, other = told(client, PARCEL, OTHER, PARCEL), told(client, OTHER, PARCEL, PARCEL)

    for mine, yours in zip(one["windows"], other["windows"], strict=True):
        assert abs((start(mine) - start(yours)).total_seconds()) < 0.01 * 96 * 3600


def test_each_parcel_is_told_on_the_clock_of_its_destination(client):
    """Two destinations in two zones: each parcel on its own clock, the last one in UTC; in one zone all on that clock."""
    both = told(client, PARCEL, {**PARCEL, "destination": THERE})
    same = told(client, PARCEL, OTHER)

    assert [one["windows"][0]["timezone"] for one in both["parcels"]] == ["America/Los_Angeles", "America/New_York"]
    assert both["windows"][0]["timezone"] is None
    assert both["windows"][0]["start_local"].endswith("+00:00")
    assert same["windows"][0]["timezone"] == "America/Los_Angeles"


def test_different_destinations_share_no_lane(client, forecaster, monkeypatch):
    """Only the order and the day of departure are left."""
    knows(monkeypatch, forecaster, checkout=SHARES)
    found = told(client, PARCEL, {**PARCEL, "destination": THERE})

    assert [one["relation"] for one in found["shared"]] == ["order", "origin_day"]


def test_twenty_parcels_are_answered_and_nothing_is_kept(client, wiring):
    """The most that may be asked; the last of many comes later than the last of two."""
    before = wiring.store.counts()
    many, few = told(client, *[PARCEL] * 20), told(client, PARCEL, PARCEL)

    assert len(many["parcels"]) == 20
    assert start(many["windows"][1]) > start(few["windows"][1])
    assert wiring.store.counts() == before


def test_an_order_of_the_past_is_looked_at_from_now(client):
    """One ordered a year ago, still without a scan: no instant lies before now."""
    found = told(client, PARCEL, PARCEL, created_at="2025-06-01T12:00:00Z")

    assert found["as_of"] == "2026-06-01T13:00:00Z"
    assert start(found["windows"][1]) >= datetime.fromisoformat(found["as_of"])


@pytest.mark.parametrize(
    ("parcels", "pointer"),
    [
        ([], "#/parcels"),
        ([PARCEL], "#/parcels"),
        ([PARCEL] * 21, "#/parcels"),
        ([PARCEL, {**PARCEL, "carrier": 5}], "#/parcels/1/carrier"),
        ([PARCEL, {**PARCEL, "surprise": 1}], "#/parcels/1/surprise"),
        ([PARCEL, {**PARCEL, "wished_date": "2026-06-09"}], "#/parcels/1/wished_date"),
        ([PARCEL, None], "#/parcels/1"),
        ([PARCEL, {**PARCEL, "attributes": {"weight_kg": True}}], "#/parcels/1/attributes"),
        ([PARCEL, {**PARCEL, "destination": {"point": {"lat": 91, "lon": 0}}}], "#/parcels/1/destination/point/lat"),
    ],
    ids=["none", "one", "21", "number", "unknown part", "part of an estimate", "null", "boolean", "off the earth"],
)
def test_a_bad_question_names_the_parcel_and_the_rule(client, parcels, pointer):
    """422 with a pointer into the list, never a stack trace."""
    answer = ask(client, *parcels)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({"destination": {"postal_code": "00000"}}, "00000"),
        ({"origin_facility_id": "NOWHERE", "origin": None}, "NOWHERE"),
        ({"service": "teleport"}, "teleport"),
    ],
    ids=["place", "facility", "service"],
)
def test_what_is_unknown_of_one_parcel_is_not_found(client, forecaster, monkeypatch, change, value):
    """404 with the parcel, the value and what to send instead."""
    knows(monkeypatch, forecaster)
    answer = ask(client, PARCEL, {**PARCEL, **change})

    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("parcels/1: ")
    assert value in answer.json()["detail"]


def test_an_order_whose_arrival_nobody_can_write_down_is_refused(client):
    """422 with the value, as its neighbour."""
    answer = ask(client, PARCEL, PARCEL, created_at="2099-12-31T23:59:59Z")

    assert answer.status_code == 422
    assert "2099-12-31" in answer.json()["detail"]


def test_an_attribute_is_a_number_or_a_text_in_all_parcels(client):
    """422 that names it; left out in one parcel it is unknown there."""
    heavy, wordy = ({**PARCEL, "attributes": {"weight_kg": value}} for value in (2.5, "heavy"))
    answer = ask(client, heavy, wordy)

    assert answer.status_code == 422
    assert "'weight_kg'" in answer.json()["detail"]
    assert ask(client, heavy, PARCEL, {**PARCEL, "attributes": {"weight_kg": None, "size": "L"}}).status_code == 200
