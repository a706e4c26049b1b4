import pytest

from data.domain.explanations import DELAYS, GIVEN, News, change_between
from data.domain.forecasts import Reason
from data.domain.places import Place
from maps.reason_words import CUSTOMER, OPERATIONS, Audience, change_sentence, evidence_words, reason_sentence, total_sentence
from maps.words import REASON_WORDS
from tests.makers import make_facility
from tests.maps.journeys import make_forecast

PLACES = {"MEM": make_facility()}
HOSTILE = "<script>alert(1)</script>\u202e[red]\n{days}"


@pytest.mark.parametrize("code", [*GIVEN, *DELAYS, "progress", "other", "model", "usual"])
def test_every_code_has_words_for_both_audiences(code):
    """Pages, customers and operations know every part that can be told."""
    assert code in REASON_WORDS
    for audience, sentences in ((Audience.CUSTOMER, CUSTOMER), (Audience.OPERATIONS, OPERATIONS)):
        assert code in sentences
        for hours in (3.0, -3.0):
            said = reason_sentence(Reason(code, hours), audience, {})
            assert said
            assert "{" not in said


def test_a_place_is_named_by_its_city_for_customers_and_by_its_id_for_operations():
    """The same part in two ways."""
    part = Reason("facility", 9.0, ("facility:MEM", "scan:C1"))

    assert reason_sentence(part, Audience.CUSTOMER, PLACES) == "It takes longer in Memphis"
    assert reason_sentence(part, Audience.OPERATIONS, PLACES) == "stay or congestion beyond plan at MEM (Memphis, TN)"


def test_days_of_rest_are_named():
    """Weekday, date and the name of the holiday."""
    part = Reason("calendar", 30.0, ("holiday:2026-07-04 Independence Day", "weekend:2026-07-05"))

    assert reason_sentence(part, Audience.CUSTOMER, {}).replace("\N{NO-BREAK SPACE}", " ") == (
        "No deliveries on Saturday 4 July (Independence Day), Sunday 5 July"
    )


@pytest.mark.parametrize("audience", list(Audience))
def test_texts_from_outside_stay_one_harmless_line(audience):
    """Control and direction marks are gone; whoever draws the sentence escapes the rest."""
    place = Place(1.0, 2.0, "UTC", HOSTILE, HOSTILE, None, "US")
    part = Reason("facility", 2.0, (f"facility:{HOSTILE}", f"scan:{HOSTILE}"))
    said = reason_sentence(part, audience, {HOSTILE: make_facility(HOSTILE, place)}) + " ".join(evidence_words(part.evidence))

    assert "\n" not in said
    assert "\u202e" not in said


def test_evidence_is_named_by_kind_and_cut():
    """The first few of many."""
    assert evidence_words(("scan:C1", "weather_forecast:WF-1")) == ("scan C1", "weather forecast WF-1")
    assert evidence_words(("others:1 vehicle seen leaving without it",)) == ("others: 1 vehicle seen leaving without it",)
    assert evidence_words(tuple(f"scan:C{k}" for k in range(9)))[-1] == "and 3 more"


def test_the_whole_is_told_with_its_direction():
    """Customers hear time, operations hours."""
    assert total_sentence(3.5, Audience.CUSTOMER) == "3½ hours later than usual for this route"
    assert total_sentence(-3.5, Audience.OPERATIONS) == "-3.50 h against the usual of the lane"
    assert total_sentence(0.1, Audience.CUSTOMER) == "As usual for this route"


def test_a_change_is_told_with_its_direction():
    """Against what was said before."""
    old, new = make_forecast(1, 40, 50, 60), make_forecast(2, 44, 54.5, 64)

    assert change_sentence(change_between(old, new, News())) == "4½ hours later than we said before"
    assert change_sentence(change_between(old, make_forecast(2, 40, 50.1, 60), News())) == "The same as we said before"
