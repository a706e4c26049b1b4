"""Put the facts of several sources together."""

import polars as pl

from data.facts.facts import Facts
from data.facts.schema import TABLES

__all__ = ["merge"]


def merge(*parts: Facts) -> Facts:
    """Give all rows of all parts, one for each key; the first part that knows a key wins. Declared attributes are united."""
    tables = {}
    for name, table in TABLES.items():
        frames = [getattr(part, name) for part in parts]
        whole = pl.concat([frame for frame in frames if frame.height] or frames[:1], how="diagonal_relaxed")
        tables[name] = whole.unique(subset=[table.key], keep="first", maintain_order=True)
    return Facts.of(tables)
