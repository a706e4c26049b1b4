"""Time what a journey gives beside its page: pictures, calendar entry, schema.org. ``python -m tests.benchmarks.journey_outputs``.

Processor time of this process, so that other work on the machine does not count; the journey is the one of the pages' tests.
"""

import time
from collections.abc import Callable

import numpy as np

from maps.calendar_entry import calendar_entry
from maps.link_preview import link_preview
from maps.page_words import page_words
from maps.parcel_delivery import parcel_delivery
from maps.safe_text import script_json
from maps.still_picture import png, svg
from tests.maps.journeys import stages

ROUNDS = 30


def milliseconds(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Give p50 and p99 of the processor time of a piece of work, after two rounds that warm it up."""
    taken = []
    for number in range(rounds + 2):
        started = time.process_time()
        work()
        if number >= 2:
            taken.append(1000 * (time.process_time() - started))
    p50, p99 = np.percentile(taken, [50, 99])
    return float(p50), float(p99)


def main() -> None:
    """Print one line for each output."""
    view = stages()["moving"]
    page = page_words(view)
    outputs: dict[str, tuple[Callable[[], bytes], int]] = {
        "map.png": (lambda: png(view, page), ROUNDS),
        "map.png, mail": (lambda: png(view, page, size="mail"), ROUNDS),
        "map.png, large": (lambda: png(view, page, size="large"), ROUNDS),
        "map.svg": (lambda: svg(view, page), ROUNDS),
        "arrival.ics": (lambda: calendar_entry(view, page, key=b"key") or b"", 10 * ROUNDS),
        "schema.org and preview": (
            lambda: (
                script_json(
                    [parcel_delivery(view, page, address="https://x/track/t"), link_preview(page, address="https://x", picture="https://x")]
                )
            ).encode(),
            10 * ROUNDS,
        ),
    }
    for name, (work, rounds) in outputs.items():
        p50, p99 = milliseconds(work, rounds)
        print(f"{name:24} {len(work()) / 1000:7.1f} KB   p50 {p50:7.2f} ms   p99 {p99:7.2f} ms")


if __name__ == "__main__":
    main()
