import socket
from urllib.parse import urlsplit

import pytest

from web.listen import is_every, is_public, listen, place_of, port_number, url_of, urls_of


@pytest.mark.parametrize("text", ["abc", "-1", "65536", "", "７８６０", "80.5"])
def test_wrong_port_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(ValueError, match="use a number from 1 to 65535"):
        port_number(text)


def test_port_in_use_is_refused_with_the_remedy() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(ValueError, match=f"port {port} of 127.0.0.1 is in use.*--port"):
            listen("127.0.0.1", port)


def test_unknown_host_is_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match=r"'no\.such\.host\.invalid' cannot be resolved; use --host 127\.0\.0\.1"):
        listen("no.such.host.invalid", 0)


def test_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ValueError, match=r"192\.0\.2\.1 is no address of this machine"):
        listen("192.0.2.1", 0)


def test_address_of_every_interface_is_told_as_such_with_addresses_that_open() -> None:
    with listen("0.0.0.0", 0) as sock:
        port = sock.getsockname()[1]
        assert is_public(sock)
        assert is_every(sock)
        assert place_of(sock) == f"0.0.0.0:{port}, which is every address of this machine"
        assert url_of(sock) == f"http://127.0.0.1:{port}"
        for url in urls_of(sock):
            address = urlsplit(url)
            socket.create_connection((address.hostname or "", address.port or 0), timeout=5).close()
            assert address.hostname != "0.0.0.0"


def test_one_address_is_told_alone() -> None:
    with listen("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        assert not is_every(sock)
        assert (urls_of(sock), place_of(sock)) == ([f"http://127.0.0.1:{port}"], f"127.0.0.1:{port}")


@pytest.mark.skipif(not socket.has_ipv6, reason="this Python has no IPv6")
def test_ipv6_address_is_bracketed() -> None:
    try:
        sock = listen("::1", 0)
    except ValueError:
        pytest.skip("this machine has no IPv6 loopback")
    with sock:
        assert url_of(sock) == f"http://[::1]:{sock.getsockname()[1]}"
        assert not is_public(sock)
