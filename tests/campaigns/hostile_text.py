"""Give every hostile text to every output and count what obeys it: ``make campaign-hostile``. All counts must be zero.

Each text of `tests.campaigns.payloads` stands in every text field of the facts and, a second time, of the view; stages and languages take turns. The
same outputs come from the store over HTTP, and a headless Chromium opens page, file, SVG and the embedded frame (`tests.campaigns.hostile_browser`).
"""

import argparse
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import structlog

from data.domain.statuses import Status
from maps.assemble import assemble
from maps.language import ENGLISH, LANGUAGES, language_of
from maps.view import JourneyView
from tests.campaigns.hostile_browser import browse
from tests.campaigns.hostile_outputs import outputs
from tests.campaigns.hostile_store import fetched
from tests.campaigns.payloads import FAMILIES, PAYLOADS, SUM
from tests.campaigns.poisoned_facts import poisoned_facts
from tests.campaigns.structure import parts_of, surplus
from tests.makers import after
from tests.maps.hostile import poisoned
from tests.maps.journeys import CHANGED, NARROW, SCANS, by_road, end, facts, stages

__all__ = ["CANARY", "Tally", "chosen", "server_side"]

CANARY = "canary-8f31c2"
"""Value of a variable of the environment that no page of ours names: where it appears, a text was run on the server."""

TELLTALE = (SUM, CANARY, "uid=", "&lt;class ", "<class ", "&lt;Config", "&lt;module", "&lt;function", "&lt;bound method", "root:x:0")
HARMLESS = "harmless words"
SLOW = frozenset({"file", "svg", "png"})
"""Outputs that take a tenth of a second and more, to make or to read."""

DELIVERED = (*SCANS, end(Status.DELIVERED, 53.2, "DL", "Delivered, front door"))
MOMENTS = ((31, SCANS[:5], CHANGED), (51, SCANS, NARROW), (60, DELIVERED, NARROW), (3, SCANS[:1], CHANGED[:1]))
"""Hours, scans and forecasts of the journeys whose facts are poisoned."""


@dataclass
class Tally:
    """Count outputs and what went wrong, with an example of each."""

    made: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def note(self, what: str, example: str) -> None:
        """Count one failure."""
        self.wrong[what] += 1
        self.examples.setdefault(what, example[:400])

    def judge(self, name: str, kind: str, output: bytes, harmless: Counter[str], text: str) -> None:
        """Read one output: nothing may have been run on the server, and it may be made of nothing that the harmless one has not."""
        self.made[name] += 1
        said = output.decode("utf-8", "replace") if kind != "png" else ""
        for sign in TELLTALE:
            if sign in said and sign not in text and sign.replace("&lt;", "<") not in text:
                self.note(f"{name}: evaluated", f"{sign} by {text[:80]!r}")
        try:
            more = surplus(harmless, parts_of(kind, output))
        except Exception as error:  # noqa: BLE001 - whatever a reader cannot read is a finding
            self.note(f"{name}: unreadable", f"{error!r} by {text[:80]!r}")
            return
        if more:
            self.note(f"{name}: structure", f"{more[:3]} by {text[:80]!r}")


def views(number: int, text: str) -> dict[str, JourneyView]:
    """Give the journey of a turn twice: from poisoned facts, and as a poisoned view."""
    hours, scans, forecasts = MOMENTS[number % len(MOMENTS)]
    stage = list(stages())[number % len(stages())]
    return {
        "facts": assemble(poisoned_facts(facts(scans, forecasts), text), now=after(hours), router=by_road),
        "view": poisoned(stages()[stage], text),
    }


@cache
def harmless_parts(number: int, source: str, name: str) -> Counter[str]:
    """Give what an output is made of when the text is harmless, in English: no language may need more. Turns repeat, so each is read once."""
    kind, make = outputs(views(number, HARMLESS)[source], HARMLESS, ENGLISH)[name]
    return parts_of(kind, make())


def server_side(texts: Sequence[str], tally: Tally, *, slow_every: int = 1) -> None:
    """Make all outputs of all texts in this process; the slow ones of every so many, from facts and view by turns."""
    os.environ["DOORCAST_TEST_CANARY"] = CANARY
    for number, text in enumerate(texts):
        language = language_of(LANGUAGES[number % len(LANGUAGES)])
        try:
            both = views(number, text)
        except Exception as error:  # noqa: BLE001 - counted, not hidden
            tally.note("facts: error", f"{error!r} by {text[:80]!r}")
            continue
        for source, view in both.items():
            turn = number % (len(MOMENTS) if source == "facts" else len(stages()))
            for name, (kind, make) in outputs(view, text, language).items():
                if name in SLOW and (number % slow_every or source != ("facts", "view")[number // slow_every % 2]):
                    continue
                try:
                    output = make()
                except Exception as error:  # noqa: BLE001 - counted, not hidden
                    tally.note(f"{name}: error", f"{error!r} by {text[:80]!r}")
                    continue
                tally.judge(name, kind, output, harmless_parts(turn, source, name), text)


def chosen(count: int) -> tuple[str, ...]:
    """Give about so many texts, evenly over the families."""
    share = count // len(FAMILIES)
    picked = (family[:: max(1, len(family) // share)][:share] for family in FAMILIES.values())
    return tuple(dict.fromkeys(text for family in picked for text in family))


def main() -> None:
    """Run the campaign and print the counts; ends with 1 where one is not zero."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--texts", type=int, default=0, help="about so many texts, evenly over the families (all)")
    asked.add_argument("--no-browser", action="store_true")
    options = asked.parse_args()
    texts = chosen(options.texts) if options.texts else PAYLOADS
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # thousands of requests need no line each
    tally, began = Tally(), time.monotonic()
    server_side(texts, tally)
    print(f"made in this process: {sum(tally.made.values())} outputs of {len(texts)} texts, {time.monotonic() - began:.0f} s", flush=True)
    fetched(texts, tally)
    print(f"with those from the store over HTTP: {sum(tally.made.values())} outputs, {time.monotonic() - began:.0f} s", flush=True)
    if not options.no_browser:
        browse(texts, tally)
        print(f"with those opened in Chromium: {sum(tally.made.values())}, {time.monotonic() - began:.0f} s", flush=True)
    for name, number in tally.made.items():
        print(f"{name:24}{number:6}")
    for what, number in sorted(tally.wrong.items()):
        print(f"WRONG {what}: {number}, such as {tally.examples[what]}")
    print(f"wrong: {sum(tally.wrong.values())} (must: 0)")
    sys.exit(bool(tally.wrong))


if __name__ == "__main__":
    main()
