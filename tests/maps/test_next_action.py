"""What a customer can do stands on the page, with its deadline where one is known."""

from dataclasses import replace

import pytest

from data.domain.places import FacilityKind
from maps.brand import NO_BRAND, Brand, Support
from maps.language import ENGLISH
from maps.next_action import next_action
from tests.makers import after
from tests.maps.hostile import HOSTILE, poisoned
from tests.maps.journeys import SCANS, STATION, end, facts, stages, view_at

SHOP = Brand(support=Support("https://shop.example/help", "help@shop.example", "+1 (555) 01-00"), pickup_days=7, hold_days=5)


def card(stage, brand=NO_BRAND):
    return next_action(stages()[stage], language=ENGLISH, brand=brand)


@pytest.mark.parametrize(
    ("stage", "title"),
    [
        ("pickup", "Collect your parcel"),
        ("held", "Check your address"),
        ("attempt", "Be there next time"),
        ("refused", "Was that a mistake?"),
        ("delivered", "Not there?"),
        ("returning", "Still want it?"),
        ("returned", "Still want it?"),
        ("lost", "Tell the shop"),
        ("expired", "Tell the shop"),
    ],
)
def test_each_stage_that_needs_the_customer_has_its_card(stage, title):
    """The card fits what happened."""
    assert card(stage).title == title


@pytest.mark.parametrize("stage", ["before", "no_forecast", "moving", "out", "now", "overdue", "cancelled"])
def test_a_stage_that_goes_on_by_itself_has_none(stage):
    """Nobody is given work that does not help."""
    assert card(stage) is None


def test_a_deadline_is_counted_only_where_the_shop_says_how_long():
    """Seven days from the day it was ready, at the destination; without the shop's word no day is invented."""
    assert card("pickup", SHOP).deadline.replace("\N{NO-BREAK SPACE}", " ") == "Until Wednesday 10 June"
    assert card("pickup").deadline is None
    assert card("attempt", SHOP).deadline is None


def test_a_deadline_that_has_passed_is_not_shown():
    """A day in the past is no advice."""
    view = replace(stages()["pickup"], seen_at=after(24 * 20))

    assert next_action(view, language=ENGLISH, brand=SHOP).deadline is None


def test_the_button_leads_to_the_shops_help():
    """The page before the mail before the call; no button without any of them."""
    assert (card("delivered", SHOP).link, card("delivered", SHOP).link_words) == ("https://shop.example/help", "I did not get it")
    assert card("lost", Brand(support=Support(email="help@shop.example"))).link == "mailto:help@shop.example"
    assert card("lost", Brand(support=Support(phone="+1 (555) 01-00"))).link == "tel:+15550100"
    assert (card("lost").link, card("lost").link_words) == (None, None)


def test_customs_is_told_apart_from_other_holds():
    """A hold at the customs office warns of false letters; a hold nobody explains asks for nothing."""
    office = replace(STATION, kind=FacilityKind.CUSTOMS)
    scans = (*SCANS[:8], end(stages()["held"].status, 49, "ZZ", "Held"))
    at_customs = view_at(50, scans, (), facilities={**facts((), ()).facilities, "DS-BRK": office})

    assert next_action(at_customs, language=ENGLISH, brand=NO_BRAND).title == "Customs has it"
    assert next_action(view_at(50, scans, ()), language=ENGLISH, brand=NO_BRAND).title == "Nothing to do yet"


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
@pytest.mark.parametrize("stage", ["pickup", "held"])
def test_hostile_places_stay_text(stage, text):
    """The pickup point's name comes from outside: one clean line, nothing read as a pattern."""
    told = next_action(poisoned(stages()[stage], text), language=ENGLISH, brand=NO_BRAND)

    assert "\n" not in told.text
    assert "\u202e" not in told.text
