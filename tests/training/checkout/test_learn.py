"""What a predictor learns about checkouts comes from before the cut and answers what-if shipments."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from data.domain.places import Place
from data.facts.facts import Facts, received_by
from tests.makers import make_facility
from tests.training.little_network import START, ends, little_facts, quick_kinds
from training.checkout.dependence import Dependence
from training.checkout.learn import learn_checkout
from training.checkout.offers import Offer
from training.checkout.orders import checkout_moments, order_moments
from training.checkout.promise import Prices, Wish, promises
from training.checkout.whatif import Wanted, what_if, what_ifs
from training.features.vocabulary import Vocabulary
from training.predictor import Predictor
from training.registry.plain import check_plain

CUT = START + timedelta(days=48)


def paired(facts: Facts) -> Facts:
    """Let every two shipments that follow each other belong to one order, made two hours before the first of them."""
    number = pl.col("shipment_id").str.slice(1).cast(pl.Int64) // 2
    order = pl.lit("O") + number.cast(pl.String).str.zfill(5)
    shipments = facts.shipments.with_columns(order_id=order)
    orders = shipments.group_by("order_id").agg(ordered_at=pl.col("created_at").min() - pl.duration(hours=2)).sort("order_id")
    return Facts.of({**dict(facts.tables()), "shipments": shipments, "orders": orders})


@pytest.fixture(scope="module")
def facts():
    return paired(little_facts(900))


def learned(facts):
    with pytest.MonkeyPatch.context() as patch:
        quick_kinds(patch)
        vocabulary = Vocabulary.learn(received_by(facts, CUT))
        return learn_checkout(facts, cut=CUT, vocabulary=vocabulary, kind="daily_hazard")


@pytest.fixture(scope="module")
def checkout(facts):
    return learned(facts)


@pytest.fixture(scope="module")
def predictor(trained, checkout):
    return Predictor.from_bundle({**trained.bundle, "checkout": checkout.to_state()})


def test_nothing_after_the_cut_is_learnt(facts, checkout):
    """Deleting everything that was received after the cut changes no number."""
    again = learned(received_by(facts, CUT))

    assert repr(again.to_state()) == repr(checkout.to_state())


def test_too_few_shipments_teach_nothing():
    """Below 300 there is no checkout part, and the predictor answers by itself."""
    assert learned(paired(little_facts(120))) is None


def test_a_look_at_an_order_sees_what_was_heard(facts):
    """Only open shipments, two or more of an order, and `way` only where a carrier was heard of."""
    looks = order_moments(facts, until=CUT)
    heard = facts.scans.filter(pl.col("status").is_in(["accepted", "in_transit", "out_for_delivery"]))
    first = heard.group_by("shipment_id").agg(first=pl.col("received_at").min())
    held = (
        looks.join(first, on="shipment_id", how="left")
        .group_by("order_id", "at")
        .agg((pl.col("first") <= pl.col("at")).fill_null(value=False).any().alias("held"), "phase", pl.len().alias("n"))
    )

    assert looks["at"].max() < CUT
    assert (held["n"] >= 2).all()
    assert ((held["phase"].list.first() == "way") == held["held"]).all()


def test_the_bundle_carries_it_and_old_bundles_do_without(trained, predictor, checkout):
    """A bundle of before has no such part and loads; one with it answers what-if rows by the other model."""
    check_plain(predictor.to_bundle())
    old = Predictor.from_bundle({name: part for name, part in trained.bundle.items() if name != "checkout"})

    assert old.checkout is None
    assert old.at_checkout() is old
    assert predictor.at_checkout().model is not predictor.model
    assert Predictor.from_bundle(predictor.to_bundle()).checkout.dependence == checkout.dependence


def wanted():
    places = {
        end: {name.removeprefix(f"{end}_"): value for name, value in ends("MEM", "LAX").items() if name.startswith(end)}
        for end in ("origin", "destination")
    }
    return Wanted(Place(**places["destination"]), Place(**places["origin"]), make_facility("MEM", Place(**places["origin"])))


def test_a_checkout_answers_each_service(predictor):
    """The slow carrier's dates are later; percentiles rise; every date's chance agrees with the percentiles."""
    at = START + timedelta(days=55, hours=9)
    swift, snail = promises(
        predictor.at_checkout(),
        wanted(),
        [Offer("swift", "ground"), Offer("snail", "ground")],
        ordered_at=at,
        now=at,
        book=predictor.checkout.book,
    )

    assert swift.percentiles[3].at < snail.percentiles[3].at
    assert [one.at for one in swift.percentiles] == sorted(one.at for one in swift.percentiles)
    for one in swift.percentiles:
        kept = {found.date: found.probability for found in swift.dates}.get(one.date)
        assert kept is None or kept >= one.level - 1e-6


def test_a_wish_and_prices_are_answered(predictor):
    """A wish for the date of the 95 % level is kept now and no more at its end; the worth of the chosen date is the highest."""
    at = START + timedelta(days=55, hours=9)
    offer = [Offer("swift", "ground")]
    (plain,) = promises(predictor.at_checkout(), wanted(), offer, ordered_at=at, now=at)
    day = plain.percentiles[4].date
    (found,) = promises(predictor.at_checkout(), wanted(), offer, ordered_at=at, now=at, wish=Wish(day, 0.8), prices=Prices(10.0, 0.5))

    assert found.latest.now >= 0.95 - 1e-6
    assert at <= found.latest.order_by <= found.latest.last_chance
    assert found.best.probability == {one.date: one.probability for one in found.dates}[found.best.date]


def test_a_question_alone_and_among_many_has_the_same_answer(predictor):
    """The same bits alone and among forty."""
    at = START + timedelta(days=55)
    asked = [(Offer("swift", "ground"), at + timedelta(hours=step)) for step in range(40)]
    many = predictor.at_checkout().distribution(*what_if(wanted(), asked, now=at))
    one = predictor.at_checkout().distribution(*what_if(wanted(), asked[7:8], now=at))

    assert (one.mass[0] == many.mass[7]).all()
    assert (one.hours[0] == many.hours[7]).all()


def test_a_parcel_alone_and_among_others_has_the_same_answer(predictor):
    """The same bits, whatever the others declare: unknown attributes of one are columns of another."""
    at = START + timedelta(days=55)
    mine = (wanted(), Offer("swift", "ground"), at)
    other = (replace(wanted(), facility=None, attributes={"size": "L", "weight_kg": 2.0}, distance_km=50.0), Offer("snail", "ground"), at)
    many = predictor.at_checkout().distribution(*what_ifs([other, mine, other], now=at, book=predictor.checkout.book))
    one = predictor.at_checkout().distribution(*what_ifs([mine], now=at, book=predictor.checkout.book))

    assert (one.mass[0] == many.mass[1]).all()
    assert (one.hours[0] == many.hours[1]).all()


def test_orders_that_know_nothing_of_each_other_are_found_so(checkout):
    """The little network draws every shipment by itself; what is believed of one order stays small."""
    assert checkout.dependence != Dependence.nothing()
    assert sum(checkout.dependence.shares["start"].values()) < 0.35
    assert sum(checkout.dependence.shares["checkout"].values()) < 0.35


def test_checkouts_are_learnt_from_orders_as_a_checkout_asks(checkout):
    """The phase is learnt from orders of the newest quarter, and answers for itself."""
    assert checkout.dependence.learnt_from("checkout") == "checkout"
    assert checkout.dependence.groups["checkout"] >= 40


def test_orders_that_are_late_together_are_found_at_checkout(facts):
    """Every second order waits three days for all its shipments: at checkout nobody can know which, so the order explains much of the delay."""
    numbers = pl.col("order_id").str.slice(1).cast(pl.Int64)
    slow = facts.shipments.filter(numbers % 2 == 1)["shipment_id"]
    wait = pl.when(pl.col("shipment_id").is_in(slow.implode())).then(pl.duration(days=3)).otherwise(pl.duration())
    late = facts.scans.with_columns(*(pl.col(name) + wait for name in ("occurred_at", "received_at")))
    found = learned(Facts.of({**dict(facts.tables()), "scans": late})).dependence

    assert found.shares["checkout"]["order"] > 0.3


def test_too_few_orders_leave_the_labels_to_answer(facts):
    """With one order of two shipments in fifty nothing is said about checkouts, nor about anything else."""
    alone = pl.when(pl.col("order_id").str.slice(1).cast(pl.Int64) % 50 == 0).then("order_id").otherwise(pl.col("shipment_id"))
    found = learned(Facts.of({**dict(facts.tables()), "shipments": facts.shipments.with_columns(order_id=alone)})).dependence

    assert found == Dependence.nothing()


def test_a_checkout_sees_an_order_when_it_is_made(facts):
    """Every shipment of an order in several at the time of the order, within the span; orders of one are none."""
    until = CUT - timedelta(days=3)
    looks = checkout_moments(facts, since=START + timedelta(days=9), until=until)
    ordered = dict(facts.orders.select("order_id", "ordered_at").iter_rows())

    assert looks.group_by("order_id").len()["len"].unique().to_list() == [2]
    assert all(ordered[order_id] == at for order_id, _, at in looks.iter_rows())
    assert START + timedelta(days=9) <= looks["at"].min() <= looks["at"].max() < until
