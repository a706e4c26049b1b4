"""A page speaks the language that its reader asked for, as well as it can."""

import pytest

from maps.choose_language import accepted, choose_language


@pytest.mark.parametrize(
    ("asked", "configured", "header", "code"),
    [
        (None, None, None, "en"),
        ("de", "fr", "es", "de"),
        ("pt-BR", None, None, "pt"),
        ("AR", None, None, "ar"),
        ("xx", "fr", "es", "fr"),
        (None, "fr", "es", "fr"),
        (None, None, "es-MX,es;q=0.9,en;q=0.8", "es"),
        (None, None, "ja,zh;q=0.9", "en"),
        (None, "tlh", "ar;q=0.2, de ; q = 0.7", "de"),
    ],
)
def test_the_reader_goes_before_the_shop_and_the_shop_before_the_browser(asked, configured, header, code):
    """Address, shop, browser, English, in this order; what nobody speaks is passed over."""
    assert choose_language(asked=asked, configured=configured, header=header).code == code


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("de;q=0, fr;q=0.1", "fr"),
        ("en;q=0.5, pt;q=0.5", "en"),
        ("*, es", "es"),
        (",,;q=1,de;q=abc,fr;q=1.2.3", None),
        ("de-" * 4000, "de"),
        ("\x00\ud800, {{7*7}}", None),
        ("xx," * 100 + "de", None),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_header_is_read_as_the_standard_says_and_never_an_error(header, code):
    """Weights count, zero means never, nonsense counts as nothing, and a long header is not read to its end."""
    found = accepted(header)

    assert (found.code if found else None) == code


@pytest.mark.parametrize("asked", ["../../etc/passwd", "de\x00", "\ud800", "x" * 10_000, "{{7*7}}", "de'--"])
def test_a_hostile_wish_is_no_language(asked):
    """Whatever stands in the address, one of the six answers."""
    assert choose_language(asked=asked, configured=None, header=None).code == "en"
