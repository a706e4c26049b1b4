"""Add humidity, pressure, gusts and the direction of the wind to both tables of weather; rows that are there know none of them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("weather_observations", "weather_forecasts")
COLUMNS = ("humidity_percent", "pressure_hpa", "wind_gust_kph", "wind_direction_deg")


def upgrade() -> None:
    """Add the columns after all others; neither engine rewrites the table for that."""
    for table in TABLES:
        for column in COLUMNS:
            op.add_column(table, sa.Column(column, sa.Double()))


def downgrade() -> None:
    """Drop the columns with all that they hold."""
    for table in TABLES:
        for column in reversed(COLUMNS):
            op.drop_column(table, column)
