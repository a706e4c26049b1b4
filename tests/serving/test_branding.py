"""The operator's file of brands is read once, and every mistake in it is named."""

import json

import pytest

from data.domain.errors import InvalidFact
from serving.branding import LARGEST_LOGO_BYTES, read_brands
from serving.settings import Settings

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
GOOD = """
[default]
name = "Everywhere"

[shops."Acme"]
name = "Acme Goods"
logo = "acme.png"
accent_light = "#7a1f5c"
accent_dark = "#ff9ad5"
language = "de"
pickup_days = 7

[shops."Acme".support]
link = "https://acme.example/help"
email = "help@acme.example"
phone = "+1 555 0100"

[shops."Acme".greeting]
de = "Danke!"
"""


def written(folder, text, name="brands.toml"):
    (folder / "acme.png").write_bytes(PNG)
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_shop_has_its_brand_and_others_the_default(tmp_path):
    """The merchant of the order chooses; an unknown one and none get the default."""
    brands = read_brands(written(tmp_path, GOOD))
    acme = brands.of("Acme")

    assert (acme.name, acme.language, acme.pickup_days, acme.support.link) == ("Acme Goods", "de", 7, "https://acme.example/help")
    assert acme.greetings == {"de": "Danke!"}
    assert [brands.of(name).name for name in (None, "Other", "acme")] == ["Everywhere"] * 3
    assert brands.logos[acme.logo.removeprefix("/brand/")].media_type == "image/png"


def test_a_file_from_disk_carries_its_logo_inside(tmp_path):
    """A page that needs no server holds the picture itself."""
    brands = read_brands(written(tmp_path, GOOD))

    assert brands.carried("Acme").logo.startswith("data:image/png;base64,")
    assert brands.carried("Other").logo is None


def test_json_is_read_as_well(tmp_path):
    """The same content in the other form."""
    file = written(tmp_path, json.dumps({"shops": {"Acme": {"name": "Acme Goods"}}}), "brands.json")

    assert read_brands(file).of("Acme").name == "Acme Goods"


def test_without_a_file_every_page_is_plain():
    """No setting, no brand."""
    assert read_brands(None).of("Acme").name is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        ("[shops.Acme]\ncolour = '#fff'", "shops.Acme.colour"),
        ("[shops.Acme]\naccent_light = 'red'", "shops.Acme.accent_light"),
        ("[shops.Acme]\naccent_light = '#ffcc00'", "the nearest that can be read is #"),
        ("[shops.Acme]\naccent_dark = '#101010'", "too little contrast"),
        ("[shops.Acme]\nlanguage = 'xx'", "shops.Acme.language"),
        ("[shops.Acme]\npickup_days = 0", "shops.Acme.pickup_days"),
        ("[shops.Acme.support]\nlink = 'javascript:alert(1)'", "shops.Acme.support.link"),
        ("[shops.Acme.support]\nlink = 'http://acme.example'", "shops.Acme.support.link"),
        ("[shops.Acme.support]\nlink = 'https://acme.example/\"onclick='", "shops.Acme.support.link"),
        ("[shops.Acme.support]\nemail = 'help'", "shops.Acme.support.email"),
        ("[shops.Acme.support]\nphone = 'call us'", "shops.Acme.support.phone"),
        ("[shops.Acme.greeting]\nde = ''", "shops.Acme.greeting.de"),
        ("[shops.Acme]\nlogo = 'acme.svg'", "shops.Acme.logo"),
        ("[shops.Acme]\nlogo = 'none.png'", "none.png"),
        ("[shops.Acme]\nlogo = 'https://acme.example/logo.png'", "cannot be read"),
    ],
    ids=lambda value: str(value)[-24:],
)
def test_a_mistake_is_named_with_its_place(tmp_path, text, told):
    """The message holds the file, the place in it, and the rule."""
    with pytest.raises(InvalidFact) as refused:
        read_brands(written(tmp_path, text))

    assert "brands.toml" in str(refused.value) or "logo" in str(refused.value)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no PNG, JPEG or WebP"),
        (b"<html>", "no PNG, JPEG or WebP"),
        (b"", "no PNG, JPEG or WebP"),
        (PNG + b"\x00" * LARGEST_LOGO_BYTES, "at most"),
    ],
    ids=["svg", "html", "empty", "large"],
)
def test_a_logo_is_told_by_its_content(tmp_path, content, told):
    """A name ending in .png does not make a picture, and a large one would slow every page."""
    file = written(tmp_path, GOOD)
    (tmp_path / "acme.png").write_bytes(content)
    with pytest.raises(InvalidFact, match=told):
        read_brands(file)


def test_the_settings_name_file_and_folder(monkeypatch, tmp_path):
    """Both come from the environment; a folder that is not there is refused at once."""
    monkeypatch.setenv("DOORCAST_BRANDS_FILE", str(tmp_path / "brands.toml"))
    monkeypatch.setenv("DOORCAST_TEMPLATES_FOLDER", str(tmp_path))
    assert (Settings().brands_file, Settings().templates_folder) == (tmp_path / "brands.toml", tmp_path)

    monkeypatch.setenv("DOORCAST_TEMPLATES_FOLDER", str(tmp_path / "none"))
    with pytest.raises(InvalidFact, match="DOORCAST_TEMPLATES_FOLDER"):
        Settings()
