"""A page never makes a browser ask another host."""

import pytest

from data.domain.errors import NotAllowed
from maps.self_contained import self_contained


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/x.js"></script>',
        "<img src='http://x.example/a.png'>",
        "<link href=//x.example/a.css>",
        '<form action="https://x.example">',
        "<style>p{background:url(https://x.example/a)}</style>",
        "<style>@import '//x.example/a.css';</style>",
        '<img srcset = "HTTPS://x.example/a 2x">',
    ],
)
def test_foreign_references_are_refused(html):
    """An address of another host where a browser follows it stops the page."""
    with pytest.raises(NotAllowed, match="another host"):
        self_contained(html)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/ops">',
        "<p>see https://x.example</p>",
        "<p>src=&#34;https://x.example&#34;</p>",
        '<svg xmlns="http://www.w3.org/2000/svg">',
    ],
)
def test_our_own_pages_pass(html):
    """Own addresses, addresses in sentences and names of namespaces are no references."""
    assert self_contained(html) == html
