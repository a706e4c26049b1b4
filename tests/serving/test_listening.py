import socket

import pytest

from data.domain.errors import Unavailable
from serving.listening import listen


def test_a_taken_port_is_told_at_once():
    """The message names the port and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"127\.0\.0\.1 port {port} .*choose another"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["256.1.1.1", "192.0.2.1"])
def test_a_foreign_host_is_refused(host):
    """An address that is none of this machine, or no address at all."""
    with pytest.raises(Unavailable, match="cannot listen on"):
        listen(host, 0)


def test_port_0_takes_a_free_one():
    """The port is taken, and nobody is let wait before the server answers."""
    sockets = listen("127.0.0.1", 0)
    try:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(sockets[0].getsockname(), timeout=1)
    finally:
        for one in sockets:
            one.close()
