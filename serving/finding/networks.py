"""Say which network a request comes from, by the socket alone unless a proxy of ours says otherwise."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

__all__ = ["UNKNOWN_NETWORK", "network_of", "network_of_request"]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

UNKNOWN_NETWORK = "unknown"
"""Requests over something that is no internet socket share one network."""

PREFIXES = {4: 24, 6: 48}
"""Leading bits that count as one network: a customer easily has a whole /64 of IPv6, and a company a /48."""

MOST_HOPS = 16


def network_of_request(request: Request, trusted: Sequence[Network]) -> str:
    """Do as `network_of` for a request."""
    peer = request.client.host if request.client else ""
    return network_of(peer, ",".join(request.headers.getlist("x-forwarded-for")), trusted)


def network_of(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Give the network (``192.0.2.0/24``, ``2001:db8:1::/48``) of whoever asked.

    ``forwarded`` is the list of X-Forwarded-For. It is read from its end, one hop for each trusted proxy; what stands further left was
    written by the caller and may be a lie.
    """
    address = read(peer)
    hops = forwarded.split(",")[-MOST_HOPS:] if trusted else []
    while address is not None and hops and any(address in network for network in trusted):
        before = read(hops.pop())
        if before is None:
            break
        address = before
    if address is None:
        return UNKNOWN_NETWORK
    return str(ip_network((address, PREFIXES[address.version]), strict=False))


def read(text: str) -> Address | None:
    """Read an address without its zone; an IPv4 address written as IPv6 is an IPv4 address."""
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
