"""Measure whether the time of an answer tells if a number is known: ``python -m tests.benchmarks.lookup_timing``.

In process, over ASGI, with every layer of the app and the real limits counting (their sizes raised so that nobody is refused), on a store of
simulated parcels. Known and unknown numbers of the same form and length are asked in random order, and two pairs of kinds are compared:

- **open**: "Show the journey". *Found* is a number of the store with a wrong second fact (every second time a postal code, else an e-mail address);
  *not found* is a number that nobody has. Both are refused. A right pair opens the journey, which is visible by nature and not compared.
- **mail**: "Mail me the link". *Found* is a right pair whose order has an address on file, so a letter is made and posted behind the request; *not found*
  is a number that nobody has. Both get the same sentence.

``difference`` is the median of the found minus the median of the not found. ``apart`` is the chance that a random found answer took longer than a
random not found one: 0.5 is no knowledge at all.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.stats import mannwhitneyu

from serving.logs import configure_logs
from tests.benchmarks.lookup_house import House

__all__ = ["measure"]

MANY = 10**9
NUMBERS = 200
"""Numbers of each kind; each is asked again and again, so no cache of the database favours one."""


def unknown_like(number: str, known: set[str], rng: random.Random) -> str:
    """Give a number of the same form that nobody has."""
    while (made := "".join(rng.choice("0123456789") if c.isdigit() else c for c in number)) in known:
        pass
    return made


async def measure(house: House, errand: str, requests: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the seconds of ``requests`` answers for known numbers, and of as many for unknown ones."""
    rng = random.Random(seed)
    rows = house.shipments.sample(min(NUMBERS, len(house.shipments)), seed=seed).to_dicts()
    known = {row["tracking_number"] for row in house.shipments.to_dicts()}
    pairs = [(row["tracking_number"], unknown_like(row["tracking_number"], known, rng), row["destination_postal_code"]) for row in rows]
    ticket, seconds = await house.ticket(), ([], [])
    kinds = [0, 1] * requests
    rng.shuffle(kinds)
    for turn, kind in enumerate(kinds):
        number, stranger, postal_code = rng.choice(pairs)
        fact = postal_code if errand == "mail" else ("00000", "nobody@mail.example")[turn % 2]
        answer = await house.ask((number, stranger)[kind], fact, errand, ticket)
        if answer.status != 200:
            raise AssertionError(f"{errand} answered {answer.status}")
        seconds[kind].append(answer.seconds)
        await house.keep_up()
    return np.array(seconds[0]), np.array(seconds[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000, help="answers of each kind")
    parser.add_argument("--orders", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most-ms", type=float, default=1.0, help="fail when the medians differ by more")
    told = parser.parse_args()
    configure_logs("ERROR")
    limits = {"lookups_per_number": MANY, "mails_per_number": MANY, "lookups_per_network": MANY, "lookups_per_minute": MANY}
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), orders=told.orders, lookup_alarm_numbers=MANY, **limits)
        print("| way | answers of each kind | found, median ms | not found, median ms | difference ms | p95 ms | apart |")
        print("|---|---|---|---|---|---|---|")
        for errand in ("open", "mail"):
            found, not_found = asyncio.run(measure(house, errand, told.requests, told.seed))
            difference = 1e3 * float(np.median(found) - np.median(not_found))
            apart = mannwhitneyu(found, not_found).statistic / (len(found) * len(not_found))
            p95 = " / ".join(f"{1e3 * np.quantile(kind, 0.95):.2f}" for kind in (found, not_found))
            medians = f"{1e3 * np.median(found):.3f} | {1e3 * np.median(not_found):.3f}"
            print(f"| {errand} | {len(found):,} | {medians} | {difference:+.4f} | {p95} | {apart:.3f} |")
            worst = max(worst, abs(difference))
        print(f"\n{house.mailer.letters:,} letters were posted; {len(house.shipments):,} shipments in the store.")
        house.wiring.close()
    if worst >= told.most_ms:
        sys.exit(f"the medians differ by {worst:.3f} ms; {told.most_ms} ms is the most.")


if __name__ == "__main__":
    main()
