"""Measure whether the first reason is the true cause, on a simulated network whose every hour of delay has a known cause.

Run as ``python -m tests.benchmarks.reasons``; prints one Markdown table. What is measured:

- **Network**: one seed, one world (`data.simulator`); a model learns from everything heard by the cut, as `doorcast train` would.
- **Moments**: those that a model is judged at (`training.moments.choose_moments`: hearings of scans, and points in the silences after them), drawn
  without favour from the weeks after the cut, of shipments that were delivered in the end (only of those the simulator knows all causes).
- **Delays that count**: at each stop reached or left and at each failed visit to the door the simulator states the delay so far (true minus
  planned time of that milestone) and charges every hour of it to a cause (`data.simulator.blame`). A moment counts when the delay at the last
  milestone that the facts may show (it happened no later than the newest scan heard by the moment) is at least four hours. What
  happens after that scan has left no trace and is not asked for.
- **True cause**: the one with the most hours of that delay; ``ordinary`` variation is no cause.
- **First reason**: of what happened on the way (`data.domain.explanations.DELAYS`) the code with the most hours later, as stored with the forecast.
  Calendar, parcel, route, promise and lane belong to the plan that the simulator's delay is counted from, so they are not in this race.
- **Right**: the code belongs to the cause (`REASONS_OF`). ``strict`` knows nine causes apart. ``as scans can tell``
  puts the three together that look the same in a parcel's own scans, a stay longer than planned at a stop of the network: a queue, no room on a
  vehicle or van, a late vehicle; at the warehouse these are a late start. The place must then be right: most of the reason's hours at the stop where most of the true ones arose.
- **Clear**: the same among the moments at which one cause has at least half of all charged hours; where three causes share a delay the largest is chance.
- **Sum**: the largest difference between the parts of an explanation and the whole, forecast minus usual.
"""

import argparse
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from data.domain.explanations import Explanation, explanation_of
from data.facts.facts import Facts
from data.facts.moments import Moments
from data.simulator.blame import CAUSES
from data.simulator.simulate import Simulated, simulate
from data.simulator.truth import Truth
from training.fit import fit_predictor
from training.moments import choose_moments, moments_between
from training.predictor import Predictor

__all__ = ["Case", "Measured", "cases_of", "measure"]

LEAST_DELAY_HOURS = 4.0
CLEAR_SHARE = 0.5
SCANNERS_MINUTES = 5.0
"""Scans are stamped by clocks: a milestone this much younger than the newest scan may be the one it speaks of."""

REASONS_OF = {
    "warehouse": {"handling"},
    "queue": {"facility"},
    "station": {"facility"},
    "truck": {"departure"},
    "road": {"road"},
    "weather": {"weather"},
    "missort": {"missort"},
    "address": {"hold"},
    "recipient": {"attempt"},
}
STAYS = {"queue", "truck", "station"}
CAUSE_HOURS = [f"{cause}_hours" for cause in CAUSES]


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one moment that is asked about: its row among the moments, the delay so far, its true cause, the cause's share of all charged hours, and
    the stop where most of its hours arose."""

    row: int
    delay_hours: float
    cause: str
    share: float
    facility_id: str | None


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold how often the first reason was right, by cause and in all, and what was said instead."""

    cases: int
    strict: float
    told_apart: float
    clear: tuple[int, float, float]
    farthest_sum_hours: float
    by_cause: dict[str, tuple[int, float, float]]
    said: dict[tuple[str, str], int]


def cases_of(facts: Facts, truth: Truth, moments: Moments) -> list[Case]:
    """Give the moments at which a shipment is truly delayed by something that its facts may show."""
    asked = pl.DataFrame({"row": np.arange(len(moments)), "shipment_id": moments.shipment_ids.astype(str), "at": moments.at})
    asked = asked.with_columns(pl.col("at").cast(pl.Datetime("us", "UTC")))
    scans = facts.scans.filter(~pl.col("voids") & (pl.col("status") != "unknown"))
    heard = asked.join(scans, on="shipment_id").filter(pl.col("received_at") <= pl.col("at"))
    newest = heard.group_by("row").agg(news=pl.min_horizontal("occurred_at", "received_at").max())
    asked = asked.join(newest, on="row").with_columns(pl.col("news") + timedelta(minutes=SCANNERS_MINUTES))
    charges = truth.charges.rename({"at": "since"}).sort("since")
    known = asked.sort("news").join_asof(charges, left_on="news", right_on="since", by="shipment_id", check_sortedness=False)
    known = known.filter(pl.sum_horizontal(CAUSE_HOURS) >= LEAST_DELAY_HOURS).sort("row")
    course = charges.partition_by("shipment_id", as_dict=True, maintain_order=True)
    found = []
    for row in known.iter_rows(named=True):
        cause = max(REASONS_OF, key=lambda name: row[f"{name}_hours"])
        if row[f"{cause}_hours"] > 0:
            where = place_of(course[row["shipment_id"],], cause, row["since"])
            charged = sum(max(row[f"{name}_hours"], 0.0) for name in REASONS_OF)
            found.append(Case(row["row"], sum(row[name] for name in CAUSE_HOURS), cause, row[f"{cause}_hours"] / charged, where))
    return found


def place_of(charges: pl.DataFrame, cause: str, until: datetime) -> str | None:
    """Give the stop at which most hours of a cause arose."""
    grown: dict[str | None, float] = defaultdict(float)
    before = 0.0
    for row in charges.filter(pl.col("since") <= until).iter_rows(named=True):
        grown[row["facility_id"]] += row[f"{cause}_hours"] - before
        before = row[f"{cause}_hours"]
    return max(grown, key=lambda name: grown[name])


def first_delay(explanation: Explanation) -> tuple[str, str | None]:
    """Give the code with the most hours later among what happened, and the stop with most of them."""
    hours: Counter[str] = Counter()
    places: Counter[tuple[str, str | None]] = Counter()
    for reason in explanation.delays:
        hours[reason.code] += reason.hours
        stop = next((item.removeprefix("facility:") for item in reason.evidence if item.startswith("facility:")), None)
        places[reason.code, stop] += reason.hours
    if not hours:
        return "none", None
    code = max(hours, key=lambda name: (hours[name], name))
    return code, max((stop for name, stop in places if name == code), key=lambda stop: places[code, stop])


def as_scans_tell(case: Case, code: str, stop: str | None) -> bool:
    """Say whether a reason is right for a reader of the parcel's own scans."""
    if case.cause not in STAYS:
        return code in REASONS_OF[case.cause]
    return code in {"facility", "departure", "handling"} and stop == case.facility_id


def measure(explanations: list[Explanation], cases: list[Case]) -> Measured:
    """Compare first reasons with true causes."""
    right: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    clear: list[tuple[bool, bool]] = []
    said: Counter[tuple[str, str]] = Counter()
    for case in cases:
        code, stop = first_delay(explanations[case.row])
        strict = code in REASONS_OF[case.cause]
        right[case.cause].append((strict, strict or as_scans_tell(case, code, stop)))
        said[case.cause, code] += 1
        if case.share >= CLEAR_SHARE:
            clear.append(right[case.cause][-1])
    by_cause = {cause: counted(rows) for cause, rows in sorted(right.items())}
    _, strict_share, told_share = counted([row for rows in right.values() for row in rows])
    farthest = max((abs(one.hours - sum(reason.hours for reason in one.reasons)) for one in explanations), default=0.0)
    return Measured(len(cases), strict_share, told_share, counted(clear), farthest, by_cause, dict(said))


def counted(rows: list[tuple[bool, bool]]) -> tuple[int, float, float]:
    """Give the number of moments and the shares that were right; NaN without any."""
    if not rows:
        return 0, float("nan"), float("nan")
    strict, told_apart = np.mean(rows, axis=0).tolist()
    return len(rows), strict, told_apart


def learnt(simulated: Simulated, *, cut: datetime, until: datetime, most: int, seed: int) -> Predictor:
    """Train as `doorcast train` does, and let the history know everything as it was heard."""
    moments = moments_between(choose_moments(simulated.facts, until=cut, seed=seed), None, cut, most=most, seed=seed)
    return fit_predictor(simulated.facts, moments, cut=cut, seed=seed).knowing(simulated.facts, known_by=until)


def asked_moments(facts: Facts, *, since: datetime, until: datetime, most: int, seed: int) -> Moments:
    """Draw the moments that are asked about."""
    return moments_between(choose_moments(facts, until=until, seed=seed), since, until, most=most, seed=seed)


def main() -> None:
    """Simulate, learn, explain and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=30_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--learn-days", type=int, default=40)
    parser.add_argument("--moments", type=int, default=6_000)
    parser.add_argument("--seed", type=int, default=11)
    said = parser.parse_args()
    start = datetime(2026, 6, 1, tzinfo=UTC)
    cut, end = start + timedelta(days=said.learn_days), start + timedelta(days=said.days)
    simulated = simulate(seed=said.seed, orders=said.orders, start=start, days=said.days)
    predictor = learnt(simulated, cut=cut, until=end, most=20_000, seed=said.seed)
    moments = asked_moments(simulated.facts, since=cut, until=end, most=said.moments, seed=said.seed)
    begun = time.perf_counter()
    explanations = [explanation_of(one) for one in predictor.forecast(simulated.facts, moments, made_at=end)]
    seconds = time.perf_counter() - begun
    show(measure(explanations, cases_of(simulated.facts, simulated.truth, moments)), len(moments), seconds)


def show(measured: Measured, moments: int, seconds: float) -> None:
    print("| true cause | moments | strict | as scans can tell | said instead |\n|---|---|---|---|---|")
    for cause, (count, strict, told_apart) in sorted(measured.by_cause.items(), key=lambda item: -item[1][0]):
        wrong = {code: n for (name, code), n in measured.said.items() if name == cause and code not in REASONS_OF[cause]}
        instead = ", ".join(f"{code} {n}" for code, n in sorted(wrong.items(), key=lambda item: -item[1])[:4])
        print(f"| {cause} | {count} | {strict:.3f} | {told_apart:.3f} | {instead} |")
    print(f"| **all** | {measured.cases} | **{measured.strict:.3f}** | **{measured.told_apart:.3f}** | |")
    print(f"| clear ones | {measured.clear[0]} | {measured.clear[1]:.3f} | {measured.clear[2]:.3f} | |")
    print(
        f"\nparts and whole differ by at most {measured.farthest_sum_hours:.5f} h; {1000 * seconds / max(moments, 1):.1f} ms per forecast with its reasons"
    )


if __name__ == "__main__":
    main()
