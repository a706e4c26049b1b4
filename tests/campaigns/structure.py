"""Say what an output is made of, apart from its words: elements with their attributes, properties of a calendar, names of a JSON value.

A hostile output may hold less than a harmless one (a name that is nothing but controls is left out), never anything more or else.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from html.parser import HTMLParser
from io import BytesIO

from icalendar import Calendar
from PIL import Image

__all__ = ["parts_of", "surplus"]

VARYING = frozenset({"aria-current", "hidden", "open"})


class Elements(HTMLParser):
    """Count elements by their tag and the names of their attributes; addresses and handlers with their values; read the blocks of JSON."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: Counter[str] = Counter()
        self.block: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count one element."""
        values = dict(attrs)
        names = sorted(name for name in values if name not in VARYING)
        self.found[f"<{tag} {' '.join(names)}>"] += 1
        for name in names:
            if name.startswith("on") or (name in {"href", "src", "action", "srcdoc", "style", "formaction"} and values[name]):
                value = re.sub(r"\?lang=[a-z]{2}$", "", values[name] or "")  # the reader's language is no part of the structure
                own = value.startswith(("mailto:", "tel:"))  # a shop's own contact: its text may follow, its scheme may not change
                self.found[f"{name}={value.partition(':')[0] if own else value}"] += 1
        self.block = "" if tag == "script" and "json" in (values.get("type") or "") else None

    def handle_data(self, data: str) -> None:
        """Keep the text of a block of JSON."""
        if self.block is not None:
            self.block += data

    def handle_endtag(self, tag: str) -> None:
        """Read a block of JSON when it ends (`ValueError` where it is none)."""
        if tag == "script" and self.block is not None:
            self.found += names_of(json.loads(self.block))
            self.block = None

    def handle_comment(self, data: str) -> None:
        """Count comments: a text must not open one."""
        self.found["<!-- -->"] += 1

    def handle_decl(self, decl: str) -> None:
        """Count declarations."""
        self.found[f"<!{decl}>"] += 1

    def handle_pi(self, data: str) -> None:
        """Count processing instructions."""
        self.found["<? >"] += 1


def names_of(value: object, where: str = "") -> Counter[str]:
    """Count the names of a JSON value, each with its way from the top."""
    found: Counter[str] = Counter()
    if isinstance(value, dict):
        for name, part in value.items():
            found[f"{where}.{name}"] += 1
            found += names_of(part, f"{where}.{name}")
    if isinstance(value, list) and any(isinstance(part, dict) for part in value):
        for part in value:
            found += names_of(part, where)
    return found


def parts_of(kind: str, output: bytes) -> Counter[str]:
    """Count what an output of a kind (``html``, ``svg``, ``ics``, ``json``, ``png``, ``text``) is made of; raises where it cannot be read."""
    if kind == "html":
        reader = Elements()
        reader.feed(re.sub(r"<style.*?</style>", "", output.decode(), flags=re.DOTALL))
        reader.close()
        return reader.found
    if kind == "svg":
        root = ET.fromstring(output)
        # How many shapes a text has depends on its letters; which shapes there are does not.
        return Counter(dict.fromkeys((f"<{part.tag} {name}>" for part in root.iter() for name in ("", *part.attrib)), 1))
    if kind == "ics":
        calendar = Calendar.from_ical(output)
        return Counter(f"{part.name}.{name}" for part in calendar.walk() for name in part)
    if kind == "json":
        return names_of(json.loads(output))
    if kind == "png":
        with Image.open(BytesIO(output)) as picture:
            picture.load()
            return Counter({f"{picture.size}": 1})
    return Counter({"lines": output.count(b"\n")})


def surplus(harmless: Counter[str], hostile: Counter[str]) -> list[str]:
    """Give what the hostile output has more of than the harmless one, or else."""
    return [name for name, number in hostile.items() if number > harmless[name]]
