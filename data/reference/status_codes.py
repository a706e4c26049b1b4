"""Read what the raw codes of the simulated carriers mean."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data.domain.statuses import Status

__all__ = ["CodedEvent", "coded_events", "status_of"]

FILE = Path(__file__).with_name("status_codes.json")


@dataclass(frozen=True, slots=True)
class CodedEvent:
    """Hold one kind of event: our stage, and for each carrier its raw code and raw text."""

    event: str
    status: Status
    said: dict[str, tuple[str, str]]


@cache
def coded_events() -> tuple[CodedEvent, ...]:
    """Give all kinds of events, in the order of the file."""
    return tuple(
        CodedEvent(row["event"], Status(row["status"]), {k: (v[0], v[1]) for k, v in row.items() if k not in {"event", "status"}})
        for row in json.loads(FILE.read_text(encoding="utf-8"))["codes"]
    )


def status_of(carrier: str, raw_code: str) -> Status:
    """Give the stage of a carrier's raw code; `Status.UNKNOWN` for a code that nobody has mapped."""
    return next((e.status for e in coded_events() if e.said.get(carrier, ("", ""))[0] == raw_code), Status.UNKNOWN)
