"""One reader cannot take all places."""

import pytest

from serving.errors import Refusal
from serving.live.open_streams import OpenStreams, network_of


@pytest.fixture
def streams(settings):
    limits = {"live_streams_per_link": 2, "live_streams_per_network": 3, "live_streams": 4}
    return OpenStreams(settings.model_copy(update=limits))


def take(streams, *, link="T1", host="192.0.2.1"):
    held = streams.one_more(link=link, host=host)
    held.__enter__()
    return held


@pytest.mark.parametrize(
    ("others", "one_more", "said"),
    [
        ([("T1", "192.0.2.1"), ("T1", "192.0.2.2")], ("T1", "192.0.2.3"), "this link has 2"),
        ([(f"T{number}", "192.0.2.1") for number in range(3)], ("T9", "192.0.2.1"), "this network has 3"),
        ([(f"T{number}", f"192.0.2.{number}") for number in range(4)], ("T9", "192.0.2.9"), "this server has 4"),
    ],
    ids=["link", "network", "server"],
)
def test_one_too_many_is_refused(streams, others, one_more, said):
    """429 says whose places are taken, how many there are, and what else to do; a place that is given back can be taken."""
    held = [take(streams, link=link, host=host) for link, host in others]

    with pytest.raises(Refusal, match=said) as refused:
        take(streams, link=one_more[0], host=one_more[1])
    assert (refused.value.status_code, refused.value.headers) == (429, {"Retry-After": "60"})
    assert streams.count == len(held)

    held[0].__exit__(None, None, None)
    take(streams, link=one_more[0], host=one_more[1])


def test_nothing_is_remembered_of_streams_that_ended(streams):
    """Counts of links and networks do not pile up."""
    for number in range(50):
        take(streams, link=f"T{number}", host=f"192.0.2.{number}").__exit__(None, None, None)

    assert streams.count == 0
    assert not streams._of_link
    assert not streams._of_network


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
        (None, "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_the_network_of_an_address(host, network):
    """IPv6 is counted by its /64."""
    assert network_of(host) == network
