"""A shipment's own delivery is never in what is known of it before: change it, and no bit of its earlier rows moves."""

from datetime import timedelta

import polars as pl
import pytest

from data.facts.moments import Moments
from data.facts.schema import INSTANT
from tests.training.guards.bent import own_delivery_moved, own_delivery_removed, own_delivery_retimed
from tests.training.guards.seen import differences, look
from tests.training.guards.slices import Slice, moments_of
from training.history.history import History
from training.split import id_folds

CHANGES = {
    "never delivered": own_delivery_removed,
    "delivered 30 hours later": lambda facts, own: own_delivery_moved(facts, own, timedelta(hours=30)),
    "delivered at once, heard as before": lambda facts, own: own_delivery_retimed(facts, own, -timedelta(minutes=20)),
}
LATER = timedelta(days=2, minutes=7)


def some_delivered(world: Slice, count: int) -> list[tuple[str, Moments, Moments]]:
    """Give shipments with moments of their lives before their delivery was heard, the last of them a microsecond before, and one long after."""
    scans = world.facts.scans.filter(~pl.col("voids"))
    heard = scans.filter(pl.col("status") == "delivered").group_by("shipment_id").agg(end=pl.col("received_at").min())
    lives = (
        world.facts.shipments.select("shipment_id", start="created_at")
        .join(heard, on="shipment_id")
        .filter(pl.col("start") < pl.col("end"))
    )
    found = []
    for own, start, end in lives.sort("end", "shipment_id").gather_every(max(lives.height // count, 1)).rows():
        looks = [start, start + (end - start) * 0.37, start + (end - start) * 0.83, end - timedelta(microseconds=1)]
        found.append((own, asked(own, looks), asked(own, [end + LATER])))
    return found


def asked(own: str, at: list) -> Moments:
    return moments_of(pl.DataFrame({"shipment_id": [own] * len(at), "at": at}, schema_overrides={"at": INSTANT}))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_delivery_leaves_no_trace_in_the_rows_before_it(world, vocabulary, history, change):
    """Removed, later, or at another time: the rows from before it was heard are equal, history included."""
    for own, before, _ in some_delivered(world, 3):
        assert differences(look(world.facts, before, vocabulary, history=history), look(change(world.facts, own), before, vocabulary)) == []


def test_a_delivery_enters_its_own_history_not_even_later(world, vocabulary, history):
    """Asked days later, what is known of others is as if the shipment had never told when it came."""
    for own, _, long_after in some_delivered(world, 4):
        changed = own_delivery_retimed(world.facts, own, -timedelta(minutes=20))
        whole, bent = look(world.facts, long_after, vocabulary, history=history), look(changed, long_after, vocabulary)

        assert differences(whole, bent, columns="history.") + differences(whole, bent, columns="facility.") == []


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_out_of_fold_the_own_row_never_moves(world, vocabulary, change):
    """Where a shipment is answered from the other folds, its outcome changes nothing of its own row."""
    folds = folds_of(world)
    whole = History.out_of_fold(world.facts, folds, vocabulary=vocabulary)
    for own, before, _ in some_delivered(world, 2):
        changed = change(world.facts, own)
        bent = History.out_of_fold(changed, folds, vocabulary=vocabulary)

        assert differences(look(world.facts, before, vocabulary, history=whole), look(changed, before, vocabulary, history=bent)) == []


def test_the_guard_catches_a_history_that_knows_every_fold(world, vocabulary):
    """Without folds a shipment is answered from its own outcome too, and the same comparison finds it."""
    caught: set[str] = set()
    for own, before, _ in some_delivered(world, 2):
        changed = own_delivery_moved(world.facts, own, timedelta(hours=30))
        whole, bent = (
            look(facts, before, vocabulary, history=History.out_of_fold(facts, {}, vocabulary=vocabulary))
            for facts in (world.facts, changed)
        )
        caught.update(differences(whole, bent))

    assert caught
    assert all(name.startswith("history.") for name in caught)


def folds_of(world: Slice) -> dict[str, int]:
    """Give every shipment one of five folds."""
    ids = world.facts.shipments["shipment_id"].to_numpy().astype(object)
    return dict(zip(ids.tolist(), id_folds(ids, folds=5).tolist(), strict=True))
