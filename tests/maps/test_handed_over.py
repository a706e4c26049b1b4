"""Where a parcel was left is said only if the delivering scan says it."""

from dataclasses import replace

import pytest

from maps.handed_over import handed_over_words
from maps.language import ENGLISH, language_of
from tests.maps.journeys import stages


def left(words, *, language=ENGLISH, stage="delivered"):
    view = stages()[stage]
    timeline = (replace(view.timeline[0], carrier_words=words), *view.timeline[1:])
    return handed_over_words(replace(view, timeline=timeline), language=language)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Delivered, front door", "Left at the front door"),
        ("DELIVERED, LEFT WITH NEIGHBOR AT 12", "Given to a neighbour"),
        ("Delivered, In/At Mailbox", "Put into the letterbox"),
        ("Delivered, Parcel Locker", "Laid into a parcel locker"),
        ("Left at: Front Desk", "Left at the reception"),
        ("Delivered. Signed for by J. SMITH", "Handed over in person"),
        ("Delivered, Left with Individual", None),
        ("Delivered", None),
        ("", None),
        (None, None),
        ("x" * 400 + " front door", None),
    ],
    ids=str,
)
def test_the_carriers_words_are_read_and_names_are_not_repeated(words, said):
    """Known places are named in our words; what is not said stays unknown."""
    assert left(words) == said


def test_it_is_said_in_the_readers_language():
    """The carrier's English becomes the reader's own language."""
    assert left("Delivered, front door", language=language_of("de")) == "An der Haustür abgelegt"


def test_nothing_is_left_anywhere_before_delivery():
    """A failed attempt at the front door left nothing there."""
    assert left("Notice left at front door", stage="attempt") is None
