"""Write single figures of a bench record as text, and rows of them as Markdown."""

from typing import Any

__all__ = ["RIVALS", "Lines", "Record", "markdown", "number", "risk", "rival_cell", "where", "window"]

Record = dict[str, Any]
"""What one run of the bench leaves: ``run``, ``report`` (of `run_benchmark`), ``rivals``, ``authors``, ``sketch``, ``seconds``."""
Lines = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""The head and the rows of a table, as text."""
RIVALS = {"lightgbm": "LightGBM", "catboost": "CatBoost", "sklearn": "sklearn"}


def where(record: Record) -> tuple[str, str]:
    """Name the set and its judged days, and the protocol."""
    run = record["run"]
    until = f" to before {run['until']}" if run["until"] else ""
    days = f"from {run['since']}{until}" if run["since"] else "a fifth by id"
    refit = f", refit {run['refit_days']} d" if run["refit_days"] else ""
    online = ", single fit" if run["protocol"] == "online" and not refit else ""
    return f"{run['dataset']}, {days}", run["protocol"] + refit + online


def rival_cell(record: Record, name: str, moment: str) -> dict[str, Any]:
    cell: dict[str, Any] = record["rivals"].get(name, {}).get("moments", {}).get(moment, {})
    return cell


def number(value: float | None) -> str:
    """Write three or four digits that count; nothing for nothing."""
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 200 else f"{value:.1f}" if abs(value) >= 20 else f"{value:.2f}"


def window(scores: dict[str, float] | None) -> str:
    return "" if scores is None else f"{scores['coverage']:.3f}, {number(scores['mean_width'])}, {number(scores['winkler'])}"


def risk(scores: dict[str, float] | None) -> str:
    if not scores:
        return ""
    return " / ".join("-" if scores[name] is None else f"{scores[name]:.3f}" for name in ("auc", "ap", "ece"))


def markdown(lines: Lines) -> str:
    """Write a table in Markdown."""
    head, rows = lines
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ("---",) * len(head), *rows))
