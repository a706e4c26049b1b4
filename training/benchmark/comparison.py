"""Lay mean absolute errors beside rivals, baselines and published results, one row for each set, protocol and moment."""

from collections.abc import Sequence
from statistics import fmean

from training.benchmark.cells import RIVALS, Lines, Record, number, rival_cell, where
from training.benchmark.published import PUBLISHED

__all__ = ["comparison", "landmarks"]

DATES = ("promise", "plan", "router")
"""What the shop or the carrier said: the promise, else the timetable, else the router's time."""
SHORT = {"days": "d", "minutes": "min", "seconds": "s"}


def comparison(records: Sequence[Record]) -> Lines:
    """Give mean absolute errors, the least of each row in bold (published ones are of other rows and take no part).

    A set with several frozen origins gets a row of their means.
    """
    head = ("set, judged", "protocol", "moment", "n", "unit", "Doorcast", *RIVALS.values(), "lane table", "shop's or carrier's date")
    rows: list[tuple[str, ...]] = []
    real = [record for record in records if record["run"]["dataset"] != "simulated"]
    for record in real:
        rows += [compared(where(record), moment, [record]) for moment in record["report"]["moments"]]
        origins = [one for one in real if one["run"]["origin"] and one["run"]["dataset"] == record["run"]["dataset"]]
        if len(origins) > 1 and record is origins[-1]:
            name = f"{record['run']['dataset']}, mean of {len(origins)} origins"
            rows += [compared((name, "frozen"), moment, origins) for moment in record["report"]["moments"]]
    return (*head, "constant", "published"), rows


def compared(place: tuple[str, str], moment: str, records: Sequence[Record]) -> tuple[str, ...]:
    """Give one row; the means over several records where there are several."""
    unit = records[0]["report"]["unit"]
    ours = means([record["report"]["moments"].get(moment, {}).get("mae") for record in records])
    others = [means([rival_cell(record, name, moment).get("mae") for record in records]) for name in RIVALS]
    date = next((name for name in DATES if moment in records[0]["report"]["baselines"].get(name, {})), "")
    bases = [means([baseline(record, name, moment) for record in records]) for name in ("lane_table", date, "constant")]
    least = min(value for value in (ours, *others, *bases) if value is not None)
    figures = [bold(value, least) for value in (ours, *others, *bases)]
    if date and bases[1] is not None:
        figures[5] += f" ({date})"
    n = sum(record["report"]["moments"].get(moment, {}).get("n", 0) for record in records)
    return (*place, moment, f"{n:,}", SHORT[unit], *figures, published(moment, records))


def baseline(record: Record, name: str, moment: str) -> float | None:
    found: float | None = record["report"]["baselines"].get(name, {}).get(moment, {}).get("mae")
    return found


def means(values: Sequence[float | None]) -> float | None:
    """Give the mean; nothing where one of them is missing, because means over other splits cannot be compared."""
    return None if any(value is None for value in values) else fmean(value for value in values if value is not None)


def bold(value: float | None, least: float) -> str:
    text = number(value)
    return f"**{text}**" if value is not None and text == number(least) else text


def published(moment: str, records: Sequence[Record]) -> str:
    """Give what others published: on these very rows where their answers are at hand, else keys of the list below the table."""
    same = [f"{name} {number(scores['mae'])}" for record in records if len(records) == 1 for name, scores in record["authors"].items()]
    found = [one for one in PUBLISHED if (one.dataset, one.moment) == (records[0]["run"]["dataset"], moment)]
    keys = ", ".join(f"[{one.key}]" for one in found)
    return f"on these rows: {', '.join(same)}; {keys}" if same else keys


def landmarks(records: Sequence[Record]) -> str:
    """List the published results of the sets that were run."""
    run = {record["run"]["dataset"] for record in records}
    return "\n".join(
        f"- [{one.key}] {one.dataset}, {one.moment}: {one.figures} (`{one.source}`; {one.protocol})"
        for one in PUBLISHED
        if one.dataset in run
    )
