"""Describe the tables of the store as SQLAlchemy Core metadata.

The canonical tables follow `data.facts.schema`; their order of columns is the order of rows everywhere in this room. Instants
are int64 microseconds since 1970 UTC on both engines. Migrations do not read this file: it may change, history may not.
"""

from typing import Any

import polars as pl
import sqlalchemy as sa

from data.facts.schema import INSTANT, TABLES, WITH_ATTRIBUTES, Table

__all__ = [
    "APPEND_ONLY",
    "ATTRIBUTES",
    "CONTACTS",
    "DECLARATIONS",
    "FACTS",
    "FORECASTS",
    "IMPORTS",
    "LATEST_FORECASTS",
    "METADATA",
    "OPENING_LINKS",
    "OUTCOMES",
    "QUARANTINE",
    "STATES",
    "TOKENS",
    "UPDATES",
    "enforced_references",
]

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text in the order of its code points on both engines, as in Python; a locale's own order would part the engines at ties."""

METADATA = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

ATTRIBUTES = "attributes"
"""Column of orders and shipments that holds their declared attributes as one JSON object, names without ``attr_``."""

APPEND_ONLY = ("scans", "forecasts")
"""Tables whose rows a trigger protects from UPDATE and DELETE."""


def _type_of(dtype: pl.DataType) -> sa.types.TypeEngine[Any]:
    if dtype in {INSTANT, pl.Int64()}:
        return sa.BigInteger()
    if dtype == pl.Float64():
        return sa.Double()
    if dtype == pl.Boolean():
        return sa.Boolean()
    return TEXT


def enforced_references(table: Table) -> dict[str, str]:
    """Give the references that must exist: the required ones.

    An optional reference may name a facility that nobody has described yet; a scan is never refused for that.
    """
    required = {column.name for column in table.columns if not column.nullable}
    return {name: parent for name, parent in table.references.items() if name in required}


def _canonical(table: Table) -> sa.Table:
    references = enforced_references(table)
    columns: list[sa.Column[Any]] = []
    for column in table.columns:
        parent = references.get(column.name)
        links = [sa.ForeignKey(f"{parent}.{TABLES[parent].key}")] if parent else []
        is_key = column.name == table.key
        columns.append(sa.Column(column.name, _type_of(column.dtype), *links, primary_key=is_key, nullable=column.nullable))
    if table.name in WITH_ATTRIBUTES:
        columns.append(sa.Column(ATTRIBUTES, sa.JSON(), nullable=False))
    return sa.Table(table.name, METADATA, *columns)


FACTS: dict[str, sa.Table] = {name: _canonical(table) for name, table in TABLES.items()}
"""Canonical tables by name, parents before children."""

for _table, _columns in (
    ("shipments", ("created_at", "shipment_id")),
    ("shipments", ("carrier", "created_at", "shipment_id")),
    ("shipments", ("order_id",)),
    ("shipments", ("tracking_number",)),
    ("parcels", ("shipment_id",)),
    ("promises", ("shipment_id",)),
    ("legs", ("shipment_id",)),
    ("scans", ("shipment_id",)),
    ("weather_observations", ("facility_id", "observed_at")),
    ("weather_observations", ("facility_id", "available_at")),
    ("weather_forecasts", ("facility_id", "valid_at")),
    ("weather_forecasts", ("facility_id", "available_at")),
    ("lane_summaries", ("origin_facility_id", "destination_facility_id")),
):
    sa.Index(None, *(FACTS[_table].c[_column] for _column in _columns))


def _shipment_key() -> sa.Column[str]:
    return sa.Column("shipment_id", TEXT, sa.ForeignKey("shipments.shipment_id"), primary_key=True, nullable=False)


DECLARATIONS = sa.Table(
    "attribute_declarations",
    METADATA,
    sa.Column("table_name", TEXT, primary_key=True, nullable=False),
    sa.Column("name", TEXT, primary_key=True, nullable=False),
    sa.Column("kind", TEXT, nullable=False),
)
"""Type of every declared attribute, so that one shipment and all of them are read with the same columns."""

STATES = sa.Table(
    "shipment_states",
    METADATA,
    _shipment_key(),
    sa.Column("status", TEXT, nullable=False),
    sa.Column("status_since", sa.BigInteger()),
    sa.Column("possession_at", sa.BigInteger()),
    sa.Column("delivered_at", sa.BigInteger()),
    sa.Column("last_heard_at", sa.BigInteger()),
    sa.Column("last_facility_id", TEXT),
    sa.Column("failed_attempts", sa.BigInteger(), nullable=False),
    sa.Column("unmapped", sa.BigInteger(), nullable=False),
    sa.Column("repetitions", sa.BigInteger(), nullable=False),
)
"""The fold of `data.domain.journeys.as_seen` over everything heard; ``expired`` depends on the clock and is never stored."""

sa.Index(None, STATES.c.status, STATES.c.last_heard_at)

OUTCOMES = sa.Table(
    "outcomes",
    METADATA,
    _shipment_key(),
    sa.Column("status", TEXT, nullable=False),
    sa.Column("occurred_at", sa.BigInteger(), nullable=False),
    sa.Column("known_at", sa.BigInteger(), nullable=False, index=True),
)
"""The fold of `data.domain.journeys.outcome_of`: one row for each shipment that has ended."""

FORECASTS = sa.Table(
    "forecasts",
    METADATA,
    sa.Column("forecast_id", TEXT, primary_key=True, nullable=False),
    sa.Column("shipment_id", TEXT, sa.ForeignKey("shipments.shipment_id"), nullable=False),
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
)
sa.Index(None, FORECASTS.c.shipment_id, FORECASTS.c.as_of)

LATEST_FORECASTS = sa.Table(
    "latest_forecasts",
    METADATA,
    _shipment_key(),
    sa.Column("forecast_id", TEXT, sa.ForeignKey("forecasts.forecast_id"), nullable=False),
    sa.Column("as_of", sa.BigInteger(), nullable=False),
    sa.Column("made_at", sa.BigInteger(), nullable=False),
    sa.Column("p10", sa.BigInteger()),
    sa.Column("p50", sa.BigInteger()),
    sa.Column("p90", sa.BigInteger()),
    sa.Column("late_probability", sa.Double(), index=True),
)
"""The newest forecast of each shipment by (as_of, made_at, forecast_id); what lists and the risk queue read."""

TOKENS = sa.Table(
    "tokens",
    METADATA,
    sa.Column("token_sha256", TEXT, primary_key=True, nullable=False),
    sa.Column("shipment_id", TEXT, sa.ForeignKey("shipments.shipment_id"), nullable=False, index=True),
    sa.Column("scope", TEXT, nullable=False),
    sa.Column("issued_at", sa.BigInteger(), nullable=False),
    sa.Column("expires_at", sa.BigInteger()),
    sa.Column("revoked_at", sa.BigInteger()),
)

CONTACTS = sa.Table(
    "contacts",
    METADATA,
    sa.Column("order_id", TEXT, sa.ForeignKey("orders.order_id"), primary_key=True, nullable=False),
    sa.Column("email", TEXT, nullable=False),
    sa.Column("email_digest", TEXT, nullable=False),
    sa.Column("language", TEXT),
    sa.Column("set_at", sa.BigInteger(), nullable=False),
)
"""Where the customer of an order is written to: personal data, so it is overwritten and deleted, and no reading of facts gives it."""

OPENING_LINKS = sa.Table(
    "opening_links",
    METADATA,
    sa.Column("link_sha256", TEXT, primary_key=True, nullable=False),
    sa.Column("shipment_id", TEXT, sa.ForeignKey("shipments.shipment_id")),
    sa.Column("expires_at", sa.BigInteger(), nullable=False, index=True),
    sa.Column("used_at", sa.BigInteger()),
)
"""Links that are mailed and exchanged for a token once; those without a shipment were made for nobody, so that both take the same time."""

QUARANTINE = sa.Table(
    "quarantine",
    METADATA,
    sa.Column("quarantine_id", TEXT, primary_key=True, nullable=False),
    sa.Column("table_name", TEXT, nullable=False),
    sa.Column("row", sa.JSON(), nullable=False),
    sa.Column("rule", TEXT, nullable=False),
    sa.Column("message", TEXT, nullable=False),
    sa.Column("source", TEXT, nullable=False),
    sa.Column("at", sa.BigInteger(), nullable=False, index=True),
)
"""Rows that were refused, whole, with the rule that refused them. The id is a digest of the content: twice the same is one row."""

IMPORTS = sa.Table(
    "imports",
    METADATA,
    sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("source", TEXT, nullable=False),
    sa.Column("at", sa.BigInteger(), nullable=False),
    sa.Column("counts", sa.JSON(), nullable=False),
)
"""One line for each call of ``facts.add``: source, time, and for each table how many rows were new, unchanged, conflicting, refused."""

UPDATES = sa.Table(
    "updates",
    METADATA,
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("shipment_id", TEXT, sa.ForeignKey("shipments.shipment_id"), nullable=False),
    sa.Column("kind", TEXT, nullable=False),
    sa.Column("occurred_at", sa.BigInteger(), nullable=False),
    sa.Column("recorded_at", sa.BigInteger(), nullable=False),
    sqlite_autoincrement=True,
)
"""What became new about which shipment, see `data.domain.updates`. Rows are never changed; old ones may be pruned."""

sa.Index(None, UPDATES.c.shipment_id, UPDATES.c.sequence)
