"""Create the updates: what became new about which shipment, in the order in which it became readable."""

import sqlalchemy as sa
from alembic import op

from data.storage.migrations.no_changes import allow_changes, refuse_changes

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table. AUTOINCREMENT, because SQLite would otherwise give the number of a pruned row to a new one."""
    op.create_table(
        "updates",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.shipment_id"], name="fk_updates_shipment_id"),
        sa.PrimaryKeyConstraint("sequence", name="pk_updates"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_updates_shipment_id_sequence", "updates", ["shipment_id", "sequence"])
    refuse_changes("updates")


def downgrade() -> None:
    """Drop the table; nothing else remembers what was new."""
    allow_changes("updates")
    op.drop_table("updates")
