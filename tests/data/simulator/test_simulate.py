import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from data.domain.errors import InvalidFact
from data.facts.checks import check_facts
from data.simulator.simulate import STEPS, simulate

START = datetime(2026, 9, 14, tzinfo=UTC)


def digest(simulated):
    """Hash every cell of facts and truth."""
    frames = [frame for _, frame in simulated.facts.tables()] + [simulated.truth.shipments, simulated.truth.moves]
    return hashlib.sha256(b"".join(frame.write_ipc(None).getvalue() for frame in frames if frame.height)).hexdigest()


def test_a_seed_fixes_the_world_to_the_last_bit():
    """The same arguments give the same facts and truth; another seed gives others."""
    small = {"orders": 300, "start": START, "days": 10}

    assert digest(simulate(seed=4, **small)) == digest(simulate(seed=4, **small)) != digest(simulate(seed=5, **small))


def test_facts_keep_every_rule_of_the_canonical_tables(simulated):
    """The checks of an import find nothing."""
    assert check_facts(simulated.facts).height == 0


def test_nothing_is_known_after_the_end(simulated):
    """Facts end with the span: no scan is received and no promise told later."""
    until = START + timedelta(days=30)

    assert simulated.facts.scans["received_at"].max() <= until
    assert simulated.facts.promises["known_at"].max() <= until
    assert simulated.facts.weather_forecasts["available_at"].max() <= until


def test_the_youngest_shipments_are_still_open(simulated):
    """Shipments of the last two days mostly have no end, but their truth has one."""
    youngest = simulated.facts.shipments.filter(pl.col("created_at") > START + timedelta(days=28))
    ended = simulated.facts.scans.filter(pl.col("status").is_in(["delivered", "returned", "lost_or_destroyed"]) & ~pl.col("voids"))
    open_ones = youngest.join(ended, on="shipment_id", how="anti")

    assert open_ones.height > 0.8 * youngest.height
    assert open_ones.join(simulated.truth.shipments, on="shipment_id")["ended_at"].null_count() == 0


def test_some_orders_have_two_shipments_and_some_shipments_several_boxes(simulated):
    """About 6 % of orders are split and about 9 % of shipments have more than one box."""
    split = (simulated.facts.shipments.group_by("order_id").len()["len"] > 1).mean()
    several = (simulated.facts.parcels.group_by("shipment_id").len()["len"] > 1).mean()

    assert split == pytest.approx(0.06, abs=0.015)
    assert several == pytest.approx(0.09, abs=0.015)


def test_about_ten_scans_tell_a_delivered_shipment(simulated):
    """A finished shipment has eight to eleven scans on average."""
    delivered = simulated.facts.scans.filter(pl.col("status") == "delivered").select("shipment_id").unique()

    assert 8 < simulated.facts.scans.join(delivered, on="shipment_id", how="semi").height / delivered.height < 11


def test_delivery_time_can_be_learnt_but_not_known(simulated):
    """Half of all parcels need 1.5 to 7 days; origin, destination, service and weekday explain most of it, not all."""
    days = (
        simulated.facts.scans.filter((pl.col("status") == "delivered") & ~pl.col("voids"))
        .join(simulated.facts.shipments, on="shipment_id")
        .with_columns(
            days=(pl.col("occurred_at") - pl.col("created_at")).dt.total_minutes() / 1440,
            lane=pl.concat_str("origin_facility_id", "destination_facility_id", "carrier", "service", pl.col("created_at").dt.weekday()),
        )
        .filter(pl.len().over("lane") >= 4)
    )
    spread = (days["days"] - days["days"].median()).abs().mean()
    others = (pl.col("days").sum().over("lane") - pl.col("days")) / (pl.len().over("lane") - 1)
    unexplained = days.select((pl.col("days") - others).abs().mean()).item()

    assert 1.5 < days["days"].quantile(0.25) < days["days"].quantile(0.75) < 7
    assert 0.2 * spread < unexplained < 0.75 * spread


def test_the_shop_breaks_some_promises(simulated):
    """Between 3 and 20 % of deliveries come after the shop's promise."""
    shop = simulated.facts.promises.filter(pl.col("kind") == "shop")
    truth = simulated.truth.shipments.filter(pl.col("outcome") == "delivered").join(shop, on="shipment_id")

    assert 0.03 < (truth["ended_at"] > truth["promised_at"]).mean() < 0.2


def test_progress_names_every_step():
    """Each step is told as it begins, then that all are done."""
    heard = []
    simulate(seed=1, orders=20, start=START, days=3, progress=lambda *told: heard.append(told))

    assert heard == [*((step, k, len(STEPS)) for k, step in enumerate(STEPS)), ("truth", len(STEPS), len(STEPS))]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"orders": 0}, "at least one order"),
        ({"days": 0}, "at least one order, one day"),
        ({"seed": -1}, "a seed of 0 or more"),
        ({"start": datetime(2026, 1, 1)}, "has no offset"),
        ({"start": datetime(1812, 1, 1, tzinfo=UTC)}, "start 1812.* must lie in"),
        ({"start": datetime(2099, 12, 20, tzinfo=UTC)}, "the end of the last way 2100.* must lie in"),
    ],
    ids=["no orders", "no days", "negative seed", "start without zone", "start long ago", "end too far"],
)
def test_impossible_worlds_are_refused(wrong, message):
    """A simulation without orders, days, seed or a proper start is refused with the rule."""
    with pytest.raises(InvalidFact, match=message):
        simulate(**{"seed": 1, "orders": 10, "start": START, "days": 5, **wrong})


def test_one_order_on_one_day_is_a_world():
    """The smallest simulation works."""
    assert simulate(seed=1, orders=1, start=START, days=1).facts.orders.height == 1


def test_no_model_may_read_the_truth():
    """Nothing under training/ or maps/ names the simulator."""
    root = Path(__file__).parents[3]
    sources = [path for room in ("training", "maps") for path in (root / room).rglob("*.py")]

    assert len(sources) > 2
    assert [path for path in sources if "data.simulator" in path.read_text(encoding="utf-8")] == []
