"""Speak the reader's language: sentences from gettext catalogs, dates, numbers and directions from babel (Unicode CLDR).

English is the language of the code: its sentences are the message ids, so it needs no catalog. The catalogs are the ``.po`` files of
``maps/locale``; they are read as they are, with no build step, once per process.
"""

import gettext
import io
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

__all__ = ["ENGLISH", "LANGUAGES", "LOCALE_FOLDER", "Language", "language_of", "message"]

LOCALE_FOLDER = Path(__file__).with_name("locale")

OWN_NAMES = {"en": "English", "es": "Español", "de": "Deutsch", "fr": "Français", "pt": "Português", "ar": "العربية"}
"""Languages of the pages, each named as its speakers name it."""

LANGUAGES = tuple(OWN_NAMES)
"""Codes of the languages of the pages."""

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"

BOLD = re.compile(r"\[([^\]]*)\]")
"""The part of a message that is set in bold: "Arriving [{window}]"."""


def message(text: str) -> str:
    """Mark a text of a table as a message for the catalogs; it is said in a language where it is shown."""
    return text


@cache
def translations(code: str) -> gettext.NullTranslations:
    """Read the catalog of a language; a message that it lacks stays English."""
    file = LOCALE_FOLDER / code / "messages.po"
    if code == "en":
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Language:
    """Hold one language by its code; say messages in it."""

    code: str

    @property
    def locale(self) -> Locale:
        """Give babel's locale: names of days, months and zones, plural rules, clock of 12 or 24 hours."""
        return locale_of(self.code)

    @property
    def name(self) -> str:
        """Give the language's own name."""
        return OWN_NAMES[self.code]

    @property
    def direction(self) -> str:
        """Give ``ltr`` or ``rtl``, as the attribute ``dir`` of HTML wants it."""
        return "rtl" if self.locale.character_order == "right-to-left" else "ltr"

    def say(self, text: str, /, **values: object) -> str:
        """Say a message with its named values; the values are put in as they are, nothing in them is read as a pattern."""
        return translations(self.code).gettext(text).format_map(values)

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Say a message in the plural form that the language has for a number, which is its value ``{count}``."""
        return translations(self.code).ngettext(one, many, number).format_map({"count": number, **values})

    def bold(self, text: str, /, **values: object) -> tuple[str, str, str]:
        """Say a message as the part before its bold part, that part, and what follows; the marks are found before values are put in."""
        said = translations(self.code).gettext(text)
        found = BOLD.search(said)
        if found is None:
            return "", said.format_map(values), ""
        parts = said[: found.start()], found.group(1), said[found.end() :]
        before, strong, after = (part.format_map(values) for part in parts)
        return before, strong, after

    def foreign(self, text: str) -> str:
        """Give a text from outside so that it does not reorder the words around it where those run from right to left."""
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if self.direction == "rtl" else text


@cache
def locale_of(code: str) -> Locale:
    return Locale.parse(code)


ENGLISH = Language("en")


@cache
def language_of(code: str) -> Language:
    """Give the language of a code; raises `KeyError` for one that the pages do not speak."""
    if code not in OWN_NAMES:
        raise KeyError(code)
    return ENGLISH if code == "en" else Language(code)
