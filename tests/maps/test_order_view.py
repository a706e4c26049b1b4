"""The parcels of one order stand together, with the window in which everything is here."""

import pytest

from data.domain.statuses import Status
from maps.language import ENGLISH, language_of
from maps.order_view import OrderPartView, OrderView, order_words
from tests.makers import after

PARTS = (OrderPartView(Status.DELIVERED, None, after(3)), OrderPartView(Status.IN_TRANSIT, after(60), here=True))


def words(order, hours=31, language=ENGLISH):
    return order_words(order, "America/New_York", after(hours), language=language)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_window_of_everything_is_named_with_its_probability():
    """The last parcel decides; nine of ten orders keep such a window."""
    told = words(OrderView(PARTS, (after(50), after(60)), 0.9))

    assert told.title == "2 parcels in this order"
    assert plain(told.complete) == "Everything is here: tomorrow, Wednesday 3 June, between 10 a.m. and 8 p.m."
    assert told.sure.startswith("9 of 10 orders like this are complete")
    assert [part.here for part in told.parts] == [None, "this page"]
    assert plain(told.parts[1].when) == "most likely Wednesday 3 June"


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (OrderView(PARTS, None, completed_at=after(20)), "Everything came by Tuesday 2 June, 4 a.m., Eastern time."),
        (OrderView(PARTS), "Not every parcel of this order comes to the door."),
        (OrderView(PARTS, (after(10), after(20))), "The last parcel is later than expected, we are checking."),
    ],
    ids=["complete", "no arrival", "overdue"],
)
def test_other_ends_are_told(order, said):
    """Complete, never complete, or late: no window lies in the past."""
    assert plain(words(order).complete) == said
    assert words(order).sure is None


def test_a_single_parcel_has_no_order_to_wait_for():
    """One parcel is its own order."""
    assert words(OrderView(PARTS[:1], (after(50), after(60)))) is None


def test_a_median_in_the_past_is_not_repeated():
    """A parcel that should have come says nothing rather than a day gone by."""
    assert words(OrderView(PARTS, (after(50), after(100))), hours=70).parts[1].when is None


def test_arabic_says_two_parcels_as_a_pair():
    """The dual form is used."""
    assert words(OrderView(PARTS, (after(50), after(60))), language=language_of("ar")).title.startswith("طردان")
