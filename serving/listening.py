"""Take the port before anything else happens, so that a taken one is told at once and in one line."""

import socket

from data.domain.errors import Unavailable

__all__ = ["listen"]


def listen(host: str, port: int) -> list[socket.socket]:
    """Give bound sockets for every address of ``host``; port 0 takes a free one, the same for all of them.

    They do not listen yet: the server does that when it can answer, so that an early caller is refused and does not hang.

    Raises `Unavailable` when the port is taken, needs more rights, or the host is none of this machine.
    """
    taken: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, address in dict.fromkeys((family, address[0]) for family, _, _, _, address in found):
            free = taken[0].getsockname()[1] if taken else port
            taken.append(bound(family, str(address), free))
    except OSError as error:
        for one in taken:
            one.close()
        raise Unavailable(
            f"cannot listen on {host} port {port} ({error.strerror or error}); end what uses it, or choose another with --port or --host."
        ) from error
    return taken


def bound(family: int, address: str, port: int) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind((address, port))
    except OSError:
        one.close()
        raise
    return one
