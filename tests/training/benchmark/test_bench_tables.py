"""The bench's tables say who was best on which rows, under which protocol, and never more than was measured."""

import numpy as np
import pytest

from data.domain.errors import InvalidFact
from data.facts.moments import Moments
from tests.training.benchmark.bench_records import SCORES, make_record
from tests.training.models.rows import make_rows
from training.benchmark.cells import markdown, number
from training.benchmark.comparison import comparison, landmarks
from training.benchmark.details import details, simulated
from training.benchmark.markers import BEGIN, END, put_between
from training.benchmark.simulated import Asked, simulated_scores


def rows_of(lines):
    head, rows = lines
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_row_names_split_protocol_and_moment():
    """Whoever reads one row knows what was judged and how."""
    (row,) = rows_of(comparison([make_record(protocol="online", refit_days=7)]))

    assert row["set, judged"] == "olist, from 2018-04-01 to before 2018-05-01"
    assert row["protocol"] == "online, refit 7 d"
    assert (row["moment"], row["n"], row["unit"]) == ("purchase", "100", "d")


@pytest.mark.parametrize(("mae", "best"), [(3.0, "Doorcast"), (4.5, "CatBoost")])
def test_the_least_error_is_bold_whoever_made_it(mae, best):
    """A rival that is better is shown as better."""
    (row,) = rows_of(comparison([make_record(mae=mae)]))

    assert [name for name, cell in row.items() if "**" in cell] == [best]


def test_the_date_says_whose_it_is():
    """The promise stands for what the shop said."""
    (row,) = rows_of(comparison([make_record()]))

    assert row["shop's or carrier's date"] == "13.70 (promise)"


def test_several_origins_get_their_mean():
    """Rows of rolling origins are averaged; other runs of the set are not in it."""
    records = [
        make_record(since="2018-03-01", origin=True, mae=2.0),
        make_record(origin=True, mae=4.0),
        make_record(protocol="online", mae=9.0),
    ]
    rows = rows_of(comparison(records))
    mean = next(row for row in rows if "mean of 2 origins" in row["set, judged"])

    assert mean["Doorcast"] == "**3.00**"
    assert mean["n"] == "200"
    assert len(rows) == 4


def test_a_rival_that_was_left_out_leaves_its_cells_empty():
    """Nothing is made up for a library that is not installed."""
    record = make_record(rivals={"lightgbm": 4.0})
    record["rivals"]["catboost"] = {"left_out": "catboost is not installed"}
    (row,) = rows_of(comparison([record]))

    assert (row["LightGBM"], row["CatBoost"], row["sklearn"]) == ("4.00", "", "")


def test_published_results_are_keys_unless_they_are_of_these_rows():
    """An author's answers for the very rows are scored; all others are named below the table."""
    record = make_record("delhivery", until="")
    record["authors"] = {"GBM": SCORES | {"mae": 36.45}}
    (row,) = rows_of(comparison([record]))

    assert row["published"].startswith("on these rows: GBM 36.5")
    assert "[d1]" in row["published"]
    assert "[d1] delhivery" in landmarks([record])
    assert "olist" not in landmarks([record])


def test_windows_and_risk_stand_beside_the_rivals():
    """The second table holds coverage, width, Winkler score, the worst fortnight, AUC, AP and ECE."""
    (row,) = rows_of(details([make_record()]))

    assert row["80 % window: covers, width, Winkler"] == "0.810, 9.50, 14.00"
    assert row["worst fortnight covers"] == "0.760"
    assert row["late AUC / AP / ECE"] == "0.780 / 0.150 / 0.020"


def test_without_a_simulated_run_there_is_no_oracle_table():
    """The third table is there only when it was measured."""
    assert simulated([make_record()]) is None


def test_the_simulated_network_stands_beside_its_oracle():
    """The loss over the oracle's, all and by stage, from the report as it is made; who says nothing leaves an empty cell."""
    truth = 30 + 5 * np.random.default_rng(1).standard_normal(600)
    asked = Asked(
        Moments(np.full(600, "S", dtype=object), np.zeros(600, dtype=np.int64)),
        truth,
        np.tile(30 + 5 * np.linspace(-1.6, 1.6, 7), (600, 1)),
    )
    table = np.where(np.arange(600)[:, None] < 300, np.full((600, 7), 30.0), np.nan)
    report = simulated_scores(asked, make_rows(600), asked.oracle, {"lane_table": table, "plan": np.full((600, 7), np.nan)})
    record = {"run": {"dataset": "simulated"}, "report": report}
    everything, stage = rows_of(simulated([record]))

    assert (everything["rows"], everything["n"], everything["Doorcast over oracle"]) == ("all", "600", "1.000")
    assert everything["lane table"].endswith("(of 50%)")
    assert everything["plan"] == ""
    assert stage["rows"] == "stage in_transit"
    assert stage["80 % window covers"] == everything["80 % window covers"]


def test_markdown_has_as_many_cells_in_every_line():
    """A table that breaks is not read."""
    lines = markdown(comparison([make_record(), make_record("delhivery", until="")])).splitlines()

    assert len({line.count("|") for line in lines}) == 1
    assert len(lines) == 4


def test_a_section_is_rewritten_and_the_rest_is_left_alone():
    """Writing twice gives what the second wrote."""
    readme = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    once = put_between(readme, "new")

    assert put_between(once, "newer") == f"before\n{BEGIN}\nnewer\n{END}\nafter\n"


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}\n{BEGIN}", f"{BEGIN}{END}{BEGIN}{END}"], ids=["none", "no end", "turned", "twice"])
def test_a_readme_without_its_markers_is_not_touched(text):
    """The message names both lines."""
    with pytest.raises(InvalidFact, match="bench-forecast: begin"):
        put_between(text, "new")


def test_numbers_keep_the_digits_that_count():
    """Seconds in hundreds are whole, days have two places."""
    assert [number(value) for value in (463.68, 31.84, 3.0649, None)] == ["464", "31.8", "3.06", ""]
