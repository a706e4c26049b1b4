"""Hold the words and numbers of a journey's page, in the order of the page; `maps.page_words` finds them."""

from dataclasses import dataclass

from maps.language import ENGLISH, Language
from maps.next_action import ActionWords
from maps.order_view import OrderWords
from maps.stop_words import EventWords, StopWords

__all__ = ["Bar", "ChangeWords", "JourneyPage", "PromiseWords", "ReasonWords", "StepWords"]


@dataclass(frozen=True, slots=True)
class StepWords:
    """Hold one step: its code (chooses the icon), words, state and moment."""

    code: str
    words: str
    state: str
    at: str | None


@dataclass(frozen=True, slots=True)
class PromiseWords:
    """Hold the shop's promise in words, the standing against it, its mood (``good``, ``wait``, ``trouble``) and the chance of being late."""

    by: str
    standing: str
    mood: str
    chance: str | None
    carrier: str | None


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """Hold the last change of the window: by how many hours, what was said before and now, why, and when it changed."""

    shift: str
    old: str
    new: str
    why: str | None
    at: str


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """Hold a reason, its hours in words, the direction, and the length of its bar (0..100)."""

    words: str
    hours: str
    later: bool
    share: int


@dataclass(frozen=True, slots=True)
class Bar:
    """Hold the window on a line from now to the latest of window and promise, in percent of its length."""

    start: float
    width: float
    median: float
    promise: float | None
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class JourneyPage:
    """Hold every word and number of the page, in the order of the page. All text from outside is cleaned; escaping is the template's.

    ``language`` is the one that all of them are in: what outputs say beside them is said in it too.
    """

    title: str
    merchant: str | None
    order: str
    carrier: str
    tracking_number: str | None
    destination: str | None
    lead: str
    when: str
    answer: str
    detail: str
    mood: str
    bar: Bar | None
    promise: PromiseWords | None
    change: ChangeWords | None
    steps: tuple[StepWords, ...]
    step_summary: str
    reasons: tuple[ReasonWords, ...]
    silence: str | None
    stops: tuple[StopWords, ...]
    position: str | None
    door: str
    timeline: tuple[EventWords, ...]
    zone: str
    checked: str
    checked_iso: str
    model: str | None
    ended: bool
    tail: str = ""
    handed_over: str | None = None
    action: ActionWords | None = None
    order_parts: OrderWords | None = None
    greeting: str | None = None
    brand_footer: str | None = None
    language: Language = ENGLISH
    bands: tuple[str, ...] = ()
