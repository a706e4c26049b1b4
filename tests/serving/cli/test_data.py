"""`doorcast data import|check|columns` answers with a summary, clear errors and honest exit codes."""

import json

import pytest
from typer.testing import CliRunner

from data.domain.errors import InvalidTable
from serving.cli.data import ROWS_REFUSED, app

ORDERS = "order_id,ordered_at\nO1,2026-06-01T12:00Z\n"
SHIPMENTS = "shipment_id,order_id,carrier,service,created_at\nS1,O1,swift,ground,2026-06-01T12:00Z\n"
SCANS = "scan_id,shipment_id,status,occurred_at,received_at,source,zone_basis,voids\nK1,S1,in_transit,2026-06-01T12:00Z,2026-06-01T12:00Z,me,explicit,false\n"
BROKEN = "K2,S1,\x1b]0;gotcha\x07[bold]flying[/bold],2026-06-01T12:00Z,2026-06-01T12:00Z,me,explicit,false\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(tmp_path / "state"))
    at = tmp_path / "facts"
    at.mkdir()
    (at / "orders.csv").write_text(ORDERS)
    (at / "shipments.csv").write_text(SHIPMENTS)
    (at / "scans.csv").write_text(SCANS)
    return at


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def as_json(*arguments):
    done = run(*arguments, "--json")
    return done.exit_code, json.loads(done.stdout)


def test_an_import_says_what_is_new(folder):
    """The first import stores all rows, the second none; both end with 0."""
    first, again = as_json("import", folder), as_json("import", folder)

    assert [code for code, _ in (first, again)] == [0, 0]
    assert first[1]["tables"]["scans"]["store"] == {"new": 1, "unchanged": 0, "conflicting": 0, "refused": 0}
    assert again[1]["tables"]["scans"]["store"] == {"new": 0, "unchanged": 1, "conflicting": 0, "refused": 0}


def test_refused_rows_give_their_own_exit_code(folder):
    """A broken row is listed with line and next step, its neighbours are stored, and the exit code says so."""
    (folder / "scans.csv").write_text(SCANS + BROKEN)
    code, summary = as_json("import", folder)

    assert (code, summary["exit_code"], summary["rows_refused"]) == (ROWS_REFUSED,) * 2 + (1,)
    assert [(error["file"], error["line"], error["rule"]) for error in summary["errors"]] == [
        ("scans.csv", 3, "characters"),
        ("scans.csv", 3, "choice"),
    ]
    assert summary["tables"]["scans"]["store"]["new"] == 1


def test_a_known_id_with_other_content_is_told(folder):
    """A row that contradicts the store goes to quarantine, and the exit code says that not everything is in."""
    run("import", folder)
    (folder / "scans.csv").write_text(SCANS.replace("in_transit", "delivered"))
    code, summary = as_json("import", folder)

    assert code == ROWS_REFUSED
    assert summary["tables"]["scans"]["store"]["conflicting"] == 1


def test_a_dry_run_stores_nothing(folder):
    """After a dry run everything is still new."""
    code, summary = as_json("import", folder, "--dry-run")
    _, after = as_json("import", folder)

    assert (code, summary["stored"]) == (0, False)
    assert after["tables"]["orders"]["store"]["new"] == 1


def test_people_see_a_table_without_control_characters(folder):
    """The printed summary shows values as plain text: no terminal escape and no markup of a file is obeyed."""
    (folder / "scans.csv").write_text(SCANS + BROKEN)
    done = run("check", folder)

    assert done.exit_code == ROWS_REFUSED
    assert "\x1b]0;" not in done.output
    assert "\\x1b" in done.output
    assert "Row errors: 2 of 2" in done.output


def test_every_error_can_be_written_to_a_file(folder, tmp_path):
    """The error file holds every error, however few are shown."""
    (folder / "scans.csv").write_text(SCANS + "K2,S1\n" * 50)
    run("check", folder, "--errors", 1, "--errors-to", tmp_path / "errors.csv")

    assert len((tmp_path / "errors.csv").read_text().splitlines()) == 51


def test_a_check_asks_no_store(folder):
    """A check makes no state folder, and a parent must be in the folder itself."""
    (folder / "shipments.csv").unlink()
    code, summary = as_json("check", folder)

    assert (code, summary["rules"]) == (ROWS_REFUSED, {"reference": 1})
    assert not (folder.parent / "state").exists()


@pytest.mark.parametrize("command", ["import", "check"])
def test_a_folder_that_cannot_be_read_is_an_error(tmp_path, monkeypatch, command):
    """A folder without files raises the error that the command line turns into one line and exit code 1."""
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(tmp_path / "state"))
    (tmp_path / "empty").mkdir()
    done = run(command, tmp_path / "empty")

    assert isinstance(done.exception, InvalidTable)


def test_columns_are_listed():
    """The columns come as a table for people, as Markdown and as JSON."""

    assert "scan_id" in run("columns").output
    assert run("columns", "--markdown").output.startswith("| table |")
    assert as_json("columns")[1][0]["column"] == "facility_id"


@pytest.mark.real_data
def test_a_real_set_is_imported_through_its_adapter(real_data, folder):
    """A real set comes in with its dirt counted."""
    code, summary = as_json("import", real_data / "delhivery", "--dataset", "delhivery")

    assert code == 0
    assert summary["tables"]["shipments"]["store"]["new"] == 4115
    assert {defect["code"] for defect in summary["defects"]} >= {"facility_without_pin", "ambiguous_local_time"}
