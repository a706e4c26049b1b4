"""Turn a ledger into plain arrays and back."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from training.history.events import Events, Owners
from training.history.ledger import Ledger, States
from training.history.levels import Plan

__all__ = ["ledger_arrays", "ledger_of_arrays", "text_arrays", "texts_of_arrays"]

STATES = ("offset", "sums", "weights", "times", "raw_sums", "raw_weights", "raw_times")
VECTORS = ("time", "owner", "kind", "number", "value", "weight", "hour")


def ledger_arrays(ledger: Ledger) -> dict[str, Any]:
    """Give a ledger as numpy arrays in dictionaries."""
    return {
        "since": ledger.since,
        "keys": {level: text_arrays(list(known)) for level, known in ledger.keys.items()},
        "states": {name: getattr(ledger.states, name) for name in STATES},
        "events": {name: getattr(ledger.events, name) for name in VECTORS},
        "owners": text_arrays(ledger.events.owners.ids.to_list()),
        "owner_keys": {level: text_arrays(texts.to_list()) for level, texts in ledger.events.owners.keys.items()},
    }


def ledger_of_arrays(plan: Plan, plain: Mapping[str, Any]) -> Ledger:
    """Read what `ledger_arrays` gave for the same plan."""
    keys = {
        level: {text: number for number, text in enumerate(texts_of_arrays(plain["keys"][level])) if text is not None}
        for level in plan.levels
    }
    owners = Owners(
        pl.Series("owner", texts_of_arrays(plain["owners"]), dtype=pl.String),
        {level: pl.Series(level, texts_of_arrays(plain["owner_keys"][level]), dtype=pl.String) for level in plan.levels},
    )
    events = Events(owners, **{name: plain["events"][name] for name in VECTORS})
    states = States(**{name: plain["states"][name] for name in STATES})
    empty = np.empty((0, len(plan.levels)), dtype=np.int32)
    return Ledger(plan, keys, states, events.taken(np.empty(0, dtype=np.int64)), empty, plain["since"]).with_events(events)


def text_arrays(texts: list[str | None]) -> dict[str, npt.NDArray[Any]]:
    """Give texts as UTF-8 bytes and the end of each; the length of null is -1.

    numpy's own text arrays would lose trailing NULs.
    """
    coded = [None if text is None else text.encode() for text in texts]
    return {
        "bytes": np.frombuffer(b"".join(text for text in coded if text is not None), dtype=np.uint8).copy(),
        "lengths": np.array([-1 if text is None else len(text) for text in coded], dtype=np.int64),
    }


def texts_of_arrays(plain: Mapping[str, npt.NDArray[Any]]) -> list[str | None]:
    """Read what `text_arrays` gave."""
    whole, texts, at = plain["bytes"].tobytes(), [], 0
    for size in plain["lengths"].tolist():
        texts.append(None if size < 0 else whole[at : at + size].decode())
        at += max(size, 0)
    return texts
