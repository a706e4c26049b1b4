"""The card is one page that says what the numbers say, and text from outside stays text."""

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import numpy as np
import polars as pl
import pytest

from tests.training.little_network import START, little_facts
from training.card.card import make_card, words
from training.card.page import card_page
from training.card.pictures import PICTURES, draw_all, label
from training.distribution import RemainingTime
from training.evaluation.evaluation import evaluate
from training.moments import choose_moments, moments_between

HOSTILE = ["<script>alert(1)</script>", "$\\frac{", "{{7*7}}{% raise %}", "\u202e\x07\ud7ff日本", "]]>&amp;" * 10, "%s${x}`"]
PROVENANCE = {
    "data_from": "2026-03-02T00:00:00+00:00",
    "data_to": None,
    "cut": "2026-04-02T00:00:00+00:00",
    "features_version": "1",
    "seed": 1,
    "counts": {"shipments": 800},
}


class Always:
    def distribution(self, facts, moments):
        return RemainingTime.of_quantiles((0.1, 0.5, 0.9), np.tile([10.0, 50.0, 110.0], (len(moments), 1)))


@pytest.fixture(scope="module")
def scores():
    """Give the scores of a network whose carriers carry hostile names."""
    facts = little_facts(600)
    names = pl.Series([HOSTILE[number % len(HOSTILE)] for number in range(facts.shipments.height)])
    tables = {**dict(facts.tables()), "shipments": facts.shipments.with_columns(carrier=names)}
    until = START + timedelta(days=50)
    moments = moments_between(choose_moments(facts, until=until), START + timedelta(days=30), until, most=800)
    return evaluate(Always(), type(facts)(**tables), moments, known_by=START + timedelta(days=59)).scores


@pytest.fixture(scope="module")
def card(scores):
    return make_card(provenance=PROVENANCE, scores=scores, decision={"chosen": HOSTILE[0]}, warnings=[HOSTILE[2]])


def test_the_page_holds_no_text_as_markup(card, scores):
    """Hostile names appear escaped; no script, no address, nothing evaluated."""
    page = card_page(card, draw_all(scores)).decode()

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{7*7}}" in page
    assert not re.search(r"(src|href)=.?https?:", page)
    assert page.count("<svg") == len(PICTURES)


def test_every_picture_is_sound_svg_and_repeats_itself(scores):
    """Equal scores give equal bytes, and every picture parses."""
    first, second = draw_all(scores), draw_all(scores)

    assert first == second
    assert all(ET.fromstring(picture).tag.endswith("svg") for picture in first.values())


def test_words_carry_the_numbers(scores):
    """The sentences beside the pictures hold the scores."""
    said = words(scores)

    assert set(said) == set(PICTURES)
    assert f"{scores['time']['all']['mae']:.1f} hours" in said["error"]
    assert f"{scores['time']['all']['intervals']['0.8']['coverage']:.1%}" in said["coverage"]
    assert f"{scores['late']['all']['base_rate']:.1%} ended late" in said["risk"]


def test_without_promises_the_card_says_so(scores):
    """No promise, no word about risk, and the picture is still drawn."""
    without = {**scores, "late": {"all": {"n": 0}, "by": {}}, "reliability": [], "baselines": {}}
    card = make_card(provenance=PROVENANCE, scores=without, decision={}, warnings=[])

    assert "nothing can be said about delay risk" in card["words"]["risk"]
    assert b"nothing can be said" in card_page(card, draw_all(without))


@pytest.mark.parametrize(("text", "shown"), [("UPS", "UPS"), ("a\x00b\u202ec", "a?b?c"), ("x" * 30, "x" * 21 + "...")])
def test_labels_are_short_and_plain(text, shown):
    """Whatever a carrier is called, the picture can hold it."""
    assert label(text) == shown
