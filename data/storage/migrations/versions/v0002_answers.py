"""Create what is derived from facts or made by Doorcast: states, outcomes, forecasts, tokens, quarantine, imports."""

import sqlalchemy as sa
from alembic import op

from data.storage.migrations.append_only import guard, unguard

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

TABLES = ("attribute_declarations", "shipment_states", "outcomes", "forecasts", "latest_forecasts", "tokens", "quarantine", "imports")


def upgrade() -> None:
    """Create the tables, parents before children, and guard the forecasts."""
    _attribute_declarations()
    _shipment_states()
    _outcomes()
    _forecasts()
    _latest_forecasts()
    _tokens()
    _quarantine()
    _imports()
    guard("forecasts")


def downgrade() -> None:
    """Drop everything, children before parents."""
    unguard("forecasts")
    for table in reversed(TABLES):
        op.drop_table(table)


def _attribute_declarations() -> None:
    op.create_table(
        "attribute_declarations",
        sa.Column("table_name", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("table_name", "name", name="pk_attribute_declarations"),
    )


def _shipment_states() -> None:
    op.create_table(
        "shipment_states",
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("status_since", sa.BigInteger()),
        sa.Column("possession_at", sa.BigInteger()),
        sa.Column("delivered_at", sa.BigInteger()),
        sa.Column("last_heard_at", sa.BigInteger()),
        sa.Column("last_facility_id", TEXT),
        sa.Column("failed_attempts", sa.BigInteger(), nullable=False),
        sa.Column("unmapped", sa.BigInteger(), nullable=False),
        sa.Column("repetitions", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.shipment_id"], name="fk_shipment_states_shipment_id"),
        sa.PrimaryKeyConstraint("shipment_id", name="pk_shipment_states"),
    )
    op.create_index("ix_shipment_states_status_last_heard_at", "shipment_states", ["status", "last_heard_at"])


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.shipment_id"], name="fk_outcomes_shipment_id"),
        sa.PrimaryKeyConstraint("shipment_id", name="pk_outcomes"),
    )
    op.create_index("ix_outcomes_known_at", "outcomes", ["known_at"])


def _forecasts() -> None:
    op.create_table(
        "forecasts",
        sa.Column("forecast_id", TEXT, nullable=False),
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("quantiles", sa.JSON(), nullable=False),
        sa.Column("window_start", sa.BigInteger(), nullable=False),
        sa.Column("window_end", sa.BigInteger(), nullable=False),
        sa.Column("window_level", sa.Double(), nullable=False),
        sa.Column("late_probability", sa.Double()),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("model_version", TEXT, nullable=False),
        sa.Column("input_digest", TEXT, nullable=False),
        sa.Column("timezone", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.shipment_id"], name="fk_forecasts_shipment_id"),
        sa.PrimaryKeyConstraint("forecast_id", name="pk_forecasts"),
    )
    op.create_index("ix_forecasts_shipment_id_as_of", "forecasts", ["shipment_id", "as_of"])


def _latest_forecasts() -> None:
    op.create_table(
        "latest_forecasts",
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("forecast_id", TEXT, nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("p10", sa.BigInteger()),
        sa.Column("p50", sa.BigInteger()),
        sa.Column("p90", sa.BigInteger()),
        sa.Column("late_probability", sa.Double()),
        sa.ForeignKeyConstraint(["forecast_id"], ["forecasts.forecast_id"], name="fk_latest_forecasts_forecast_id"),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.shipment_id"], name="fk_latest_forecasts_shipment_id"),
        sa.PrimaryKeyConstraint("shipment_id", name="pk_latest_forecasts"),
    )
    op.create_index("ix_latest_forecasts_late_probability", "latest_forecasts", ["late_probability"])


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("token_sha256", TEXT, nullable=False),
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.shipment_id"], name="fk_tokens_shipment_id"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_tokens"),
    )
    op.create_index("ix_tokens_shipment_id", "tokens", ["shipment_id"])


def _quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("quarantine_id", TEXT, nullable=False),
        sa.Column("table_name", TEXT, nullable=False),
        sa.Column("row", sa.JSON(), nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("quarantine_id", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_at", "quarantine", ["at"])


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", name="pk_imports"),
    )
