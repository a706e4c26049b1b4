"""Count what cannot be read or cannot be true in the SCMS table."""

import polars as pl

from data.sources.datasets.dataset import Defect
from data.sources.datasets.scms_text import CONTROL, DATES, WEIGHT, day, kilograms

__all__ = ["defects"]


def defects(raw: pl.DataFrame, lines: pl.DataFrame) -> tuple[Defect, ...]:
    """Count every kind; ``raw`` is the table as published, ``lines`` the rows that were read."""
    text_in_dates = [
        Defect(
            f"text_in_{name}",
            "shipments",
            raw.filter(pl.col(column).is_not_null() & day(column).is_null()).height,
            f'text ("Date Not Captured", "Pre-PQ Process", "N/A - From RDC") in {column!r}',
            "day unknown",
        )
        for column, name in DATES.items()
    ]
    american = sum(int(raw[column].str.contains("/\\d+/").sum()) for column in DATES)
    text = [name for name, dtype in raw.schema.items() if dtype == pl.String()]
    broken = sum(int(raw[name].str.contains(CONTROL).sum()) for name in text)
    rules = (
        ("country_garbled", "shipments", pl.col("country") != pl.col("Country"), "UTF-8 read as Latin-1", "decoded again"),
        ("mode_unknown", "shipments", pl.col("Shipment Mode").is_null(), "no shipment mode", "service unknown"),
        (
            "weight_is_text",
            "shipments",
            pl.col(WEIGHT).is_not_null() & kilograms().is_null(),
            "weight points to another line, or is captured separately",
            "weight unknown",
        ),
        (
            "recorded_before_delivered",
            "scans",
            pl.col("on_recorded") < pl.col("on_delivered"),
            "recorded before delivered",
            "heard on the day of delivery",
        ),
        (
            "delivered_before_ordered",
            "scans",
            pl.col("on_delivered") <= pl.col("ordered"),
            "delivered by the moment `ordered`",
            "not used at that moment",
        ),
        (
            "delivered_two_weeks_before",
            "scans",
            pl.col("on_delivered") <= pl.col("two_weeks_before"),
            "delivered two weeks before the schedule, or earlier",
            "not used at that moment",
        ),
        ("never_delivered", "scans", pl.col("on_delivered").is_null(), "no readable day of delivery", "stays open"),
    )
    counts = lines.select(rule.fill_null(value=False).sum().alias(code) for code, _, rule, _, _ in rules).row(0, named=True)
    return (
        Defect("line_without_schedule", "shipments", raw.height - lines.height, "no scheduled day, or id twice", "left out"),
        Defect("control_characters", "shipments", broken, "line breaks inside names (values)", "replaced by a blank"),
        *text_in_dates,
        Defect("mixed_date_formats", "shipments", american, "days written 6/2/06 besides 2-Jun-06 (values)", "read as month/day/year"),
        *(Defect(code, table, int(counts[code]), meaning, treatment) for code, table, _, meaning, treatment in rules),
    )
