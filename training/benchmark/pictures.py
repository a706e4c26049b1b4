"""Draw the four pictures of the bench as SVG: calibration, error by said time left, coverage by fortnight, risk lift; a panel for each set."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.benchmark.cells import Record
from training.card.pictures import BLUE, GREY, INK, ORANGE

__all__ = ["PICTURES", "draw_bench"]

COLOURS = {"frozen": BLUE, "online": ORANGE}
SHORT = {"days": "days", "minutes": "minutes", "seconds": "seconds"}
MOST_DATES = 4
COLUMNS = 3


def draw_bench(records: Sequence[Record]) -> dict[str, bytes]:
    """Give every picture by file name; one for which no run has anything to show is left out. Sets keep the order of their records."""
    real = [record for record in records if record["sketch"]]
    found = {}
    for name, (draw, tells) in PICTURES.items():
        panels: dict[str, list[Record]] = {}
        for record in real:
            if tells(first_moment(record)):
                panels.setdefault(record["run"]["dataset"], []).append(record)
        if panels:
            found[f"{name}.svg"] = drawn(draw, panels)
    return found


def first_moment(record: Record) -> dict[str, Any]:
    """Give the sketch of the earliest moment, at which least is known."""
    sketch: dict[str, Any] = next(iter(record["sketch"].values()))
    return sketch


def drawn(draw: Callable[[Axes, Sequence[Record]], None], panels: dict[str, list[Record]]) -> bytes:
    # Six panels of letters drawn as paths would take 90 KB; as text they can be read aloud too. A fixed salt and no date make equal records equal bytes.
    with mpl.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "doorcast",
            "font.size": 7,
            "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
            "text.parse_math": False,
            "axes.edgecolor": GREY,
        }
    ):
        columns = min(COLUMNS, len(panels))
        lines = -(-len(panels) // columns)
        figure = Figure(figsize=(2.5 * columns, 2.1 * lines), layout="constrained")
        for place, (name, records) in enumerate(panels.items()):
            axes = figure.add_subplot(lines, columns, place + 1)
            axes.spines[["top", "right"]].set_visible(False)
            draw(axes, records)
            axes.locator_params(axis="y", nbins=4)
            if axes.xaxis.get_major_locator().__class__.__name__ != "FixedLocator":
                axes.locator_params(axis="x", nbins=4)
            axes.set_title(f"{name}, {next(iter(records[0]['sketch']))}", fontsize=7)
        # One legend is enough: where most lines are.
        max(figure.axes, key=lambda one: len(one.get_legend_handles_labels()[1])).legend(frameon=False, fontsize=6)
        target = BytesIO()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    return smaller(target.getvalue().decode()).encode()


def smaller(svg: str) -> str:
    """Leave out comments, metadata and indentation, and round places to a hundredth of a point: the same picture in two thirds."""
    bare = re.sub(r"<!-- .*? -->|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    rounded = PLACES.sub(lambda places: LONG.sub(lambda number: f"{float(number[0]):.2f}", places[0]), bare)
    return "\n".join(line for line in (raw.strip() for raw in rounded.splitlines()) if line)


PLACES = re.compile(r'\b(?:d|x|y|x1|x2|y1|y2|width|height)="[^"]*"|translate\([^)]*\)')
LONG = re.compile(r"-?\d+\.\d{3,}")


def representatives(records: Sequence[Record]) -> list[Record]:
    """Give one record for each protocol: the one with the most judged rows, the last of equals (the one that was refitted)."""
    best: dict[str, Record] = {}
    for record in records:
        held = best.get(record["run"]["protocol"])
        if held is None or record["report"]["n_test"] >= held["report"]["n_test"]:
            best[record["run"]["protocol"]] = record
    return list(best.values())


def draw_calibration(axes: Axes, records: Sequence[Record]) -> None:
    axes.plot([0, 1], [0, 1], color=INK, linestyle="--", linewidth=1, label="right")
    for record in representatives(records):
        cells = first_moment(record)["calibration"]
        protocol = record["run"]["protocol"]
        axes.plot(
            [float(level) for level in cells], cells.values(), "o-", color=COLOURS[protocol], markersize=3, linewidth=1, label=protocol
        )
    axes.set(xlabel="said probability", ylabel="share that had come", xlim=(0, 1), ylim=(0, 1))


def draw_error(axes: Axes, records: Sequence[Record]) -> None:
    for record in representatives(records):
        cells, protocol = first_moment(record)["horizon"], record["run"]["protocol"]
        said = [cell["said"] for cell in cells]
        axes.plot(said, [cell["doorcast"] for cell in cells], "o-", color=COLOURS[protocol], markersize=3, linewidth=1, label=protocol)
        if protocol == "frozen" and all(cell.get("lightgbm") is not None for cell in cells):
            axes.plot(
                said, [cell["lightgbm"] for cell in cells], "s--", color=GREY, markersize=3, linewidth=1, label="naive LightGBM, frozen"
            )
    axes.set(xlabel=f"said time left, fifths ({SHORT[records[0]['report']['unit']]})", ylabel="mean absolute error", ylim=(0, None))


def draw_coverage(axes: Axes, records: Sequence[Record]) -> None:
    axes.axhspan(0.76, 0.84, color=GREY, alpha=0.25, linewidth=0)
    axes.axhline(0.8, color=INK, linestyle="--", linewidth=1, label="nominal")
    seen: set[str] = set()
    days: list[int] = []
    covered: list[float] = []
    online = [record for record in representatives(records) if record["run"]["protocol"] == "online"]
    for record in [*(one for one in records if one["run"]["protocol"] == "frozen"), *online]:
        protocol, cells = record["run"]["protocol"], first_moment(record)["fortnight"]
        at = [date.fromisoformat(cell["from"]).toordinal() for cell in cells]
        label = None if protocol in seen else protocol
        axes.plot(at, [cell["coverage"] for cell in cells], "o-", color=COLOURS[protocol], markersize=3, linewidth=1, label=label)
        seen.add(protocol)
        days += at
        covered += [cell["coverage"] for cell in cells]
    first, last = min(days), max(days)
    ticks = sorted({first + round((last - first) * step / (MOST_DATES - 1)) for step in range(MOST_DATES)})
    axes.set_xticks(ticks, [f"{date.fromordinal(tick):%d.%m.%y}" for tick in ticks], fontsize=6)
    axes.set(ylabel="80 % window covers", ylim=(min(0.5, min(covered) - 0.02), 1.0))


def draw_lift(axes: Axes, records: Sequence[Record]) -> None:
    axes.plot([0, 1], [0, 1], color=INK, linestyle="--", linewidth=1, label="by chance")
    for record in representatives(records):
        curves, protocol = first_moment(record)["lift"], record["run"]["protocol"]
        checked = [step / (len(curves["doorcast"]) - 1) for step in range(len(curves["doorcast"]))]
        axes.plot(checked, curves["doorcast"], color=COLOURS[protocol], linewidth=1.2, label=protocol)
        if protocol == "frozen" and curves.get("lightgbm"):
            axes.plot(checked, curves["lightgbm"], color=GREY, linewidth=1, label="naive LightGBM, frozen")
    axes.set(xlabel="share looked at, riskiest first", ylabel="share of the late found", xlim=(0, 1), ylim=(0, 1))


PICTURES: dict[str, tuple[Callable[[Axes, Sequence[Record]], None], Callable[[dict[str, Any]], bool]]] = {
    "calibration": (draw_calibration, lambda sketch: bool(sketch["calibration"])),
    "error": (draw_error, lambda sketch: bool(sketch["horizon"])),
    "coverage": (draw_coverage, lambda sketch: len(sketch["fortnight"]) > 0),
    "risk": (draw_lift, lambda sketch: sketch["lift"]["doorcast"] is not None),
}
"""How each picture is drawn, and whether a run has something to show in it."""
