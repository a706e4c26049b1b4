"""Files of a data set are read strictly where they must be, calmly where they may be missing."""

import polars as pl
import pytest

from data.domain.errors import InvalidTable
from data.sources.datasets.files import Files

TEXT, NUMBER = pl.String(), pl.Float64()


@pytest.fixture
def files(tmp_path):
    folder, static = tmp_path / "later", tmp_path / "first"
    folder.mkdir()
    static.mkdir()
    pl.DataFrame({"id": ["a"], "n": [1]}).write_parquet(folder / "rows.parquet")
    pl.DataFrame({"id": ["a", "b"], "n": [7, 8]}).write_parquet(static / "rows.parquet")
    pl.DataFrame({"id": ["x"]}).write_parquet(static / "places.parquet")
    return Files(folder, static)


def test_missing_rows_are_refused(files):
    """The table of rows must stand in the folder itself."""
    with pytest.raises(InvalidTable, match=r"places\.parquet is missing"):
        files.rows("places.parquet", {"id": TEXT})


def test_missing_columns_are_refused(files):
    """A required column that is missing is named."""
    with pytest.raises(InvalidTable, match="weight"):
        files.rows("rows.parquet", {"id": TEXT, "weight": NUMBER})


def test_optional_columns_are_null(files):
    """An optional column that is missing is all null, in its type."""
    frame = files.rows("rows.parquet", {"id": TEXT}, {"weight": NUMBER})

    assert frame.schema["weight"] == NUMBER
    assert frame["weight"].to_list() == [None]


def test_the_folder_goes_before_static(files):
    """A static table unites both folders, and the folder of the rows wins."""

    assert files.known("rows.parquet", ["id"], {"id": TEXT, "n": NUMBER}).rows() == [("a", 1.0), ("b", 8.0)]


def test_a_table_in_neither_folder_has_no_rows(files):
    """A static table that nobody has is empty, with its columns."""

    assert files.known("riders.parquet", ["id"], {"id": TEXT}).columns == ["id"]
    assert files.beside("items.parquet", {"id": TEXT}).is_empty()


@pytest.mark.parametrize("column", [pl.Series("n", [None, None]), pl.Series("n", [None, None], dtype=pl.String)], ids=["null", "text"])
def test_columns_of_nothing_take_their_type(tmp_path, column):
    """A column of nothing but nulls may have any type."""
    pl.DataFrame([column]).write_parquet(tmp_path / "rows.parquet")

    assert Files(tmp_path).rows("rows.parquet", {}, {"n": NUMBER})["n"].to_list() == [None, None]


def test_text_that_is_no_number_is_refused(tmp_path):
    """A column that cannot take its type names file and type."""
    pl.DataFrame({"n": ["many"]}).write_parquet(tmp_path / "rows.parquet")

    with pytest.raises(InvalidTable, match=r"rows\.parquet"):
        Files(tmp_path).rows("rows.parquet", {"n": NUMBER})


def test_a_damaged_file_is_refused(files):
    """A cut-off Parquet file is one clear error."""
    path = files.folder / "rows.parquet"
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(InvalidTable, match="cannot be read as Parquet"):
        files.rows("rows.parquet", {"id": TEXT})
