"""Versions are saved whole, tried out, promoted, rolled back and listed."""

import json
import multiprocessing
import shutil

import lightgbm
import numpy as np
import pytest

from data.domain.errors import ModelRefused, NotFound, NotTrained, Unavailable
from data.facts.facts import Facts
from data.facts.moments import Moments
from tests.fakes.small_predictor import SmallPredictor, small_bundle
from tests.training.registry.conftest import CARD, golden, open_registry
from training.registry.golden import Golden
from training.registry.signature import check_key


def test_what_is_loaded_answers_as_what_was_saved(registry, version):
    """The loaded predictor is bit-equal to the saved one and knows its version."""
    moments = Moments(np.array(["S1"] * 24, dtype=object), np.arange(24) * 3_600_000_000)
    before = SmallPredictor.from_bundle({**small_bundle(), "version": "x"}).distribution(Facts.of({}), moments)
    loaded = registry.load(version)

    np.testing.assert_array_equal(loaded.distribution(Facts.of({}), moments).quantile([0.1, 0.9]), before.quantile([0.1, 0.9]))
    assert loaded.version == version
    assert loaded.bundle["words"] == ("a", None, 1.5)


def test_the_manifest_says_where_a_version_comes_from(registry, version):
    """Cut, features, schema, libraries and counts travel with the bundle; model text lies beside it, readable."""
    manifest, card = registry.show(version)

    assert (manifest.cut, manifest.features_version, manifest.schema_hash) == ("2026-11-01T00:00:00+00:00", "7", "abc")
    assert manifest.libraries["lightgbm"] == lightgbm.__version__
    assert manifest.counts == {"shipments": 3}
    assert card == CARD
    assert (registry.versions / version / "trees-000.txt").read_text().startswith("tree\n")
    assert registry.picture(version, "card.html") == b"<p>hi</p>"


def test_nothing_serves_before_a_promotion(registry):
    """Loading the serving version before one was promoted says what to run."""
    with pytest.raises(NotTrained, match="doorcast train"):
        registry.load()


def test_promote_and_roll_back(registry, versions):
    """A rollback returns to the version that served before; with none before it says so."""
    first, second = versions
    registry.promote(first, reason="first")
    registry.promote(second, reason="better", evidence={"pinball": 1.5})
    registry.promote(second, reason="again")

    assert registry.serving() == second
    assert registry.rollback(reason="customers complained") == first
    assert registry.load().version == first
    with pytest.raises(NotFound, match="no earlier model"):
        registry.rollback(reason="once more")
    assert [entry.event for entry in registry.history()] == ["saved", "saved", "promoted", "promoted", "rolled_back"]
    assert [entry.reason for entry in registry.history()][-1] == "customers complained"


def test_a_declined_version_is_remembered_with_its_reason(registry, versions):
    """A decline changes no alias and stays in the history."""
    registry.promote(versions[0], reason="first")
    registry.decline(versions[1], reason="pinball 2.1 h against 1.9 h")

    assert registry.serving() == versions[0]
    assert registry.history()[-1].event == "declined"


def test_a_damaged_version_cannot_be_promoted(registry, versions):
    """The serving model stays when a damaged one is to be promoted."""
    registry.promote(versions[0], reason="first")
    (registry.versions / versions[1] / "card.json").write_text("{}")

    with pytest.raises(ModelRefused, match="damaged"):
        registry.promote(versions[1], reason="better")
    assert registry.serving() == versions[0]


def test_the_list_shows_damage_without_failing(registry, versions):
    """A version whose manifest is not genuine is listed with the reason."""
    (registry.versions / versions[0] / "manifest.json").write_text("{}")
    registry.promote(versions[1], reason="first")
    damaged, sound = registry.list()

    assert (damaged.version, damaged.manifest) == (versions[0], None)
    assert "another key" in damaged.refused
    assert (sound.version, sound.serving, sound.refused) == (versions[1], True, None)


def test_a_damaged_forest_kills_only_the_trial(tmp_path):
    """A model text that aborts the process is refused by the trial, and no folder appears."""
    bundle = small_bundle()
    bundle["forest"] = bundle["forest"].replace("tree_sizes=", "tree_sizes=9", 1).replace("leaf_value=", "leaf_value=;", 3)
    registry = open_registry(tmp_path)

    with pytest.raises(ModelRefused, match=r"trial process .*Train again; the serving model is untouched"):
        registry.save(bundle, card=CARD)
    assert registry.list() == ()


def test_a_bundle_that_answers_differently_is_refused(tmp_path):
    """The stored question must get the stored answer."""
    asked = golden()
    wrong = Golden(asked.facts, asked.moments, asked.hours + 0.01)

    with pytest.raises(ModelRefused, match=r"differently \(by up to 0\.01 hours\)"):
        open_registry(tmp_path).save(small_bundle(), card=CARD, golden=wrong)


def test_a_bundle_that_hangs_is_refused(tmp_path):
    """A trial has a time limit."""
    with pytest.raises(ModelRefused, match=r"did not load and answer within 0\.05 s"):
        open_registry(tmp_path, trial_seconds=0.05).save(small_bundle(), card=CARD)


class OurOwn:
    pass


@pytest.mark.parametrize(
    "foreign", [OurOwn(), {"deep": [OurOwn()]}, np.array([OurOwn()], dtype=object), {1, 2}], ids=["object", "deep", "array", "set"]
)
def test_bundles_hold_plain_values_only(tmp_path, foreign):
    """A class of ours anywhere in a bundle is refused before anything is written."""
    with pytest.raises(ModelRefused, match=r"bundle\['x'\].*plain values"):
        open_registry(tmp_path).save({"x": foreign}, card=CARD)


def test_a_crashed_save_leaves_no_version(registry, versions, monkeypatch):
    """A save that dies before its rename is not listed."""
    monkeypatch.setattr("training.registry.registry.sync_folder", lambda folder: 1 / 0)
    monkeypatch.setattr("training.registry.registry.Path.rename", lambda path, target: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        registry.save(small_bundle(), card=CARD)

    assert [saved.version for saved in registry.list()] == sorted(versions)


def test_a_signed_note_spares_the_second_trial(registry, version):
    """Loading after a trial that went well starts no child; a forged note counts for nothing."""
    hasty = open_registry(registry.folder, trial_seconds=0.001)
    assert hasty.load(version).version == version

    (registry.folder / "trials" / version).write_text("0" * 64)
    with pytest.raises(ModelRefused, match="did not load and answer"):
        hasty.load(version)


def promote_often(folder, version, start):
    registry = open_registry(folder)
    start.wait()
    for number in range(10):
        registry.promote(version, reason=f"turn {number}")


def test_promotions_at_the_same_time_follow_each_other(registry, versions):
    """Two processes promoting at once leave one unbroken ledger and the alias of its last entry."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    workers = [context.Process(target=promote_often, args=(registry.folder, version, start)) for version in versions]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    promoted = [entry for entry in registry.history() if entry.event == "promoted"]
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert {entry.version for entry in promoted} == set(versions)
    assert registry.serving() == promoted[-1].version


def test_a_short_key_is_refused():
    """A key that protects nothing is refused with what to do."""
    with pytest.raises(ModelRefused, match="at least 32"):
        check_key(b"secret")


def test_a_card_with_hostile_text_is_only_text(tmp_path):
    """Text in a card comes back as it went in."""
    registry = open_registry(tmp_path)
    card = {**CARD, "note": "</script>{{7*7}}\u2028\x00"}
    version = registry.save(small_bundle(), card=card)

    assert registry.show(version)[1]["note"] == card["note"]
    assert json.loads((tmp_path / "versions" / version / "card.json").read_bytes())["note"] == card["note"]


def test_a_lost_alias_is_not_taken_for_no_model(registry, version):
    """The ledger knows of a promotion, so the answer is not to train anew."""
    registry.promote(version, reason="first")
    registry.ledger.alias.unlink()
    with pytest.raises(ModelRefused, match=r"serving\.json is missing"):
        registry.serving()


def test_a_registry_that_is_a_file_is_unavailable(tmp_path):
    """A clear error, for readers and writers."""
    folder = tmp_path / "models"
    folder.write_text("")
    registry = open_registry(folder)
    for use in (registry.serving, registry.history):
        with pytest.raises(Unavailable, match="registry of models"):
            use()


def test_a_registry_that_cannot_keep_notes_serves(registry, version):
    """A note only spares the next trial."""
    shutil.rmtree(registry.notes.folder)
    registry.notes.folder.write_text("")

    assert registry.load(version).version == version
