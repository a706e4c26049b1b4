"""Say in words what a picture of a journey shows; every picture carries this text, wherever it stands."""

from maps.journey_page import JourneyPage
from maps.output_words import MAP_TITLE, MAP_TITLE_TO

__all__ = ["alt_text"]


def alt_text(page: JourneyPage) -> str:
    """Give the picture's description: whose map it is, the answer and what stands under it. Cleaned text in the page's language, not escaped."""
    speaks = page.language
    title = speaks.say(MAP_TITLE_TO, place=speaks.foreign(page.destination)) if page.destination else speaks.say(MAP_TITLE)
    answer = page.answer if page.answer.endswith((".", "!", "?")) else f"{page.answer}."
    return " ".join(part for part in (title, answer, page.detail) if part)
