"""Let the database itself refuse to change rows of a table; removing old ones stays possible.

Part of history: migrations use it, so its effect must not change; write a new one beside it instead.
"""

from alembic import op

__all__ = ["allow_changes", "refuse_changes"]


def refuse_changes(table: str) -> None:
    """Make UPDATE (and TRUNCATE, where it exists) on a table fail."""
    message = f"{table} are never changed"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {table}_refuse_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse_change()"
    )


def allow_changes(table: str) -> None:
    """Take the guard away, as a downgrade must."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {table}_refuse_update")
        return
    op.execute(f"DROP TRIGGER {table}_refuse_change ON {table}")
    op.execute(f"DROP FUNCTION {table}_refuse_change()")
