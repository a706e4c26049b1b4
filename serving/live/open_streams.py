"""Count the open streams, and refuse one too many: for one link, for one network, and in all."""

import ipaddress
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from serving.errors import Refusal
from serving.settings import Settings

__all__ = ["OpenStreams", "network_of"]

RETRY_SECONDS = 60
IPV6_SITE_BITS = 64
"""One household or office usually holds a whole /64 (RFC 6177), so single addresses of it are not told apart."""


def network_of(host: str | None) -> str:
    """Give the network that an address belongs to: itself for IPv4, its /64 for IPv6, one name for all that is no address."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((int(address), IPV6_SITE_BITS), strict=False).network_address)
    return str(address)


class OpenStreams:
    """Hold the counts; belongs to one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._of_link: Counter[str] = Counter()
        self._of_network: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """Give how many streams are open."""
        return self._of_network.total()

    @contextmanager
    def one_more(self, *, link: str, host: str | None) -> Iterator[None]:
        """Hold a place until the block ends; raises a `Refusal` (429) where there is none. ``link`` is a token, or the id of a shipment."""
        network = network_of(host)
        for count, most, of in (
            (self._of_link[link], self._settings.live_streams_per_link, "this link"),
            (self._of_network[network], self._settings.live_streams_per_network, "this network"),
            (self.count, self._settings.live_streams, "this server"),
        ):
            if count >= most:
                raise Refusal(
                    429,
                    f"{of} has {count} open streams and may have {most}; close one, or ask for the page itself from time to time",
                    headers={"Retry-After": str(RETRY_SECONDS)},
                )
        self._of_link[link] += 1
        self._of_network[network] += 1
        try:
            yield
        finally:
            for counter, key in ((self._of_link, link), (self._of_network, network)):
                counter[key] -= 1
                if not counter[key]:
                    del counter[key]
