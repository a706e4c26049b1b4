"""Bring text into a drawn picture: what the font can draw, how wide it is, where its lines break.

Text is set in DejaVu Sans, which comes with matplotlib, by the path of its file: no search for fonts, the same on every machine. It holds Latin,
Greek, Cyrillic, Hebrew and Arabic (shaped by matplotlib's own HarfBuzz). A character it lacks would be drawn as an empty box and warned of.
"""

from functools import cache, lru_cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties, get_font

__all__ = ["drawable", "font", "width_of", "wrapped"]

LEAST_DRAWABLE = 0.7
"""Share of a text's letters that the font must hold: fewer would not be the same name any more."""


@cache
def font_file(*, bold: bool = False) -> Path:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / name


@lru_cache(maxsize=256)
def font(size: float, *, bold: bool = False) -> FontProperties:
    """Give the font in a size (points)."""
    return FontProperties(fname=str(font_file(bold=bold)), size=size)


@cache
def letters() -> frozenset[int]:
    """Give every character that both cuts of the font can draw."""
    return frozenset(get_font(font_file()).get_charmap()) & frozenset(get_font(font_file(bold=True)).get_charmap())


def drawable(text: str | None) -> str:
    """Give a cleaned text without what the font lacks; empty where too little of it would be left (a name in a script it does not hold)."""
    if not text:
        return ""
    kept = "".join(character for character in text if ord(character) in letters())
    asked = sum(character.isalnum() for character in text)
    if sum(character.isalnum() for character in kept) < LEAST_DRAWABLE * asked:
        return ""
    return " ".join(part for part in kept.split(" ") if part)  # no-break spaces stay


@cache
def ruler() -> RendererAgg:
    return RendererAgg(1, 1, 72)  # type: ignore[no-untyped-call]  # matplotlib is typed in part


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Give the width of one line in points."""
    width, _, _ = ruler().get_text_width_height_descent(text, font(size, bold=bold), ismath=False)  # type: ignore[no-untyped-call]
    return float(width)


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Give the lines of a text that fit into ``room`` points: broken at spaces, and inside a word only where it alone is too wide.

    No-break spaces keep their words together, as on the page.
    """
    lines: list[str] = []
    for whole in text.split(" "):
        for word in pieces(whole, size, room, bold=bold):
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and width_of(joined, size, bold=bold) <= room:
                lines[-1] = joined
            else:
                lines.append(word)
    return lines


def pieces(word: str, size: float, room: float, *, bold: bool) -> list[str]:
    if width_of(word, size, bold=bold) <= room:
        return [word]
    per_line = max(1, int(len(word) * room / width_of(word, size, bold=bold)))
    return [word[at : at + per_line] for at in range(0, len(word), per_line)]
