"""Ask for many keys with one parameter; both engines limit how many parameters a statement may have.

Statements are built once for each dialect and kept (``@cache`` at their place), because building one costs more than running it.
"""

from collections.abc import Sequence

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

__all__ = ["among", "key_table", "keyed"]


def among(dialect: str, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Give the condition that a text column holds one of the keys, which are bound later as ``keys``."""
    if dialect == "sqlite":
        return column.in_(sa.select(key_table(dialect).c.value))
    return column == sa.func.any(sa.bindparam("keys", type_=ARRAY(sa.Text())))


def key_table(dialect: str) -> sa.TableValuedAlias:
    """Give the keys that are bound later as a table with the column ``value``."""
    if dialect == "sqlite":
        return sa.func.json_each(sa.bindparam("keys", type_=sa.Text())).table_valued(sa.column("value", sa.Text()))
    return sa.func.unnest(sa.bindparam("keys", type_=ARRAY(sa.Text()))).table_valued(sa.column("value", sa.Text())).render_derived()


def keyed(dialect: str, keys: Sequence[str]) -> dict[str, object]:
    """Give the parameters that bind the keys."""
    return {"keys": orjson.dumps(list(keys)).decode() if dialect == "sqlite" else list(keys)}
