"""Benchmark on a simulated network: simulate, ask the oracle, train and judge, and show how far the oracle is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

__all__ = ["print_simulated", "simulated_report"]

START = datetime(2026, 5, 1, tzinfo=UTC)
JUDGED_SHARE = 0.2
EVERY_HOURS = 27.0
"""Moments lie so far apart: every one at another hour of the day."""


def simulated_report(
    *, orders: int, days: int, seed: int, draws: int, progress: Callable[[str, int, int], None] | None = None
) -> dict[str, Any]:
    """Simulate a network, let the oracle answer for all that is open at moments of its last fifth, and judge the product beside it."""
    from data.facts.moments import Moments, micros
    from data.simulator.oracle import open_shipments, oracle
    from data.simulator.simulate import simulate
    from data.simulator.state import DELIVERED
    from data.simulator.tables import numbered
    from data.simulator.world import world_of
    from training.benchmark.simulated import LEVELS, Asked, run_simulated

    tell = progress or (lambda _what, _done, _all: None)
    facts = simulate(seed=seed, orders=orders, start=START, days=days).facts
    world = world_of(seed=seed, orders=orders, start=START, days=days, tell=lambda _step: None)
    ended = np.full(len(world.row), np.nan)
    ended[world.row] = np.where(world.history.outcome == DELIVERED, world.history.end, np.nan)
    cut = START + timedelta(days=round(days * (1 - JUDGED_SHARE)))
    instants = np.arange(world.clock.to_minute(cut) + 5 * 60, world.clock.until_minute, EVERY_HOURS * 60)
    ids, at, hours, said = [], [], [], []
    for number, minute in enumerate(instants.tolist()):
        tell("asking the oracle", number, len(instants))
        rows = open_shipments(world, minute)
        answer = oracle(world, minute, rows, draws=draws, seed=seed)
        ids.append(numbered("S", rows).to_numpy().astype(object))
        at.append(np.full(len(rows), micros(world.clock.midnight + timedelta(minutes=minute))))
        hours.append((ended[rows] - minute) / 60)
        said.append(answer.quantile(LEVELS))
    asked = Asked(Moments(np.concatenate(ids), np.concatenate(at)), np.concatenate(hours), np.concatenate(said))
    report = run_simulated(facts, asked, cut=cut, progress=progress)
    return {**report, "simulation": {"orders": orders, "days": days, "seed": seed, "draws": draws, "moments": len(instants)}}


def print_simulated(report: dict[str, Any]) -> None:
    """Show the loss beside the oracle's by stage and horizon, and the cells whose window covers too little or too much."""
    table = Table(title=f"simulated: {report['choice']['kind']} trained on {report['n_train']} moments, judged on {report['n_test']}")
    for name in ("group", "n", "Doorcast (h)", "oracle (h)", "ratio", "share of the gap"):
        table.add_column(name, justify="left" if name == "group" else "right")
    losses = report["pinball_hours"]
    table.add_row("all", str(report["n_test"]), f"{losses['doorcast']:.3f}", f"{losses['oracle']:.3f}", f"{report['ratio']:.3f}", "")
    for kind, groups in report["by"].items():
        for name, cell in groups.items():
            figures = (f"{cell['doorcast']:.3f}", f"{cell['oracle']:.3f}", f"{cell['ratio']:.3f}", f"{cell['share_of_gap']:.0%}")
            table.add_row(f"{kind.replace('_', ' ')}: {name}", str(cell["n"]), *figures)
    console = Console()
    console.print(table)
    for name in ("lane_table", "carrier_date", "plan"):
        if name in losses:
            console.print(f"{name}: {losses[name]['loss']:.3f} h where it is known ({losses[name]['share']:.0%})")
    console.print(
        f"80 % windows cover {report['coverage']:.1%}; out of range: {len(report['cells_out_of_range'])} of {len(report['cells'])} cells"
    )
    for name in report["cells_out_of_range"]:
        console.print(f"  {name}: {report['cells'][name]['coverage']:.1%} of {report['cells'][name]['n']}")
