"""Remember every decision about models: an append-only list of signed, chained lines beside the alias of the serving one.

``ledger.jsonl`` holds one JSON entry per line; each carries the signature of the one before it and its own, so a changed, removed or
reordered line is seen. ``serving.json`` is the alias: a signed copy of the newest entry's number and signature, replaced atomically;
a ledger that was cut short behind it is seen too. A crash between the two leaves the ledger one entry ahead, which is healed by the next
write; a half-written last line counts as never written.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.domain.errors import ModelRefused, Unavailable
from training.registry.folder import sync_folder
from training.registry.signature import canonical, sign, signed_by

__all__ = ["Entry", "Ledger", "serving_stack"]

ENTRY, ALIAS = "doorcast model ledger", "doorcast serving alias"
EVENTS = frozenset({"saved", "promoted", "declined", "rolled_back"})


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one decision. ``at`` is an ISO instant in UTC, ``evidence`` the numbers behind the reason."""

    sequence: int
    at: str
    event: str
    version: str
    reason: str
    evidence: dict[str, Any]
    previous: str
    signature: str = ""

    def content(self) -> bytes:
        """Give the bytes that are signed: everything but the signature."""
        return canonical({name: value for name, value in asdict(self).items() if name != "signature"})


def serving_stack(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """Give the versions promoted and not rolled back, oldest first: the last one serves, the one before is what a rollback returns to."""
    stack: list[str] = []
    for entry in entries:
        if entry.event == "promoted":
            stack.append(entry.version)
        elif entry.event == "rolled_back":
            stack.pop()
    return tuple(stack)


class Ledger:
    """Read and append entries. The caller holds the registry's lock while it appends."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.path = folder / "ledger.jsonl"
        self.alias = folder / "serving.json"
        self.key = key

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries, oldest first; raises `ModelRefused` when the chain does not hold."""
        text = self.read(self.path) or b""
        complete = text[: text.rfind(b"\n") + 1].splitlines()
        entries: list[Entry] = []
        for number, line in enumerate(complete, start=1):
            entry = self.parsed(number, line)
            if entry.sequence != number or entry.previous != (entries[-1].signature if entries else ""):
                raise self.broken(f"line {number} does not follow the line before it")
            entries.append(entry)
        self.check_head(entries)
        return tuple(entries)

    def parsed(self, number: int, line: bytes) -> Entry:
        try:
            entry = Entry(**json.loads(line))
            genuine = signed_by(self.key, ENTRY, entry.content(), entry.signature)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise self.broken(f"line {number} is not an entry") from error
        if not genuine:
            raise self.broken(f"line {number} carries a signature of another key, or was changed")
        return entry

    def check_head(self, entries: list[Entry]) -> None:
        """Raise when the alias knows of entries that the ledger does not hold."""
        head = self.head()
        if head is None:
            if len(entries) > 1:
                raise self.broken(f"{self.alias.name} is missing")
            return
        sequence = head["sequence"]
        if not len(entries) - 1 <= sequence <= len(entries) or entries[sequence - 1].signature != head["head"]:
            raise self.broken(f"{self.alias.name} speaks of entry {sequence}, the ledger holds {len(entries)}")

    def head(self) -> dict[str, Any] | None:
        """Read the alias: ``sequence`` and ``head`` (signature) of the newest entry and the ``serving`` version; ``None`` before the first."""
        try:
            text = self.read(self.alias)
            if text is None:
                return None
            head: dict[str, Any] = json.loads(text)
            content = canonical({name: head[name] for name in ("head", "sequence", "serving")})
            genuine = signed_by(self.key, ALIAS, content, head["signature"])
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise self.broken(f"{self.alias.name} is not readable") from error
        if not genuine:
            raise self.broken(f"{self.alias.name} carries a signature of another key, or was changed")
        return head

    def read(self, path: Path) -> bytes | None:
        """Give the bytes of a file, ``None`` when it is not there; raises `Unavailable` when the system does not let it be read."""
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(
                f"{path.name} of the registry of models cannot be read ({error.strerror}); its folder, DOORCAST_MODELS_FOLDER, must be one that you may read."
            ) from error

    def broken(self, why: str) -> ModelRefused:
        return ModelRefused(
            f"the ledger of models {self.path.name} cannot be trusted: {why}. Check the key file; if it is right, restore both from a backup."
        )

    def append(self, event: str, version: str, *, at: str, reason: str, evidence: Mapping[str, Any]) -> Entry:
        """Write one more entry to disk, then point the alias at it."""
        if event not in EVENTS:
            raise ModelRefused(f"{event!r} is not an event of the ledger; use one of {sorted(EVENTS)}.")
        entries = self.entries()
        previous = entries[-1].signature if entries else ""
        unsigned = Entry(len(entries) + 1, at, event, version, reason, dict(evidence), previous)
        entry = Entry(**{**asdict(unsigned), "signature": sign(self.key, ENTRY, unsigned.content())})
        self.write_line(canonical(asdict(entry)) + b"\n")
        self.point_at((*entries, entry))
        return entry

    def heal(self) -> None:
        """Point the alias at the newest entry again, after a crash between the two."""
        entries, head = self.entries(), self.head()
        if entries and (head is None or head["sequence"] < len(entries)):
            self.point_at(entries)

    def write_line(self, line: bytes) -> None:
        with self.path.open("ab") as file:
            text = self.path.read_bytes()
            file.truncate(text.rfind(b"\n") + 1)  # a half-written last line of a crash
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.path.parent)

    def point_at(self, entries: tuple[Entry, ...]) -> None:
        stack = serving_stack(entries)
        head = {"head": entries[-1].signature, "sequence": len(entries), "serving": stack[-1] if stack else None}
        signed = {**head, "signature": sign(self.key, ALIAS, canonical(head))}
        fresh = self.alias.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(canonical(signed))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.alias)
        sync_folder(self.alias.parent)
