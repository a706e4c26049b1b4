"""Compiled loops are kept outside the package, and never outlive the sources that they were compiled from."""

import numba
import numpy as np

from data.simulator import compiled


def double(values):
    return values * 2


def test_compiled_code_is_kept_outside_the_package(tmp_path, monkeypatch):
    """Nothing is written beside the sources: the cache folder is the user's own, named after the sources' digest."""
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path / "simulator-digest")
    before = numba.config.CACHE_DIR
    doubled = compiled.outer(double)

    assert doubled(np.array([1.5])).tolist() == [3.0]
    assert list(tmp_path.rglob("*.nbi"))
    assert before == numba.config.CACHE_DIR


def test_a_home_that_cannot_be_written_only_costs_time(tmp_path, monkeypatch):
    """Where no cache can be kept, the loop is compiled in every process and gives the same answer."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setattr(compiled, "cache_folder", lambda: blocked / "inside")

    assert compiled.outer(double)(np.array([2.0])).tolist() == [4.0]


def test_the_folder_follows_the_sources(monkeypatch, tmp_path):
    """Another source gives another folder."""
    (tmp_path / "one.py").write_text("a = 1")
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "compiled.py"))
    compiled.cache_folder.cache_clear()
    first = compiled.cache_folder()
    (tmp_path / "one.py").write_text("a = 2")
    compiled.cache_folder.cache_clear()
    second = compiled.cache_folder()
    monkeypatch.undo()
    compiled.cache_folder.cache_clear()

    assert first != second
