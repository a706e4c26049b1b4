"""Our own assets are served by name and content, and nothing else is."""

import gzip

import pytest

from serving.pages.assets import address_of, assets


def test_an_asset_is_named_by_its_content(world):
    """The address changes with the content, so a browser may keep the file."""
    answer = world.client.get(address_of("maps/journey.css"))

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert "max-age" in answer.headers["cache-control"]
    assert world.client.get("/static/maps/journey.css", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "../settings.py",
        "%2e%2e/%2e%2e/app.py",
        "maps/../palette.py",
        "maps/vendor/README.md",
        "maps/%00",
        "maps/",
        "/etc/passwd",
    ],
)
def test_no_path_leads_out(world, name):
    """Only known names are answered."""
    assert world.client.get(f"/static/{name}").status_code == 404


def test_compressed_assets_are_the_same():
    """What is sent compressed unpacks to the file."""
    assert all(gzip.decompress(asset.compressed) == asset.plain for asset in assets().values())


def test_our_scripts_write_text_only_as_text():
    """No script of ours parses text as HTML or runs it: the one DOMParser reads our own page, which no script of it can run."""
    for name, asset in assets().items():
        if name.endswith(".js") and "vendor" not in name:
            source = asset.plain.decode()
            assert not [
                word
                for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "divIcon")
                if word in source
            ]
