"""A journey's view says what the facts say, at the moment they are looked at."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data.domain.statuses import OnTimeStatus, Status
from maps.answer import answer
from maps.assemble import assemble
from maps.geometry import distance_km
from maps.view import LegState, StopState
from tests.makers import BROOKLYN, after
from tests.maps.journeys import CHANGED, NARROW, SCANS, by_road, facts, make_forecast, scan, stages, view_at


@pytest.mark.parametrize("stage", stages())
def test_nothing_lies_in_the_past_that_is_still_to_come(stage):
    """No estimate is earlier than now, and stops ahead have no actual times."""
    view = stages()[stage]

    assert all(stop.estimated_at >= view.seen_at for stop in view.stops if stop.estimated_at)
    assert all(stop.arrived_at is None and stop.departed_at is None for stop in view.stops if stop.state is StopState.AHEAD)


@pytest.mark.parametrize("stage", stages())
def test_the_door_is_never_given_away(stage):
    """Neither a stop nor a leg nor the position comes nearer to the door than the area that is drawn, save the area's centre."""
    view = stages()[stage]
    home, centre = (BROOKLYN.lat, BROOKLYN.lon), (view.door.lat, view.door.lon)
    ends = [leg.line[-1] for leg in view.legs if view.stops[leg.to_stop].kind == "door"]
    inside = [point for leg in view.legs if view.stops[leg.to_stop].kind == "door" for point in leg.line[1:-1]]

    assert (view.stops[-1].lat, view.stops[-1].lon) == centre
    assert home not in [point for leg in view.legs for point in leg.line]
    assert all(end == centre for end in ends)
    assert all(distance_km(point, centre) > view.door.radius_km - 0.5 for point in inside)


def test_happened_legs_follow_the_road():
    """The leg from Memphis to Columbus bends with the freeway and is marked as travelled."""
    leg = stages()["moving"].legs[0]

    assert leg.state is LegState.HAPPENED
    assert len(leg.line) > 20


def test_the_leg_under_way_is_forecast_with_a_probable_position():
    """After leaving Columbus the next leg is dashed, and a part of it holds the parcel."""
    view = stages()["moving"]

    assert [leg.state.value for leg in view.legs] == ["happened", "forecast", "forecast", "forecast"]
    assert view.position is not None
    assert view.position.line[0] != view.legs[1].line[0]


def test_estimates_stretch_the_plan_to_the_forecast():
    """Stops ahead are expected in their order, and the last of them before the median."""
    view = stages()["moving"]
    estimates = [stop.estimated_at for stop in view.stops if stop.estimated_at]

    assert estimates == sorted(estimates)
    assert len(estimates) == 2
    assert estimates[-1] < view.arrival.p50


def test_an_unplanned_stop_is_shown_where_it_was_seen():
    """A parcel that was sent a wrong way shows the wrong stop between the planned ones."""
    seen = (*SCANS[:3], replace(SCANS[7], scan_id="lost", occurred_at=after(20), received_at=after(20)))
    view = view_at(21, seen, CHANGED)

    assert [stop.city for stop in view.stops][:3] == ["Memphis", "Columbus", "Newark"]
    assert [stop.state.value for stop in view.stops] == ["passed", "passed", "passed", "here", "ahead"]


def test_a_stop_without_a_scan_counts_as_passed_once_a_later_one_was_seen():
    """Lost scans leave a stop without times, not ahead of a parcel that has passed it."""
    view = view_at(40, (*SCANS[:3], SCANS[5]), CHANGED)

    assert (view.stops[1].state, view.stops[1].arrived_at) == (StopState.PASSED, None)


def test_what_was_not_heard_yet_is_not_shown():
    """A scan that happened but was not received is on no timeline."""
    late = replace(SCANS[4], received_at=after(40))

    assert "scan-5" not in str(view_at(31, (*SCANS[:4], late), CHANGED).timeline)
    assert len(view_at(31, (*SCANS[:4], late), CHANGED).timeline) == 4


def test_any_order_and_repetition_of_scans_gives_the_same_view():
    """The view is a fold over a set."""
    again = replace(SCANS[1], scan_id="scan-2b")
    first = view_at(31, (*SCANS[:5], again), CHANGED)
    second = view_at(31, (again, *reversed(SCANS[:5])), CHANGED)

    assert first == second
    assert [event.repeats for event in first.timeline] == [0, 0, 0, 1, 0]


def test_a_correction_strikes_the_old_entry_through():
    """The corrected entry stays visible and is marked; its correction stands beside it."""
    right = replace(SCANS[3], scan_id="right", occurred_at=after(22), received_at=after(23), corrects_scan_id="scan-4")
    view = view_at(31, (*SCANS[:5], right), CHANGED)

    assert [event.struck for event in view.timeline] == [False, False, True, False, False, False]


def test_a_change_names_old_new_hours_and_reason():
    """The move of the shown window by eleven hours is told for a day, with the reason that grew most."""
    change = stages()["moving"].change

    assert (change.hours, change.reason, change.at) == (11, "weather", after(22))
    assert view_at(46.5, SCANS[:7], CHANGED).change is None


def test_a_small_change_is_not_told():
    """An hour more or less is within every window."""
    assert view_at(31, SCANS[:5], (make_forecast(2, 53, 60, 68), make_forecast(22, 53, 61, 68))).change is None


@pytest.mark.parametrize(
    ("stage", "standing"),
    [
        ("moving", "on_time"),
        ("late", "late"),
        ("delivered", "on_time"),
        ("returning", "unknown"),
        ("no_forecast", "unknown"),
        ("lost", "unknown"),
    ],
)
def test_the_promise_is_judged(stage, standing):
    """A shipment stands against its promise by what happened, else by the forecast."""
    assert stages()[stage].promise.standing is OnTimeStatus(standing)


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("before", "Expected once the carrier has it"),
        ("no_forecast", "On the way, arrival time follows"),
        ("out", "Arriving today, Wednesday 3 June, between 11 a.m. and 4 p.m."),
        ("overdue", "Later than expected, we are checking"),
        ("attempt", "New attempt tomorrow, Thursday 4 June, between 6 a.m. and 3 p.m."),
        ("delivered", "Delivered Wednesday 3 June, 1:12 p.m., Eastern time"),
        ("now", "Arriving now"),
        ("held", "The parcel is on hold"),
        ("pickup", "Ready to be collected"),
        ("returning", "The parcel is on its way back"),
        ("lost", "The parcel is lost or damaged"),
        ("returned", "The parcel was returned to the sender"),
        ("refused", "The parcel was refused at the door"),
        ("cancelled", "This shipment was cancelled"),
        ("expired", "No news for more than a month"),
    ],
)
def test_the_answer_is_one_sentence_for_each_stage(stage, said):
    """The largest words of the page fit the stage."""
    assert answer(stages()[stage]).sentence.replace("\N{NO-BREAK SPACE}", " ") == said


def test_silence_names_what_should_come_next():
    """After a long silence the page names the planned arrival that is missing."""
    silence = stages()["silent"].silence

    assert (round(silence.hours, 1), silence.next_place, silence.next_at) == (17.8, "Newark, NJ", after(34))


def test_a_way_back_goes_on_to_the_sender():
    """The stepper of a returning parcel ends at the sender, and a returned one keeps both steps."""
    assert [step.code for step in stages()["returning"].steps][-2:] == ["returning", "returned"]
    assert [(step.code, step.state.value) for step in stages()["returned"].steps][-2:] == [("returning", "done"), ("returned", "current")]


def test_steps_show_the_branch_that_was_taken():
    """A failed attempt stands between what was reached and the delivery that can still follow."""
    assert [(step.code, step.state.value) for step in stages()["attempt"].steps][-2:] == [
        ("attempt_failed", "current"),
        ("delivered", "ahead"),
    ]
    assert [step.code for step in stages()["moving"].steps][3] == "on_the_way"


def test_a_shipment_without_plan_places_or_news_has_a_view():
    """Unknown stays unknown: no map, no answer invented, no error."""
    bare = facts((), (), facilities={}, legs=(), promises=(), order=None)
    nowhere = replace(bare.shipment, destination=replace(BROOKLYN, lat=None, lon=None, timezone=None, city=None, region=None))
    view = assemble(replace(bare, shipment=nowhere), now=after(5), router=by_road)

    assert (view.legs, view.door, view.timeline, view.status) == ((), None, (), Status.UNKNOWN)
    assert answer(view).sentence == "Expected once the carrier has it"


def test_an_unmapped_code_is_shown_and_moves_nothing():
    """A code nobody could map is an entry in the carrier's words; the stage stays."""
    view = view_at(31, (*SCANS[:4], scan(20, Status.UNKNOWN, 25, "HUB-CMH", "??", "Gone fishing")), CHANGED)

    assert (view.status, view.timeline[0].status, view.timeline[0].carrier_words) == (Status.IN_TRANSIT, Status.UNKNOWN, "Gone fishing")


def test_a_clock_that_runs_ahead_makes_no_future_entry():
    """An event is never shown later than the moment we heard of it."""
    ahead = replace(SCANS[4], occurred_at=after(90))
    view = view_at(31, (*SCANS[:4], ahead), CHANGED)

    assert view.timeline[0].at == ahead.received_at <= view.seen_at


def test_a_backward_plan_still_gives_estimates_in_order():
    """A plan whose times run backwards is not followed."""
    made = facts(SCANS[:5], NARROW[:2])
    odd = tuple(replace(leg, planned_arrival_at=leg.planned_arrival_at - timedelta(hours=10 * leg.sequence)) for leg in made.legs)
    view = assemble(replace(made, legs=odd), now=after(31), router=by_road)
    estimates = [stop.estimated_at for stop in view.stops if stop.estimated_at]

    assert estimates == sorted(estimates)


def test_a_missent_parcel_is_not_expected_before_its_plan():
    """A stop planned for Wednesday is not "expected about" now, although the parcel was sent elsewhere and the stretched plan says so."""
    seen = (*SCANS[:3], replace(SCANS[7], scan_id="lost", facility_id="SC-LAX", occurred_at=after(20), received_at=after(20)))
    view = view_at(31, seen, (make_forecast(30, 32, 40, 60),))
    ahead = [stop for stop in view.stops if stop.state is StopState.AHEAD and stop.kind != "door"]

    assert ahead
    assert all(stop.estimated_at >= stop.planned_at for stop in ahead if stop.estimated_at)


@pytest.mark.parametrize("stage", stages())
def test_estimates_keep_order_plan_and_window(stage):
    """Along the way estimates never fall, never lie before the plan, and never after the window at the door."""
    view = stages()[stage]
    told = [stop for stop in view.stops if stop.estimated_at]

    assert [stop.estimated_at for stop in told] == sorted(stop.estimated_at for stop in told)
    assert all(stop.planned_at is None or stop.estimated_at >= stop.planned_at for stop in told)
    assert all(stop.estimated_at < view.arrival.end for stop in told)


def test_the_page_shows_the_window_that_was_shown_before():
    """A forecast that leaves the old window likely changes nothing of it, and nothing is told as a change."""
    view = view_at(31, SCANS[:5], (make_forecast(2, 53, 60, 68), make_forecast(22, 55, 62, 70)))

    assert (view.arrival.start, view.arrival.end) == (after(53), after(68))
    assert view.arrival.p50 == after(62)
    assert view.change is None
