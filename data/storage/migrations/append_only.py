"""Let the database itself refuse to change or remove rows of a table.

Part of history: migrations use it, so its effect must not change; write a new one beside it instead.
"""

from alembic import op

__all__ = ["guard", "unguard"]


def guard(table: str) -> None:
    """Make UPDATE and DELETE (and TRUNCATE, where it exists) on a table fail."""
    message = f"{table} are append-only"
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{action.lower()} BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse_change()"
    )


def unguard(table: str) -> None:
    """Take the guard away, as a downgrade must."""
    if op.get_bind().dialect.name == "sqlite":
        for action in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_refuse_{action}")
        return
    op.execute(f"DROP TRIGGER {table}_refuse_change ON {table}")
    op.execute(f"DROP FUNCTION {table}_refuse_change()")
