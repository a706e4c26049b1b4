from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from data.simulator.noise import NOISE, Noise, heard
from data.simulator.scans import Event

SILENT = Noise(missing=0, missing_delivered=0, late=0, batch=0, repeated=0, mystery=0, withdrawn=0, wrong_clocks=0)


@pytest.fixture(scope="module")
def listen(world, events):
    """Hear the perfect scans of the world through some noise."""

    def with_noise(noise, seed=1):
        rng = np.random.default_rng(seed)
        return heard(events, world.parcels.carrier, facilities=40, carriers=3, rng=rng, noise=noise)

    return with_noise


def test_without_noise_every_scan_is_heard_as_it_was(events, listen):
    """A silent world loses, repeats and shifts nothing."""
    scans = listen(SILENT)

    assert sorted(scans.true_row) == list(range(len(events.event)))
    assert (scans.occurred == events.minute[scans.true_row]).all()
    assert (scans.event == events.event[scans.true_row]).all()


def test_nothing_is_heard_before_it_happens(events, listen):
    """Every scan is received after its event, whatever its clock says."""
    scans = listen(NOISE)
    real = scans.true_row >= 0

    assert (scans.received[real] > events.minute[scans.true_row[real]]).all()


def test_scans_are_missing_as_often_as_told(events, listen):
    """The share of scans that are never heard is the configured one, by kind; labels and ends are always heard."""
    scans = listen(replace(SILENT, missing=0.1, missing_delivered=0.02))
    there = np.isin(np.arange(len(events.event)), scans.true_row)

    assert 1 - there[events.event == Event.DEPARTED].mean() == pytest.approx(0.1, abs=0.015)
    assert 1 - there[events.event == Event.DELIVERED].mean() == pytest.approx(0.02, abs=0.01)
    assert there[events.event == Event.LABEL].all()


def test_scans_are_repeated_as_often_as_told(listen):
    """The share of repetitions is the configured one, and a repetition tells the same event and time, heard later."""
    scans = listen(replace(SILENT, repeated=0.05))
    again = np.flatnonzero(scans.repeat)
    first = {row: k for k, row in enumerate(scans.true_row) if not scans.repeat[k]}
    original = np.array([first[row] for row in scans.true_row[again]])

    assert len(again) / (len(scans.event) - len(again)) == pytest.approx(0.05, abs=0.005)
    assert (scans.occurred[again] == scans.occurred[original]).all()
    assert (scans.received[again] > scans.received[original]).all()


def test_late_scans_arrive_out_of_order(listen):
    """Late and batched scans make news arrive out of order; without them it happens far less."""

    def disorder(noise):
        scans = listen(noise)
        same = scans.shipment[1:] == scans.shipment[:-1]
        return (same & (np.diff(scans.occurred) < 0)).mean()

    assert disorder(NOISE) > 0.01
    assert disorder(SILENT) < 0.5 * disorder(NOISE)


def test_wrong_clocks_are_wrong_by_a_constant(world, events, listen):
    """A scanner with a wrong clock is always wrong by the same minutes and says so by its zone basis."""
    scans = listen(replace(SILENT, wrong_clocks=0.5))
    frame = pl.DataFrame(
        {
            "scanner": scans.facility * 3 + world.parcels.carrier[scans.shipment],
            "error": np.round(scans.occurred - events.minute[scans.true_row], 6),
            "told": scans.basis == 2,
            "label": scans.event == Event.LABEL,
        }
    ).filter(~pl.col("label"))

    assert frame.group_by("scanner").agg(pl.col("error").n_unique())["error"].max() == 1
    assert ((frame["error"] != 0) == frame["told"]).all()
    assert frame.filter(pl.col("error") != 0).height > 0


def test_withdrawn_scans_name_what_they_void(listen):
    """An early "delivered" is withdrawn by a later scan of the same shipment that voids it."""
    scans = listen(replace(SILENT, withdrawn=0.2))
    voiding = np.flatnonzero(scans.voids)
    withdrawn = scans.corrects[voiding]

    assert len(voiding) > 100
    assert (scans.shipment[withdrawn] == scans.shipment[voiding]).all()
    assert (scans.event[withdrawn] == Event.DELIVERED).all()
    assert (scans.true_row[withdrawn] == -1).all()
    assert (scans.received[withdrawn] < scans.received[voiding]).all()


def test_some_codes_are_known_to_nobody(listen):
    """Mystery codes replace others at the configured rate, never a delivery."""
    scans = listen(replace(SILENT, mystery=0.05))

    assert (scans.event == Event.MYSTERY).mean() == pytest.approx(0.04, abs=0.015)
    assert listen(SILENT).event.tolist().count(Event.DELIVERED) == scans.event.tolist().count(Event.DELIVERED)


def test_every_event_has_a_code():
    """The kinds of events are those of the reference table, in words."""
    from data.reference.status_codes import coded_events

    assert {event.name.lower() for event in Event} == {coded.event for coded in coded_events()}
