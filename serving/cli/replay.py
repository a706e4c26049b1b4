"""Replay a simulated network as a server would have lived through it: ``doorcast replay``."""

import sys
from enum import StrEnum
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

__all__ = ["Report", "replay"]


class Report(StrEnum):
    """Name what a replay can measure."""

    STABILITY = "stability"
    POSITION = "position"


def replay(  # noqa: PLR0917 - typer calls it by name
    report: Annotated[
        Report,
        typer.Option(
            "--report", help="stability: how often shown windows change, and what that costs. position: where the parcel truly was."
        ),
    ],
    orders: Annotated[int, typer.Option("--orders", help="How many orders the simulated network takes.", min=200, max=200_000)] = 3_000,
    days: Annotated[
        int, typer.Option("--days", help="In how many days; the model learns from the first two thirds.", min=20, max=400)
    ] = 45,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same world and the same figures.", min=0, max=2**31 - 1)] = 1,
    journeys: Annotated[int, typer.Option("--journeys", help="How many journeys to replay at most.", min=1, max=100_000)] = 600,
    every_hours: Annotated[
        int, typer.Option("--every-hours", help="Somebody looks at each journey so often, beside every scan.", min=1, max=24)
    ] = 3,
    minutes: Annotated[int, typer.Option("--minutes", help="Position: minutes to look at in each journey.", min=1, max=1_440)] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report as one JSON object.")] = False,
) -> None:
    """Simulate a network, learn from its first two thirds, replay the rest in time and measure what the pages showed.

    Every look sees only what had been heard by then; the truth of the simulation is compared afterwards. Progress goes to standard error.
    """
    from serving.replaying.stability import print_stability, stability_report
    from serving.replaying.whereabouts import print_whereabouts, whereabouts_report
    from serving.replaying.world import replayed_world

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        bar = shown.add_task("simulating", total=None)

        def tell(what: str, done: int, everything: int) -> None:
            shown.update(bar, description=what, completed=done, total=max(everything, 1))
            if not console.is_terminal:
                console.print(f"{what} {done}/{everything}", highlight=False)

        world = replayed_world(orders=orders, days=days, seed=seed, most_journeys=journeys, every_hours=every_hours, tell=tell)
        if report is Report.STABILITY:
            found, show = stability_report(world, tell=tell), print_stability
        else:
            found, show = whereabouts_report(world, minutes=minutes, tell=tell), print_whereabouts
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        show(found)
