"""Draw the four pictures of a model card as SVG: calibration, coverage, error by hours out, delay risk.

Group names come from data (carriers), so they may hold anything: they are reduced to plain printable ASCII and drawn without
mathematics, because matplotlib reads ``$`` as a formula and fails on half of one.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["PICTURES", "draw_all", "label"]

INK, BLUE, ORANGE, GREY = "#1b2733", "#1f6fb2", "#c8641b", "#9aa7b2"
LONGEST_LABEL = 24
GROUP_WORDS = {"stage": "stage", "carrier": "carrier", "said_hours": "said time left"}
Scores = Mapping[str, Any]


def label(text: str) -> str:
    """Give a short printable ASCII spelling of any text."""
    plain = "".join(letter if " " <= letter <= "~" else "?" for letter in text)
    return plain if len(plain) <= LONGEST_LABEL else plain[: LONGEST_LABEL - 3] + "..."


def draw_all(scores: Scores) -> dict[str, bytes]:
    """Give every picture by file name."""
    return {f"{name}.svg": drawn(draw, scores) for name, draw in PICTURES.items()}


def drawn(draw: Callable[[Axes, Scores], None], scores: Scores) -> bytes:
    # Paths instead of fonts look the same everywhere; a fixed salt and no date make equal scores equal bytes.
    with mpl.rc_context(
        {"svg.fonttype": "path", "svg.hashsalt": "doorcast", "font.size": 9, "text.parse_math": False, "axes.edgecolor": GREY}
    ):
        figure = Figure(figsize=(6.2, 3.6), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes, scores)
        target = BytesIO()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    return target.getvalue()


def draw_pit(axes: Axes, scores: Scores) -> None:
    shares = scores["pit"]
    axes.bar([(tenth + 0.5) / len(shares) for tenth in range(len(shares))], shares, width=0.092, color=BLUE)
    axes.axhline(0.1, color=ORANGE, linestyle="--", label="a right distribution")
    axes.set(xlabel="probability that was said for having come by then", ylabel="share of deliveries", xlim=(0, 1))
    axes.legend(frameon=False)


def draw_coverage(axes: Axes, scores: Scores) -> None:
    names, covered = [], []
    for group, words in GROUP_WORDS.items():
        for name, cell in nearest_first(scores["time"]["by"][group]) if group == "said_hours" else scores["time"]["by"][group].items():
            names.append(f"{words}: {label(name)} (n={cell['n']:,})")
            covered.append(cell["intervals"]["0.8"]["coverage"])
    axes.axvspan(0.76, 0.84, color=GREY, alpha=0.25, linewidth=0)
    axes.axvline(0.8, color=ORANGE, linestyle="--")
    axes.plot(covered, range(len(names)), "o", color=BLUE, markersize=4)
    axes.set(xlabel="share of deliveries inside their 80 % window", xlim=(0, 1.02))
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.invert_yaxis()


def draw_error(axes: Axes, scores: Scores) -> None:
    cells = nearest_first(scores["time"]["by"]["hours_out"])
    places = range(len(cells))
    axes.bar(places, [cell["mae"] for _, cell in cells], color=BLUE, label="mean absolute error")
    axes.plot(
        places, [cell["intervals"]["0.8"]["mean_width"] for _, cell in cells], "o", color=ORANGE, label="mean width of the 80 % window"
    )
    axes.set_xticks(places, [f"{name}\nn={cell['n']:,}" for name, cell in cells], fontsize=7)
    axes.set(xlabel="true time left", ylabel="hours")
    axes.legend(frameon=False)


def nearest_first(cells: Scores) -> list[tuple[str, Scores]]:
    """Give cells of hours from near to far; their names do not sort that way."""
    return sorted(cells.items(), key=lambda item: float(item[1]["median_truth"]))


def draw_risk(axes: Axes, scores: Scores) -> None:
    bins = scores["reliability"]
    axes.plot([0, 1], [0, 1], color=ORANGE, linestyle="--", label="said = came")
    axes.plot([cell["said"] for cell in bins], [cell["came"] for cell in bins], "o-", color=BLUE, label="tenths of the moments by risk")
    if scores["late"]["all"]["n"]:
        axes.axhline(scores["late"]["all"]["base_rate"], color=GREY, linestyle=":", label="share late overall")
    axes.set(xlabel="said probability of being late", ylabel="share that was late", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.legend(frameon=False, fontsize=7)


PICTURES: dict[str, Callable[[Axes, Scores], None]] = {
    "calibration": draw_pit,
    "coverage": draw_coverage,
    "error": draw_error,
    "risk": draw_risk,
}
