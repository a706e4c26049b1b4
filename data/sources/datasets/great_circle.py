"""Measure great-circle distances between columns of points."""

import polars as pl

__all__ = ["EARTH_RADIUS_KM", "great_circle_km"]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""


def great_circle_km(lat: pl.Expr, lon: pl.Expr, to_lat: pl.Expr, to_lon: pl.Expr) -> pl.Expr:
    """Give the haversine distance in km between points in degrees; null where a coordinate is unknown."""
    half_lat, half_lon = (to_lat - lat).radians() / 2, (to_lon - lon).radians() / 2
    chord = half_lat.sin().pow(2) + lat.radians().cos() * to_lat.radians().cos() * half_lon.sin().pow(2)
    # Rounding may push antipodes just beyond 1.
    return 2 * EARTH_RADIUS_KM * chord.clip(0.0, 1.0).sqrt().arcsin()
