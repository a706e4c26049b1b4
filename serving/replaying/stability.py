"""Measure how steady the shown windows are, and what the steadiness costs against showing every forecast."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from data.domain.journeys import as_seen
from maps.forecast_shown import NO_ARRIVAL, arrival_of, read_at, shown
from maps.shown_window import ShownWindow, rounded
from serving.replaying.world import ReplayedJourney, ReplayedWorld

__all__ = ["print_stability", "stability_report"]

SHOWN_LEVELS = (0.1, 0.5, 0.9)
LARGEST_LOSS_RATIO = 1.03


def stability_report(world: ReplayedWorld, *, tell: Callable[[str, int, int], None]) -> dict[str, Any]:
    """Fold the forecasts of every journey and compare what was shown with the newest forecast, at the same moments.

    The moments are those of the forecasts, until the delivery. Loss is the mean pinball loss in hours of (start, median, end) at levels .1, .5 and .9;
    coverage the share of moments whose window holds the delivery. A change is a new shown window after the first; what would change if every forecast were shown, in full
    hours too, stands beside it. ``back_and_forth`` are journeys whose window moved earlier, later and earlier again, or the other way round.
    """
    changes, raw_changes, back, causes, rows = [], [], [], Counter[str](), []
    for number, journey in enumerate(world.journeys):
        if number % 50 == 0:
            tell("folding", number, len(world.journeys))
        windows, moments = replay(journey)
        changes.append(len(windows) - 1)
        causes.update(window.cause.value for window in windows[1:])
        back.append(turns([window.direction for window in windows]) > 1)
        hours = [rounded(forecast) for forecast in journey.facts.forecasts]
        raw_changes.append(sum(before != after for before, after in pairwise(hours)))
        rows += moments
    cells = np.array(rows)
    raw, steady = cells[:, :3], cells[:, 3:]
    raw_loss, loss = pinball(raw), pinball(steady)
    return {
        **world.about,
        "moments": len(rows),
        "changes": {"median": float(np.median(changes)), "mean": float(np.mean(changes)), "p95": float(np.quantile(changes, 0.95))},
        "changes_of_every_forecast": {"median": float(np.median(raw_changes)), "p95": float(np.quantile(raw_changes, 0.95))},
        "causes": dict(causes),
        "back_and_forth": float(np.mean(back)),
        "loss_hours": {"forecast": raw_loss, "shown": loss, "ratio": loss / raw_loss},
        "coverage": {"forecast": covered(raw), "shown": covered(steady)},
        "width_hours": {"forecast": float((raw[:, 2] - raw[:, 0]).mean()), "shown": float((steady[:, 2] - steady[:, 0]).mean())},
    }


def replay(journey: ReplayedJourney) -> tuple[tuple[ShownWindow, ...], list[tuple[float, ...]]]:
    """Give the windows shown of a journey, and for each moment (start, median, end) of the forecast and of what was shown, in hours after the delivery.

    What was shown at a moment is folded from what was known then: the windows of the whole journey begin with those, which a test compares.
    """
    facts, ended = journey.facts, journey.delivered_at
    windows: tuple[ShownWindow, ...] = ()
    rows = []

    def late(*instants: datetime) -> tuple[float, ...]:
        return tuple((at - ended).total_seconds() / 3600 for at in instants)

    moments = [forecast.as_of for forecast in facts.forecasts if forecast.as_of < ended]
    last = max((at for at in moments if as_seen(facts.scans, at).status not in NO_ARRIVAL), default=None)
    if last is not None:
        windows = shown(facts, as_seen(facts.scans, last))
    for at in moments:
        seen = as_seen(facts.scans, at)
        newest = read_at(facts, seen)
        then = arrival_of(tuple(window for window in windows if window.since <= at), newest, at)
        if then is None or newest is None:
            continue
        quantiles = dict(newest.quantiles)
        rows.append((*late(*(quantiles[level] for level in SHOWN_LEVELS)), *late(then.start, then.p50, then.end)))
    return windows, rows


def turns(directions: Sequence[int]) -> int:
    """Count how often moves turned round; windows that became narrower or wider are none."""
    moves = [direction for direction in directions if direction]
    return sum(a != b for a, b in pairwise(moves))


def pinball(late_hours: np.ndarray) -> float:
    """Give the mean pinball loss in hours of quantiles (n, 3) at `SHOWN_LEVELS`, given in hours after the delivery."""
    levels = np.array(SHOWN_LEVELS)
    return float(np.maximum(-levels * late_hours, (1 - levels) * late_hours).mean())


def covered(late_hours: np.ndarray) -> float:
    return float(((late_hours[:, 0] <= 0) & (late_hours[:, 2] >= 0)).mean())


def print_stability(report: dict[str, Any]) -> None:
    """Show the figures beside what is asked of them."""
    changes, loss, coverage, width = report["changes"], report["loss_hours"], report["coverage"], report["width_hours"]
    every = report["changes_of_every_forecast"]
    table = Table(title=f"Shown windows of {report['journeys']} journeys at {report['moments']} moments (seed {report['seed']})")
    for name in ("figure", "every forecast", "shown", "asked"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    table.add_row("changes of the window, median journey", f"{every['median']:.0f}", f"{changes['median']:.0f}", "at most 1")
    table.add_row("the same, 95 of 100 journeys at most", f"{every['p95']:.0f}", f"{changes['p95']:.0f}", "at most 3")
    table.add_row("journeys that went earlier, later, earlier", "", f"{report['back_and_forth']:.1%}", "none")
    table.add_row("pinball loss, hours", f"{loss['forecast']:.3f}", f"{loss['shown']:.3f}", "")
    table.add_row("the same, ratio", "", f"{loss['ratio']:.3f}", f"at most {LARGEST_LOSS_RATIO}")
    table.add_row("80 % window covers", f"{coverage['forecast']:.1%}", f"{coverage['shown']:.1%}", "about 80 %")
    table.add_row("mean width, hours", f"{width['forecast']:.1f}", f"{width['shown']:.1f}", "")
    console = Console()
    console.print(table)
    console.print("changes by cause: " + ", ".join(f"{name} {count}" for name, count in sorted(report["causes"].items())))
