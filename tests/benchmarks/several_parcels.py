"""Measure when the last of several parcels comes: how often the 90 % window holds, with dependence and as if parcels knew nothing of each other.

Run: ``python tests/benchmarks/several_parcels.py`` (about three minutes of one core). Simulates orders in several shipments, trains by the cut as
`training.pipeline` does, loads the bundle back and judges orders after the cut with the history as it was received (online, one fit). Prints one
Markdown table. Orders are judged at three moments: at checkout (what-if shipments, nothing but the order is known), when the last label is made,
and on each of three days after that, from the quantiles that are stored. Judged are orders whose shipments have all come by the end of the
facts; how many have not is printed.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import polars as pl

from data.facts.facts import Facts
from data.facts.moments import micros
from data.simulator.simulate import simulate
from training.checkout.complete import complete, independent, parts_of
from training.checkout.dependence import Dependence
from training.checkout.learn import learn_checkout
from training.checkout.orders import checkout_moments, order_moments
from training.checkout.past_orders import moments_of
from training.checkout.whatif import labels_made_when_ordered, only_known_at_checkout
from training.distribution import RemainingTime
from training.fit import fit_predictor
from training.models.gather import gather, outcomes_known_by
from training.models.problem import Rows
from training.moments import choose_moments, moments_between
from training.periods import Periods, cut_periods
from training.pipeline import worth_learning
from training.predictor import QUANTILE_LEVELS, Predictor

LOW, HIGH = 0.05, 0.95


def fitted(facts: Facts, periods: Periods, seed: int) -> Predictor:
    """Train by the cut and load the bundle back."""
    moments = choose_moments(facts, until=periods.judged_to, seed=seed)
    learnt = moments_between(moments, None, periods.cut, most=worth_learning(facts), seed=seed)
    made = fit_predictor(facts, learnt, cut=periods.cut, seed=seed)
    if made.checkout is None:
        part = learn_checkout(facts, cut=periods.cut, vocabulary=made.vocabulary, kind=made.model.kind, seed=seed)
        made = replace(made, checkout=part)
    return Predictor.from_bundle(made.to_bundle())


def looks_at_labels(facts: Facts, periods: Periods, *, first: bool) -> pl.DataFrame:
    """Give open shipments of orders when the last label is made, or on the days after that."""
    found = order_moments(facts, until=periods.judged_to).filter(pl.col("at") >= periods.cut)
    label = facts.shipments.group_by("order_id").agg(label=pl.col("created_at").max())
    found = found.join(label, on="order_id").filter((pl.col("at") == pl.col("label")) == first)
    return found.select("order_id", "shipment_id", "at").sort("order_id", "at", "shipment_id")


def groups(looks: pl.DataFrame) -> Iterator[np.ndarray]:
    """Give the rows of each look at an order."""
    numbered = looks.with_row_index("row").group_by("order_id", "at", maintain_order=True).agg("row")
    for rows in numbered["row"].to_list():
        yield np.array(rows)


def judge(
    name: str, looks: pl.DataFrame, said: RemainingTime, rows: Rows, *, made: bool, dependence: Dependence, facts: Facts, known_by: datetime
) -> dict:
    """Count how often the last parcel comes inside its window; ``made`` says whether there are labels."""
    moments = moments_of(looks)
    outcomes = outcomes_known_by(facts, moments, micros(known_by))
    came, out = outcomes.delivered & (outcomes.hours > 0), 0
    found: dict[str, list[tuple[float, float, float]]] = {"dependence": [], "independence": []}
    for members in groups(looks):
        if not came[members].all():
            out += 1
            continue
        parts = parts_of(rows.take(members), made=made)
        at = datetime.fromtimestamp(int(moments.at[members[0]]) / 1e6, UTC)
        last, truth = outcomes.hours[members].max(), said.take(members)
        for kind, together in (
            ("dependence", complete(truth, parts, at, dependence)),
            ("independence", independent(truth)),
        ):
            window = together.quantile((LOW, HIGH))[0]
            found[kind].append(
                (float(together.arrived(np.array([last]))[0]), float(window[1] - window[0]), float(window[0] <= last <= window[1]))
            )
    table = {kind: np.array(values) for kind, values in found.items()}
    single = said.arrived(np.maximum(outcomes.hours, 0))[came]
    return {
        "moment": name,
        "looks": len(table["dependence"]),
        "left_out": out,
        "single_90": float(((single >= LOW) & (single <= HIGH)).mean()),
        **{
            kind: {
                "covers": float(values[:, 2].mean()),
                "too_early": float((values[:, 0] > HIGH).mean()),
                "too_late": float((values[:, 0] < LOW).mean()),
                "hours": float(values[:, 1].mean()),
            }
            for kind, values in table.items()
        },
    }


def main() -> None:
    """Simulate, train, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=30_000)
    parser.add_argument("--days", type=int, default=110)
    parser.add_argument("--split-share", type=float, default=0.4)
    parser.add_argument("--start", default="2026-03-02")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    began = time.perf_counter()
    start = datetime.fromisoformat(asked.start).replace(tzinfo=UTC)
    facts = simulate(seed=asked.seed, orders=asked.orders, start=start, days=asked.days, split_share=asked.split_share).facts
    periods = cut_periods(facts)
    predictor = fitted(facts, periods, seed=1)
    table = judged(facts, periods, predictor)
    if asked.json:
        print(json.dumps({"rows": table, "dependence": predictor.checkout.to_state()["dependence"]}, indent=2))  # type: ignore[union-attr]
        return
    print_table(table)
    print(f"\n{facts.shipments.height:,} shipments, cut {periods.cut:%Y-%m-%d}, {time.perf_counter() - began:.0f} s")


def judged(facts: Facts, periods: Periods, predictor: Predictor) -> list[dict]:
    """Judge the three moments."""
    live = predictor.knowing(facts, known_by=periods.known_by)
    assert predictor.checkout is not None
    at_checkout, at_label, later = (
        checkout_moments(facts, since=periods.cut, until=periods.judged_to),
        looks_at_labels(facts, periods, first=True),
        looks_at_labels(facts, periods, first=False),
    )
    imagined = only_known_at_checkout(labels_made_when_ordered(facts), predictor.checkout.book, sparse=pl.Series([""]))
    asked = {"dependence": predictor.checkout.dependence, "facts": facts, "known_by": periods.known_by}
    moments = moments_of(at_checkout)
    said = live.at_checkout().distribution(imagined, moments)
    found = [judge("at checkout", at_checkout, said, gather(imagined, moments), made=False, **asked)]
    for name, looks in (("last label made", at_label), ("1 to 3 days later", later)):
        moments = moments_of(looks)
        said = live.distribution(facts, moments)
        stored = RemainingTime.of_quantiles(QUANTILE_LEVELS, said.quantile(QUANTILE_LEVELS))
        found.append(judge(name, looks, stored, gather(facts, moments), made=True, **asked))
    return found


def print_table(table: list[dict]) -> None:
    print(
        "| moment | orders looked at | single parcel, 90 % | last: covers | hours wide | as if independent: covers | hours wide | not judged |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for row in table:
        own, other = row["dependence"], row["independence"]
        print(
            f"| {row['moment']} | {row['looks']:,} | {row['single_90']:.1%} | **{own['covers']:.1%}** | {own['hours']:.0f} "
            f"| {other['covers']:.1%} | {other['hours']:.0f} | {row['left_out']} |"
        )


if __name__ == "__main__":
    main()
