"""Whatever goes wrong, the command line says it in one line and leaves with a code."""

import errno

import pytest

from data.domain.errors import NotFound
from serving.cli import main


@pytest.fixture
def told(monkeypatch, capsys):
    """Run the command line with a command that raises; give its exit code and its lines on standard error."""

    def run(error):
        def command():
            raise error

        monkeypatch.setattr(main, "build", lambda: command)
        with pytest.raises(SystemExit) as left:
            main.main()
        return left.value.code, capsys.readouterr().err.splitlines()

    return run


def test_an_error_of_ours_is_one_printable_line(told):
    """Control characters of a value do not reach the terminal, and brackets are no markup."""
    code, lines = told(NotFound("no shipment '[red]\x1b[31m\u202e\udcff\nx' is known."))

    assert code == 1
    assert lines == ["error: no shipment '[red]\\x1b[31m\\u202e\\udcff x' is known."]


def test_a_long_value_keeps_its_rule(told):
    """The middle is cut, because the rule and the next step stand at the end."""
    code, lines = told(NotFound(f"no shipment {'x' * 100_000} is known."))

    assert code == 1
    assert len(lines) == 1
    assert len(lines[0]) < 2_000
    assert lines[0].endswith("is known.")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/somewhere"), "/somewhere: Permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (OSError("odd"), "odd"),
        (MemoryError(), "memory"),
    ],
)
def test_an_error_of_the_system_is_one_line_too(told, error, words):
    """A full disk or a folder without permission shows no traceback."""
    code, lines = told(error)

    assert code == 1
    assert len(lines) == 1
    assert words in lines[0]
