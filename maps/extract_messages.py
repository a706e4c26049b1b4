"""Bring the catalogs up to date with the code: ``python -m maps.extract_messages``.

Every message that code and templates say is found by babel; new ones are added to each catalog with an empty translation, and those
that are no longer said are taken out. ``tests/maps/test_language.py`` fails until the empty ones are translated.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from maps.language import ENGLISH, LANGUAGES, LOCALE_FOLDER, OWN_NAMES

__all__ = ["messages_in_code", "update"]

HOUSE = Path(__file__).parents[1]

ROOMS = ("maps", "serving/pages", "serving/templates")
"""Folders whose words customers read; the operations room speaks English and marks nothing."""

KEYWORDS: dict[str, tuple[int, ...] | None] = {"say": None, "message": None, "bold": None, "count": (1, 2)}
"""Names of functions whose first text is a message; `count` takes one for a single thing and one for several."""

METHODS = [("**.py", "python"), ("**.jinja", "jinja2.ext:babel_extract")]
OPTIONS: dict[str, dict[str, str]] = {"**.jinja": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}


def found() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for room in ROOMS:
        # The options are typed as one mapping for all methods, but are read by pattern.
        for name, _, text, _, _ in extract_from_dir(HOUSE / room, METHODS, OPTIONS, KEYWORDS):
            yield f"{room}/{name}", text


def messages_in_code() -> Catalog:
    """Give every message of code and templates, with the files that say it, in the order of the alphabet."""
    catalog = Catalog(project="Doorcast", copyright_holder="The Doorcast maintainers", charset="utf-8")
    for file, text in sorted(found(), key=str):
        catalog.add(text, locations=[(file, 0)])
    return catalog


def empty(code: str) -> Catalog:
    """Give a catalog without messages; its dates stand still, so that a file only changes with its words."""
    since = datetime(2026, 11, 26, tzinfo=UTC)
    return Catalog(
        locale=code,
        charset="utf-8",
        header_comment="# Words of Doorcast's pages; licence: Apache-2.0. `python -m maps.extract_messages` keeps the list of messages.",
        project="Doorcast",
        version="1",
        msgid_bugs_address="the project's issue tracker",
        last_translator="The Doorcast maintainers",
        language_team=OWN_NAMES[code],
        creation_date=since,
        revision_date=since,
        fuzzy=False,
    )


def update(folder: Path = LOCALE_FOLDER) -> None:
    """Write each catalog anew: what is said and nothing else, translations kept, empty where one is missing."""
    said = messages_in_code()
    for code in LANGUAGES:
        if code == ENGLISH.code:
            continue
        file = folder / code / "messages.po"
        file.parent.mkdir(parents=True, exist_ok=True)
        kept = empty(code)
        if file.exists():
            with file.open("rb") as source:
                kept = read_po(source, locale=code)
        written = empty(code)
        for one in said:
            if one.id:
                before = kept.get(one.id)
                written.add(one.id, before.string if before else None, locations=[(name, 0) for name, _ in one.locations])
        with file.open("wb") as target:
            write_po(target, written, width=0, include_lineno=False, sort_output=True, omit_header=False)


if __name__ == "__main__":
    update()
