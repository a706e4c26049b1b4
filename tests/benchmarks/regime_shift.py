"""Measure what a sudden change of level does: everything after the cut takes 0.6 of the time, and models with and without the news are compared.

Run as ``python -m tests.benchmarks.regime_shift FOLDER`` with the folder of the Olist files; prints one Markdown table. All orders bought before the
month are learnt from as known at its start, those of the month are judged (rolling origin, `training.benchmark`), by the fixed protocols:

- **frozen**: fitted once, nothing that was heard later enters the model or its history.
- **online**: fitted once, told the news: the history grows as outcomes become known, windows and level follow the feedback at the bound.
- **online, refit**: fitted anew every seven days as well.

The shift (`tests.training.guards.bent.hurried`): whatever was heard after the cut comes 0.6 times as long after the cut, or after the purchase if
that is later. Promises stay. The guard (MODELLING 2.10) allows online 5 % more error than frozen.
"""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from data.sources.datasets.catalogue import open_dataset
from tests.training.guards.regime import LEVEL, MOST_WORSE, regime_errors

__all__ = ["table"]


def table(folder: Path, since: datetime, until: datetime, *, refit_days: int | None) -> str:
    """Give the errors in days as a Markdown table: what really happened, and the shift."""
    whole = open_dataset("olist", folder)
    lines = ["| level after the cut | moment | frozen MAE (days) | online MAE (days) | online / frozen |", "|---|---|---|---|---|"]
    for level in (1.0, LEVEL):
        found = regime_errors(whole, since, until, level=level, refit_days=refit_days)
        for moment, frozen in found["frozen"].items():
            online = found["online"][moment]
            lines.append(f"| {level:g} | {moment.replace('_', ' ')} | {frozen:.3f} | {online:.3f} | {online / frozen:.3f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", type=Path)
    words.add_argument("--since", default="2018-04-01")
    words.add_argument("--until", default="2018-05-01")
    words.add_argument("--refit", type=int, default=None, metavar="DAYS")
    asked = words.parse_args()
    since, until = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (asked.since, asked.until))
    started = time.perf_counter()
    print(table(asked.folder, since, until, refit_days=asked.refit))
    print(
        f"\nOlist, {since:%Y-%m-%d} to {until:%Y-%m-%d}, refit {asked.refit or 'never'}; allowed {MOST_WORSE}; {time.perf_counter() - started:.0f} s."
    )


if __name__ == "__main__":
    main()
