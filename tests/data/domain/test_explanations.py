from dataclasses import replace
from datetime import timedelta

import pytest

from data.domain.explanations import News, change_between, explanation_of, split_evidence
from data.domain.forecasts import Forecast, Reason, Target, Window
from tests.makers import after


def make_forecast(hour: float, median: float, *reasons: Reason, model: str = "m1") -> Forecast:
    return Forecast(
        f"F{hour}", "S1", Target.DELIVERED, after(hour), after(hour), ((0.5, after(median)),), Window(after(median - 5), after(median + 5), 0.8), None,
        reasons, model, "d", "UTC",
    )  # fmt: skip


HUB = Reason("facility", 4.0, ("facility:HUB", "scan:C1"))
BEFORE = make_forecast(10, 50, HUB, Reason("history", 2.0, ("facility:WH",)))
AFTER = make_forecast(20, 61, replace(HUB, hours=9.0, evidence=(*HUB.evidence, "scan:C2")), Reason("weather", 6.0, ("weather_observation:W1",)),
                      Reason("history", 2.0, ("facility:WH",)))  # fmt: skip


def test_usual_and_parts_make_the_forecast():
    """The usual arrival is the median without the parts."""
    told = explanation_of(BEFORE)

    assert (told.usual_at, told.hours) == (after(44), 6.0)


def test_delays_are_what_happened_and_makes_it_later():
    """Largest first; the lane's history is no delay, time made up neither."""
    told = explanation_of(replace(AFTER, reasons=(*AFTER.reasons, Reason("road", -1.0))))

    assert [reason.code for reason in told.delays] == ["facility", "weather"]


def test_the_parts_of_a_change_add_up_to_the_move_of_the_median():
    """By code and place, with the evidence that is new."""
    change = change_between(BEFORE, AFTER, News(scan_ids=("C2",)))

    assert change.hours == 11.0
    assert [(reason.code, reason.hours, reason.evidence) for reason in change.reasons] == [
        ("weather", 6.0, ("weather_observation:W1",)),
        ("facility", 5.0, ("scan:C2",)),
    ]


@pytest.mark.parametrize(("model", "code"), [("m1", "usual"), ("m2", "model")])
def test_another_usual_is_a_part_of_the_change(model, code):
    """When the usual moved, the change says so: another model, or the same one that learnt more."""
    later = replace(AFTER, model_version=model, quantiles=((0.5, after(64)),))
    change = change_between(BEFORE, later, News())

    assert sum(reason.hours for reason in change.reasons) == pytest.approx(change.hours)
    assert (code, 3.0) in [(reason.code, reason.hours) for reason in change.reasons]


def test_a_part_that_has_gone_counts_against_the_change():
    """What was a reason and is none any more makes it earlier."""
    change = change_between(AFTER, replace(AFTER, as_of=after(30), reasons=AFTER.reasons[1:], quantiles=((0.5, after(52)),)), News())

    assert [(reason.code, reason.hours) for reason in change.reasons] == [("facility", -9.0)]
    assert change.hours == pytest.approx(-9.0)


def test_evidence_has_a_kind_and_an_id():
    """An id may hold anything, also a colon."""
    assert split_evidence("scan:a:b") == ("scan", "a:b")
    assert split_evidence("strange") == ("", "strange")


def test_a_forecast_without_reasons_is_as_usual():
    """Nothing unusual, nothing to tell."""
    told = explanation_of(replace(BEFORE, reasons=()))

    assert (told.usual_at, told.hours, told.delays) == (after(50), 0.0, ())
    assert told.usual_at - told.forecast_at == timedelta(0)
