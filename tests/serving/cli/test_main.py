"""Whatever goes wrong, the command line says it in one line and leaves with a code."""

import errno
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from data.domain.errors import NotFound
from serving.cli import main


@pytest.fixture
def told(monkeypatch, capsys):
    """Run the command line with a command that raises; give its exit code and its lines on standard error."""

    def run(error):
        def command():
            raise error

        monkeypatch.setattr(main, "build", lambda only: command)
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


def help_of(app, *words):
    """Read what the command line says of itself."""
    told = CliRunner().invoke(app, [*words, "--help"])
    assert told.exit_code == 0, told.output
    return told.output


@pytest.mark.parametrize("name", [*main.GROUPS, *main.COMMANDS])
def test_a_command_alone_is_the_same_as_among_all(name):
    """Only its own code is read, and it is asked for by the same words."""
    assert help_of(main.build(name), name) == help_of(main.build(), name)


@pytest.mark.parametrize("word", [None, "--help", "nonsense", "simulate"])
def test_what_is_no_command_is_answered_by_all(word):
    """The list of commands is whole, and a wrong word is told what there is."""
    told = help_of(main.build(word))

    assert all(name in told for name in (*main.GROUPS, *main.COMMANDS))


def test_a_light_command_reads_no_code_of_others():
    """Checking files loads neither the database nor the server."""
    code = "import sys; from serving.cli.main import build; build('data'); print(*sorted({'sqlalchemy', 'fastapi', 'lightgbm'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""
