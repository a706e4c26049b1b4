"""Set the words on a drawn picture's card: brand, stage, answer, window, and the key of the lines, each fitted into its room."""

from collections.abc import Iterable
from dataclasses import dataclass

from maps.journey_page import JourneyPage
from maps.language import Language
from maps.output_words import KEY_DOOR, KEY_FORECAST, KEY_HAPPENED, MAP_SOURCE, SEEN_AT
from maps.still_frame import Box
from maps.still_text import drawable, width_of, wrapped
from maps.view import JourneyView

__all__ = ["RIGHT_TO_LEFT_MARK", "Card", "CardLine", "card"]

BRAND = "Doorcast"
LEADING = 1.28
"""Height of a line as a multiple of its size."""

PADDING = 30.0

RIGHT_TO_LEFT_MARK = "\N{RIGHT-TO-LEFT MARK}"


@dataclass(frozen=True, slots=True)
class CardLine:
    """Hold one line: where it stands (the left end of its base line, or the right end where it runs from right to left), size and colour."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    bold: bool = False
    from_right: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """Hold the lines of a card, and the key: a kind of line (``happened``, ``forecast``, ``door``) with the point where its sample starts."""

    lines: tuple[CardLine, ...]
    key: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    size: float
    colour: str
    bold: bool = False
    before: float = 0.0


def card(view: JourneyView, page: JourneyPage, box: Box, *, seen_at: str, scale: float = 1.0) -> Card:
    """Lay out a card inside ``box``. ``seen_at`` is the moment that the picture shows, in words; ``scale`` multiplies every size."""
    left, bottom, right, top = (box[0] + PADDING, box[1] + PADDING, box[2] - PADDING, box[3] - PADDING)
    speaks = page.language
    mirrored = speaks.direction == "rtl"
    small = 15.0 * scale
    foot, key, foot_top = footer(speaks, seen_at, (left, bottom, right, top), small, door=view.door is not None)
    brand = drawable(page.merchant) or BRAND
    brand_size = 21 * scale
    brand = cut(brand, brand_size, right - left - 30 * scale, bold=True)
    mark = 30 * scale
    head = CardLine(
        brand, right - mark if mirrored else left + mark, top - 0.8 * brand_size, brand_size, "ink", bold=True, from_right=mirrored
    )
    body_top = top - brand_size * 1.9
    for shrink in (1.0, 0.92, 0.84, 0.76, 0.68, 0.6):
        lines, end = set_body(page, (left, foot_top, right, body_top), scale * shrink, mirrored=mirrored)
        if end >= foot_top:
            break
    else:  # even the smallest size runs over: what does not fit is left out, from the end
        lines = [line for line in lines if line.y > foot_top]
    return Card((head, *lines, *foot), (("brand", right if mirrored else left, top - 0.55 * brand_size), *key))


def set_body(page: JourneyPage, room: Box, scale: float, *, mirrored: bool) -> tuple[list[CardLine], float]:
    left, _, right, top = room
    paragraphs = (
        Paragraph(drawable(page.step_summary), 20 * scale, "mood", bold=True),
        Paragraph(drawable(page.lead), 30 * scale, "soft", before=14 * scale),
        Paragraph(drawable(page.when + page.tail), 40 * scale, "ink", bold=True, before=2 * scale),
        Paragraph(drawable(page.detail), 19 * scale, "soft", before=14 * scale),
    )
    lines: list[CardLine] = []
    y = top
    for paragraph in paragraphs:
        if not paragraph.text:
            continue
        y -= paragraph.before
        for line in wrapped(paragraph.text, paragraph.size, right - left, bold=paragraph.bold):
            y -= LEADING * paragraph.size
            lines.append(
                CardLine(
                    ordered(line, mirrored=mirrored),
                    right if mirrored else left,
                    y + 0.28 * paragraph.size,
                    paragraph.size,
                    paragraph.colour,
                    paragraph.bold,
                    from_right=mirrored,
                )
            )
    return lines, y


def footer(
    speaks: Language, seen_at: str, room: Box, size: float, *, door: bool
) -> tuple[list[CardLine], list[tuple[str, float, float]], float]:
    """Set the key of the lines and, under it, the moment and the source of the map; from the bottom upwards."""
    left, bottom, right, _ = room
    mirrored = speaks.direction == "rtl"
    lines: list[CardLine] = []
    y = bottom
    for text in reversed(wrapped(drawable(f"{speaks.say(SEEN_AT, at=seen_at)} {speaks.say(MAP_SOURCE)}"), size, right - left)):
        lines.append(CardLine(ordered(text, mirrored=mirrored), right if mirrored else left, y, size, "soft", from_right=mirrored))
        y += LEADING * size
    y += 0.5 * size
    key: list[tuple[str, float, float]] = []
    kinds = (("happened", KEY_HAPPENED), ("forecast", KEY_FORECAST), *((("door", KEY_DOOR),) if door else ()))
    rows = list(key_rows([(kind, speaks.say(words)) for kind, words in kinds], size, right - left))
    for row in reversed(rows):
        x = right if mirrored else left
        for kind, text, room_taken in row:
            key.append((kind, x - 30 if mirrored else x, y + 0.35 * size))
            lines.append(CardLine(ordered(text, mirrored=mirrored), x - 38 if mirrored else x + 38, y, size, "soft", from_right=mirrored))
            x += -room_taken if mirrored else room_taken
        y += LEADING * size
    return lines, key, y + 0.2 * size


def key_rows(kinds: Iterable[tuple[str, str]], size: float, room: float) -> Iterable[list[tuple[str, str, float]]]:
    row: list[tuple[str, str, float]] = []
    used = 0.0
    for kind, words in kinds:
        text = drawable(words)
        taken = 38 + width_of(text, size) + 20
        if row and used + taken - 20 > room:
            yield row
            row, used = [], 0.0
        row.append((kind, text, taken))
        used += taken
    if row:
        yield row


def ordered(text: str, *, mirrored: bool) -> str:
    """Give a line so that its words run from right to left also where it begins with a Latin name: a broken line is a paragraph of its own."""
    return RIGHT_TO_LEFT_MARK + text if mirrored else text


def cut(text: str, size: float, room: float, *, bold: bool) -> str:
    """Give a text in one line, cut short where it is too wide."""
    if width_of(text, size, bold=bold) <= room:
        return text
    short = text
    while short and width_of(short + "…", size, bold=bold) > room:
        short = short[:-1]
    return short.rstrip() + "…"
