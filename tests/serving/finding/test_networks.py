"""Who asks is what the socket says, unless a proxy of ours says more."""

from ipaddress import ip_network

import pytest

from serving.finding.networks import UNKNOWN_NETWORK, network_of

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8:ffff::/48"))


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("198.51.100.77", "198.51.100.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:198.51.100.77", "198.51.100.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", UNKNOWN_NETWORK),
        ("testclient", UNKNOWN_NETWORK),
        ("999.1.1.1", UNKNOWN_NETWORK),
    ],
)
def test_the_socket_decides(peer, network):
    """A /24 of IPv4 or a /48 of IPv6; a header that anybody can write changes nothing."""
    assert network_of(peer, "203.0.113.5", ()) == network
    assert network_of(peer, "", PROXIES) == network


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        ("203.0.113.5", "203.0.113.0/24"),
        ("192.0.2.1, 203.0.113.5", "203.0.113.0/24"),
        ("192.0.2.1, 203.0.113.5, 10.9.9.9", "203.0.113.0/24"),
        ("2001:db8:7::1", "2001:db8:7::/48"),
        ("192.0.2.1, nonsense", "10.0.0.0/24"),
        ("", "10.0.0.0/24"),
        (",,,", "10.0.0.0/24"),
        ("203.0.113.5," * 10_000, "10.0.0.0/24"),
    ],
)
def test_behind_our_proxy_the_last_stranger_counts(forwarded, network):
    """The list is read from its end; what the caller wrote in front of it is not believed."""
    assert network_of("10.0.0.1", forwarded, PROXIES) == network


def test_a_proxy_that_is_not_ours_is_not_believed():
    """The header of a stranger names nobody."""
    assert network_of("203.0.113.9", "192.0.2.1", PROXIES) == "203.0.113.0/24"
