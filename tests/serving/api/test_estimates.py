"""A checkout asks what may be promised; bad questions are answered with value, rule and next step."""

from dataclasses import dataclass, field

import pytest

from tests.makers import after
from training.checkout.dependence import Dependence
from training.checkout.offers import OfferBook


@dataclass
class KnowsServices:
    """The part of a checkout that services are looked up in."""

    book: OfferBook
    dependence: Dependence = field(default_factory=Dependence.nothing)


ANYWHERE = "\x1f"
BOOK = OfferBook({ANYWHERE: [("swift", "ground", 9), ("swift", "express", 4), ("snail", "slow", 1)]}, {})
BODY = {"carrier": "swift", "service": "ground", "destination": {"postal_code": "98101"}}


def ask(client, **more):
    return client.post("/v1/estimates", json={**BODY, **more})


def test_percentiles_and_dates_are_at_the_destination(client):
    """Seven percentiles with instant and local date, and dates up to near certainty; they agree with each other."""
    told = ask(client).json()

    assert [one["level"] for one in told["percentiles"]] == [0.5, 0.75, 0.85, 0.9, 0.95, 0.97, 0.99]
    assert told["percentiles"][0] == {"level": 0.5, "at": "2026-06-03T13:00:00Z", "date": "2026-06-03"}
    assert told["dates"][0]["date"] == "2026-06-01"
    assert told["dates"][-1]["probability"] >= 0.99
    assert (told["latest_order"], told["promise"]) == (None, None)
    assert [one["service"] for one in told["services"]] == ["ground"]


def test_a_wished_date_names_the_latest_order(client):
    """The fake takes 96 hours evenly: with 90 % an order must be made 86.4 hours before Seattle's midnight."""
    told = ask(client, wished_date="2026-06-08").json()["latest_order"]

    assert told["order_by"] == told["last_chance"] == "2026-06-05T16:36:00Z"
    assert told["probability_now"] == 1.0


def test_a_wish_that_cannot_be_kept_is_said_so(client):
    """Tomorrow is too soon: no instant, and the chance that it has."""
    told = ask(client, wished_date="2026-06-02").json()["latest_order"]

    assert (told["order_by"], told["last_chance"]) == (None, None)
    assert 0 < told["probability_now"] < 0.9


def test_prices_choose_the_date(client):
    """A dear broken promise is promised later than a cheap one."""
    cheap = ask(client, prices={"broken_cost": 2, "value_per_day": 1}).json()["promise"]
    dear = ask(client, prices={"broken_cost": 500, "value_per_day": 1}).json()["promise"]

    assert cheap["date"] < dear["date"]
    assert dear["probability"] > 0.99
    assert dear["worth"] < 0


def test_every_service_is_answered_at_once(client, forecaster, monkeypatch):
    """The asked one first, then the others that the model knows."""
    monkeypatch.setattr(forecaster, "checkout", KnowsServices(BOOK))
    told = ask(client, every_service=True, service="express").json()["services"]

    assert [(one["carrier"], one["service"]) for one in told] == [("swift", "express"), ("swift", "ground"), ("snail", "slow")]


def test_an_unknown_service_is_refused_with_the_known_ones(client, forecaster, monkeypatch):
    """404 with the value and what may be asked for."""
    monkeypatch.setattr(forecaster, "checkout", KnowsServices(BOOK))
    answer = ask(client, service="teleport")

    assert answer.status_code == 404
    assert "teleport" in answer.json()["detail"]
    assert "swift express" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"wished_date": "2026-02-30"}, "calendar date"),
        ({"wished_date": "2026-W10-1"}, "calendar date"),
        ({"wished_date": 20260601}, "calendar date"),
        ({"wished_date": "2026-06-09", "keep_probability": 1.0}, "0.999"),
        ({"prices": {"broken_cost": -1, "value_per_day": 1}}, "-1"),
        ({"prices": {"broken_cost": 1}}, "value_per_day"),
        ({"every_service": "yes"}, "every_service"),
    ],
    ids=["no date", "week date", "number", "certainty", "negative price", "half a price", "no boolean"],
)
def test_a_bad_question_names_value_and_rule(client, more, told):
    """422, never a stack trace, and the value or the rule in the answer."""
    answer = ask(client, **more)

    assert answer.status_code == 422
    assert told in answer.text


def test_a_place_that_nobody_knows_is_not_found(client):
    """404 with the value and what to send instead."""
    answer = ask(client, destination={"postal_code": "00000"})

    assert answer.status_code == 404
    assert "00000" in answer.json()["detail"]
    assert "point" in answer.json()["detail"]


def test_a_date_that_is_over_costs_nobody_the_estimate(client):
    """No order keeps it; the note names the date, the destination's day and the next step, and everything else is answered."""
    told = ask(client, wished_date="2026-05-31").json()

    assert (told["latest_order"]["order_by"], told["latest_order"]["probability_now"]) == (None, 0.0)
    assert "2026-05-31" in told["latest_order"]["note"]
    assert "2026-06-01" in told["latest_order"]["note"]
    assert len(told["percentiles"]) == 7


def test_a_date_is_wished_by_the_destinations_calendar(client, clock):
    """At 03:00 UTC it is still yesterday in Seattle, and that date may be wished for."""
    clock.now = after(15)

    berlin = {"postal_code": "98101", "timezone": "Europe/Berlin"}

    assert ask(client, wished_date="2026-06-01").json()["latest_order"]["note"] is None
    assert ask(client, wished_date="2026-06-01", destination=berlin).json()["latest_order"]["note"]


@pytest.mark.parametrize("created_at", ["2099-12-31T23:59:59Z", "2099-01-01T00:00:00Z"])
def test_an_order_whose_arrival_nobody_can_write_down_is_refused(client, created_at):
    """422 with the value: its arrival would lie behind the last instant of the wire."""
    answer = ask(client, created_at=created_at)

    assert answer.status_code == 422
    assert "2099" in answer.json()["detail"]
    assert ask(client, created_at="2098-12-31T23:59:59Z").status_code == 200
