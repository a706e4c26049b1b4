"""Create what the look-up page needs: the contact of an order, and the short-lived links that are mailed to it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create both tables. They hold personal data and secrets' digests, so their rows may be deleted: no guard."""
    op.create_table(
        "contacts",
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("email_digest", TEXT, nullable=False),
        sa.Column("language", TEXT),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.order_id"], name="fk_contacts_order_id"),
        sa.PrimaryKeyConstraint("order_id", name="pk_contacts"),
    )
    op.create_table(
        "opening_links",
        sa.Column("link_sha256", TEXT, nullable=False),
        sa.Column("shipment_id", TEXT),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.shipment_id"], name="fk_opening_links_shipment_id"),
        sa.PrimaryKeyConstraint("link_sha256", name="pk_opening_links"),
    )
    op.create_index("ix_opening_links_expires_at", "opening_links", ["expires_at"])


def downgrade() -> None:
    """Drop both with all that they hold."""
    op.drop_table("opening_links")
    op.drop_table("contacts")
