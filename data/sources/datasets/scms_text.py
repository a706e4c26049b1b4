"""Read the mixed dates, weights and broken names of the SCMS table from its text."""

import polars as pl

__all__ = ["CONTROL", "DATES", "WEIGHT", "day", "decoded", "kilograms"]

DATES = {
    "PQ First Sent to Client Date": "quote_sent",
    "PO Sent to Vendor Date": "po_sent",
    "Scheduled Delivery Date": "scheduled",
    "Delivered to Client Date": "delivered",
    "Delivery Recorded Date": "recorded",
}
"""Columns of days, and our names for them."""

WEIGHT = "Weight (Kilograms)"
CONTROL = r"[\x00-\x1f\x7f-\x{9f}]+"
"""Control characters: one site holds a line break."""


def day(column: str) -> pl.Expr:
    """Read a day: ``2-Jun-06`` or, the American way, ``6/2/06``; anything else is unknown."""
    text = pl.col(column).str.strip_chars()
    return pl.coalesce(text.str.to_date("%d-%b-%y", strict=False), text.str.to_date("%m/%d/%y", strict=False))


def kilograms() -> pl.Expr:
    """Read the weight; text such as "See ASN-93 (ID#:1281)" or "Weight Captured Separately" is no weight."""
    number = pl.col(WEIGHT).str.replace_all(",", "").str.strip_chars().cast(pl.Float64(), strict=False)
    return pl.when(number.is_finite() & (number >= 0)).then(number)


def decoded(column: str) -> pl.Expr:
    """Undo UTF-8 that was read as Latin-1 (the accents of Côte d'Ivoire); other text stays as it is."""
    return pl.col(column).map_elements(_decode, return_dtype=pl.String())


def _decode(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
