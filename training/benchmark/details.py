"""Lay out windows, risk and the other measures of the same runs, and the simulated network beside its oracle."""

from collections.abc import Sequence
from typing import Any

from training.benchmark.cells import RIVALS, Lines, Record, number, risk, rival_cell, where, window

__all__ = ["details", "simulated"]

ORACLE_COLUMNS = ("doorcast", "oracle", "lane_table", "plan", "carrier_date")


def details(records: Sequence[Record]) -> Lines:
    """Give windows, risk and the other measures, Doorcast beside naive LightGBM, and the seconds of the whole run of the product."""
    head = (
        "set, judged", "protocol", "moment", "RMSE of the mean", "median error", "within", "80 % window: covers, width, Winkler", "LightGBM's",
        "worst fortnight covers", "cold lanes, error", "late AUC / AP / ECE", "LightGBM's", "CatBoost's", "sklearn's", "seconds",
    )  # fmt: skip
    rows = []
    for record in records:
        if record["run"]["dataset"] == "simulated":
            continue
        for moment, scores in record["report"]["moments"].items():
            limit, said = closeness(record["report"])
            within = f"{scores['within'][limit]:.3f} ({said})"
            fortnights = [cell["coverage"] for name, cell in scores["groups"].items() if name.startswith("fortnight:")]
            rows.append(
                (
                    *where(record),
                    moment,
                    number(scores["rmse"]),
                    number(scores["median_ae"]),
                    within,
                    window(scores["intervals"]["0.8"]),
                    window(rival_cell(record, "lightgbm", moment).get("window")),
                    f"{min(fortnights):.3f}" if fortnights else "",
                    number(scores["groups"].get("lane:cold", {}).get("mae")),
                    risk(record["report"]["late"].get(moment)),
                    *(risk(rival_cell(record, name, moment).get("late")) for name in RIVALS),
                    f"{record['seconds']:.0f}",
                )
            )
    return head, rows


def closeness(report: dict[str, Any]) -> tuple[str, str]:
    """Give the limit of "right within" that says most: two days, 15 minutes beside a plan (an offset may be nothing, and a share of it too), else 15 %."""
    if report["unit"] == "days":
        return "2", "2 d"
    return ("15", "15 min") if report["late"] and report["unit"] == "minutes" else ("15%", "15 %")


def simulated(records: Sequence[Record]) -> Lines | None:
    """Give the simulated network beside its oracle: mean pinball loss in hours over seven levels; ``None`` where it was not run."""
    rows = []
    for record in (one for one in records if one["run"]["dataset"] == "simulated"):
        report = record["report"]
        rows.append(
            (
                "all",
                f"{report['n_test']:,}",
                *(losses(report, name) for name in ORACLE_COLUMNS),
                f"{report['ratio']:.3f}",
                f"{report['coverage']:.3f}",
            )
        )
        rows += [
            (
                f"stage {name}",
                f"{cell['n']:,}",
                number(cell["doorcast"]),
                number(cell["oracle"]),
                "",
                "",
                "",
                f"{cell['ratio']:.3f}",
                coverage(report, name),
            )
            for name, cell in report["by"]["stage"].items()
        ]
    head = ("rows", "n", "Doorcast", "oracle", "lane table", "plan", "carrier's date", "Doorcast over oracle", "80 % window covers")
    return (head, rows) if rows else None


def losses(report: dict[str, Any], name: str) -> str:
    """Write a loss; where an answer is not there for every row, with the share of rows that have it."""
    loss = report["pinball_hours"].get(name)
    if isinstance(loss, dict):
        return "" if loss["share"] == 0 else number(loss["loss"]) + ("" if loss["share"] == 1 else f" (of {loss['share']:.0%})")
    return number(loss)


def coverage(report: dict[str, Any], stage: str) -> str:
    cell = report["cells"].get(f"stage: {stage}")
    return f"{cell['coverage']:.3f}" if cell else ""
