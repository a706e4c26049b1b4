"""Choose the language of a page: what the reader asks for, then the shop's, then the browser's, then English."""

import re

from maps.language import ENGLISH, LANGUAGES, Language, language_of

__all__ = ["accepted", "choose_language", "spoken"]

MOST_ACCEPTED = 40
"""Entries of ``Accept-Language`` that are looked at: browsers send fewer than ten, and the header comes from outside."""

ENTRY = re.compile(r"\s*([A-Za-z]{1,8})(?:[-_][A-Za-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([0-9.]{1,6}))?\s*")


def spoken(code: str | None) -> Language | None:
    """Give the language of a code such as ``de`` or ``pt-BR``, or ``None`` when the pages do not speak it."""
    short = (code or "")[:20].replace("_", "-").split("-")[0].casefold()
    return language_of(short) if short in LANGUAGES else None


def accepted(header: str | None) -> Language | None:
    """Give the language of ours that an ``Accept-Language`` header likes best (RFC 9110, 12.5.4); ``None`` where it names none of ours."""
    best: tuple[float, Language] | None = None
    for entry in (header or "")[:2000].split(",")[:MOST_ACCEPTED]:
        found = ENTRY.fullmatch(entry)
        if found is None:
            continue
        language, weight = spoken(found.group(1)), weight_of(found.group(2))
        if language is not None and weight > 0 and (best is None or weight > best[0]):
            best = weight, language
    return best[1] if best else None


def weight_of(text: str | None) -> float:
    if text is None:
        return 1.0
    try:
        return min(1.0, float(text))
    except ValueError:
        return 0.0


def choose_language(*, asked: str | None, configured: str | None, header: str | None) -> Language:
    """Choose by ``?lang=``, else by what the link or shop is configured for, else by the browser's header, else English."""
    return spoken(asked) or spoken(configured) or accepted(header) or ENGLISH
