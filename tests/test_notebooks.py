"""The notebooks run from beginning to end, and only import the rooms."""

import ast
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.filterwarnings("default")  # the kernel is a process of its own with libraries of its own
@pytest.mark.timeout(600)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, monkeypatch, tmp_path):
    """Every cell of the notebook runs without an error."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()

    assert all(cell.get("execution_count") for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_defines_nothing(path):
    """Ideas live in the rooms: a notebook defines no function and no class."""
    notebook = nbformat.read(path, as_version=4)
    code = [ast.parse(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

    assert not [node for tree in code for node in ast.walk(tree) if isinstance(node, kinds)]


def test_there_are_walk_throughs():
    """The six walk-throughs are there, executed, and none of them complains."""
    outputs = [str(cell.get("outputs")) for path in NOTEBOOKS for cell in nbformat.read(path, as_version=4).cells]

    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05", "06"]
    assert not [output[:200] for output in outputs if "stderr" in output]
    assert all(
        cell.get("execution_count") for path in NOTEBOOKS for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"
    )
