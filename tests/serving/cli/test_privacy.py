"""``doorcast privacy audit`` passes what may be sent, and fails with the coordinate that may not."""

import pytest
from typer.testing import CliRunner

from data.domain.errors import InvalidFact
from maps.page import standalone
from serving.cli.main import build
from tests.makers import BROOKLYN
from tests.maps.journeys import stages


def run(*arguments):
    return CliRunner().invoke(build(), ["privacy", "audit", *map(str, arguments)])


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "journey.html"
    file.write_text(standalone(stages()["moving"]), encoding="utf-8")
    return file


def test_a_page_of_ours_passes(page):
    """The count of coordinates and the area are told."""
    result = run(page, "--door", f"{BROOKLYN.lat},{BROOKLYN.lon}")

    assert result.exit_code == 0, result.output
    assert "0 too close" in result.output


def test_a_leaking_page_fails_with_the_coordinate(page):
    """The command names place and distance and ends with an error."""
    page.write_text(page.read_text().replace("</main>", f"<p>{BROOKLYN.lat}, {BROOKLYN.lon}</p></main>"), encoding="utf-8")

    result = run(page)

    assert isinstance(result.exception, InvalidFact)
    assert "40.6782, -73.9442 in text" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--door", "nowhere"), "is no LAT,LON"),
        (("--door", "91,0"), "lies on no globe"),
        (("--door", "10.0,10.0"), "is not the one of this door"),
    ],
)
def test_mistakes_are_named(page, arguments, message):
    """A wrong door is told with its value and the way out."""
    with pytest.raises(InvalidFact, match=message):
        raise run(page, *arguments).exception


def test_pixels_and_absent_files_are_named(tmp_path):
    """What cannot be read is no pass."""
    picture = tmp_path / "map.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")

    for file, message in ((picture, "holds no text"), (tmp_path / "absent.html", "cannot be read")):
        with pytest.raises(InvalidFact, match=message):
            raise run(file).exception


@pytest.mark.parametrize(
    "text",
    [
        '<script type="application/json" id="journey-data">{"door":{"lat":1',
        '{"door":{"lat":"x","lon":null,"radius_km":-1},"stops":[{"kind":"hub"}]}',
        "{",
    ],
    ids=["cut in a block", "other shape", "no JSON"],
)
def test_a_file_that_cannot_be_read_through_is_no_pass(tmp_path, text):
    """What was cut could hold anything, so it fails with the file's name."""
    file = tmp_path / "journey.html"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidFact, match=r"journey\.html cannot be read through"):
        raise run(file, "--door", "1,2").exception
