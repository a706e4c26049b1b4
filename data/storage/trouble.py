"""Tell trouble with the database (away, busy, full, damaged) from an error in one statement."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError

from data.domain.errors import Unavailable

__all__ = ["as_trouble", "breaks_transaction", "is_deadlock", "is_trouble", "reachable"]

STATEMENT_ERRORS = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_MISUSE}
"""SQLite's codes for an error of the statement; the sqlite3 module calls a syntax error and a full disk alike OperationalError."""


def is_trouble(error: DBAPIError) -> bool:
    """Say whether the database is to blame, so that the same call may work later."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF not in STATEMENT_ERRORS
    return error.connection_invalidated or isinstance(error, OperationalError)


def breaks_transaction(error: DBAPIError) -> bool:
    """Say whether everything else in the same transaction is lost too, not only the savepoint."""
    if hasattr(error.orig, "sqlite_errorcode"):
        return is_trouble(error)
    return error.connection_invalidated


def is_deadlock(failure: object) -> bool:
    """Say whether PostgreSQL ended this work because it and another process waited for each other: the same work may be done again at once."""
    cause = failure.__cause__ if isinstance(failure, Unavailable) else None
    return getattr(getattr(cause, "orig", cause), "sqlstate", None) == "40P01"


def as_trouble(error: DBAPIError, doing: str) -> Exception:
    """Give `Unavailable` for trouble and any other error as it is."""
    if not is_trouble(error):
        return error
    unavailable = Unavailable(
        f"the database cannot be {doing}: {' '.join(str(error.orig).split()).rstrip('.')}; check its file or its server, then try again."
    )
    unavailable.__cause__ = error
    return unavailable


@contextmanager
def reachable(doing: str) -> Iterator[None]:
    """Raise `Unavailable` for trouble, let every other error through."""
    try:
        yield
    except DBAPIError as error:
        raise as_trouble(error, doing) from error.__cause__
