"""On real orders the pipeline beats what needs no trees. Small samples and loose bounds; measured figures stand in the READMEs."""

import polars as pl
import pytest

from training.benchmark.run import run_benchmark

pytestmark = pytest.mark.real_data


def test_real_legs_are_forecast_better_than_by_the_router(real_data):
    """Delhivery, newest fifth: below 36 minutes where the router's own time misses by 100, and below the lane table."""
    report = run_benchmark("delhivery", real_data / "delhivery")
    scores, baselines = report["moments"]["departure"], report["baselines"]

    assert scores["mae"] < 36
    assert scores["mae"] < baselines["lane_table"]["departure"]["mae"] < baselines["router"]["departure"]["mae"]
    assert 0.7 <= scores["intervals"]["0.8"]["coverage"] <= 0.92


def test_real_orders_are_forecast_better_than_by_a_constant(real_data, tmp_path):
    """Olist, every fifth order, newest fifth of them: the risk ranks and the windows hold."""
    source = real_data / "olist"
    for table in source.iterdir():
        if table.name != "orders.parquet":
            (tmp_path / table.name).symlink_to(table)
    pl.read_parquet(source / "orders.parquet").gather_every(5).write_parquet(tmp_path / "orders.parquet")
    report = run_benchmark("olist", tmp_path)
    purchase = report["moments"]["purchase"]

    assert purchase["mae"] < report["baselines"]["constant"]["purchase"]["mae"]
    assert purchase["mae"] < report["baselines"]["promise"]["purchase"]["mae"] / 2
    assert report["late"]["purchase"]["auc"] > 0.65
    assert 0.7 <= purchase["intervals"]["0.8"]["coverage"] <= 0.92
