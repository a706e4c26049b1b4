"""Check the laws of the house: what the tree may hold and what must never be committed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOP_LEVEL = {
    "training", "serving", "maps", "notebooks", "data", "tests", "pyproject.toml", "README.md",
    "LICENSE", "CHANGELOG.md", "Makefile", "requirements.lock", "requirements-dev.lock", ".gitignore", ".ci", "docs",
}  # fmt: skip
ROOMS = ("data", "training", "maps", "serving")


def tracked() -> list[Path]:
    """Give the files that git tracks; outside a checkout, all source files."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0 and done.stdout:
        return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]
    return [path for room in (*ROOMS, "tests") for path in (ROOT / room).rglob("*") if path.is_file()]


def test_the_top_level_is_fixed():
    """The top level holds the rooms and a few companions, nothing else."""

    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP_LEVEL


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_has_a_readme(room):
    """Each room says what it is."""

    assert len((ROOT / room / "README.md").read_text()) > 500


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc", "base", "core", "service"])
def test_no_drawer_for_everything(name):
    """No file is named after nothing."""

    assert not [path for path in tracked() if path.stem == name and path.suffix == ".py"]


def test_data_is_not_ignored():
    """The folder data/ is source code and is never swallowed by .gitignore."""

    assert not re.search(r"(?m)^/?data/?$", (ROOT / ".gitignore").read_text())


LEAKS = re.compile(
    r"(^|[^A-Za-z0-9_.~])/(work|farm|root)/|index[-]url\s+http|https?://[^ \"]*/simple([/\" ]|$)|\"resolved\": *\"http|https?://[^ \"]*\.(whl|tgz|deb)\b"
)
PROSE = {".py", ".md", ".toml", ".lock", ".txt", ".json", ".html", ".js", ".css", ".ipynb", ".yaml", ".yml", ".csv", ""}


def test_no_machine_path_and_no_registry_address_is_committed():
    """Nothing tracked names a machine's folder or where packages are downloaded."""

    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix in PROSE and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if LEAKS.search(line)
    ]

    assert found == []


def test_no_real_data_is_committed():
    """The shared real data stays outside: no Parquet file and nothing large is tracked."""

    assert [path for path in tracked() if path.suffix == ".parquet"] == []
    assert [path for path in tracked() if path.stat().st_size > 6_000_000] == []


@pytest.mark.parametrize("module", ["serving.app", "serving.cli.main", "data.storage.store", "training.registry", "training.predictor"])
def test_importing_a_door_loads_no_heavy_library(module):
    """What serving a prediction does not need is imported late."""

    heavy = "{'lightgbm', 'folium', 'geopandas', 'matplotlib', 'sklearn'}"
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
