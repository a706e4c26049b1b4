"""Make text from outside harmless to show, whatever it holds; escaping for HTML stays the template's work."""

import json
import unicodedata
from typing import Any

import orjson

__all__ = ["clean", "script_json"]

LONGEST_SHOWN = 160
"""Characters after which a text is cut: carriers' messages are shorter, and a page must not be flooded."""

INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Categories that are left out: controls, direction marks, lone surrogates, private and unassigned characters."""

MOST_MARKS = 3
"""Combining marks in a row that are kept; more of them paint over the neighbouring lines."""


def clean(text: str | None, *, longest: int = LONGEST_SHOWN) -> str | None:
    """Give a text without control, direction and surrogate characters, in one line and cut to ``longest``; ``None`` when empty.

    Direction marks are removed because they reorder the words around them, line separators (U+2028) because scripts break on them.
    """
    if text is None:
        return None
    if len(text) <= longest and text.isascii() and text.isprintable():
        return " ".join(text.split()) or None  # nearly all text is plain, and looking at each character costs most of a page's time
    kept: list[str] = []
    marks = 0
    for character in text[: longest * 8]:
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if category in {"Zl", "Zp", "Zs"} or character in "\t\n\r":
            kept.append(" ")
        elif category not in INVISIBLE and marks <= MOST_MARKS:
            kept.append(character)
    line = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "…"
    return line or None


def script_json(value: Any) -> str:
    """Give JSON that may stand inside ``<script type="application/json">``: nothing in it can end the element.

    Non-finite numbers raise `ValueError`, because no reader of JSON knows them.
    """
    try:
        text = orjson.dumps(value).decode()
    except TypeError:  # a lone surrogate
        text = "null"
    if "null" in text:  # orjson writes a number that is none as null without a word; json refuses it, and takes ten times as long
        text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e").replace("'", "\\u0027")
