"""The README's code blocks run, and what it names exists."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def doorcast(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DOORCAST_STATE_FOLDER": str(folder / "state"), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "serving.cli", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.timeout(600)
def test_the_commands_run_in_their_order(tmp_path):
    """Every doorcast command of the README ends with exit code 0, one after the other; on fewer orders, which saves a minute."""
    shipment = None
    ran = 0
    for line in filter(None, "\n".join(blocks("console")).splitlines()):
        arguments = shlex.split(line.removeprefix("$ ").replace("--orders 2000", "--orders 800"))[1:]
        if "SHIPMENT" in arguments and shipment is None:
            listed = doorcast(["shipments", "--limit", "1", "--json"], tmp_path).stdout
            shipment = re.search(r'"shipment_id": ?"([^"]+)"', listed)[1]
        done = doorcast([shipment if word == "SHIPMENT" else word for word in arguments], tmp_path)

        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        ran += 1

    assert ran >= 10
    assert (tmp_path / "journey.html").stat().st_size > 10_000


@pytest.mark.parametrize("block", blocks("python"))
def test_the_python_blocks_run(block):
    """Each Python block runs, with its assertions."""
    exec(compile(block, "README.md", "exec"), {})


def test_the_make_targets_exist():
    """Every make target that the README names is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"make ([a-z0-9-]+)", README)) - {"all"}

    assert named >= {"demo", "test", "check"}
    assert not {target for target in named if not re.search(rf"^{target}:", makefile, flags=re.MULTILINE)} - {"are"}


def test_the_requests_exist(tmp_path):
    """Every request that the README names is in the OpenAPI description."""
    from serving.app import create_app
    from serving.settings import Settings

    app = create_app(Settings(state_folder=tmp_path))
    paths = app.openapi()["paths"]
    app.state.wiring.close()
    named = re.findall(r"`(GET|POST) (/v1/[^`]+)`", README)

    assert len(named) >= 5
    assert [(method, path) for method, path in named if method.lower() not in paths.get(path, {})] == []


def test_the_pictures_and_links_exist():
    """Every relative link and picture of the README leads to a file."""
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]

    assert [target for target in targets if not (ROOT / target).exists()] == []
