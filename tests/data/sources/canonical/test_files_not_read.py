"""A file that somebody meant as a table is never passed over in silence."""

import pytest

from data.sources.canonical.read import read_folder


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "orders.csv").write_text("order_id,ordered_at\nO1,2026-06-01T12:00:00+02:00\n")
    return tmp_path


@pytest.mark.parametrize("name", ["promises.xlsx", "scans.csv.gz", "shipments"])
def test_a_table_in_another_format_is_named(folder, name):
    """The note names the file and the next step."""
    (folder / name).write_bytes(b"PK junk")
    (note,) = read_folder(folder).notes

    assert note.code == "file_not_read"
    assert note.meaning.startswith(f"{name} was not read: save it as {name.split('.')[0]}.csv")


@pytest.mark.parametrize("name", ["README.txt", "scans-old.txt"])
def test_other_files_are_nobodys_business(folder, name):
    """What is not named after a table is left alone."""
    (folder / name).write_text("words")

    assert read_folder(folder).notes == ()
