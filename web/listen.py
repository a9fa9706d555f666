"""The address to serve: checked and bound before anything slow begins."""

import errno
import ipaddress
import socket

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
REMEDIES = {
    errno.EADDRINUSE: "port {port} of {host} is in use; stop the program that uses it, or choose another with --port",
    errno.EACCES: "port {port} is reserved for the system; choose one above 1023 with --port",
    errno.EADDRNOTAVAIL: "{host} is no address of this machine; use --host 127.0.0.1, or 0.0.0.0 for every address",
}


def port_number(text: str) -> int:
    """Return the port; ValueError if the text is none. 0 lets the system choose."""
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise ValueError(f"{text!r} is no port; use a number from 1 to 65535, such as --port 7860")
    return int(text)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; ValueError says why the address cannot be served, and what to use instead."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise ValueError(f"host {host!r} cannot be resolved; use --host 127.0.0.1") from None
    sock = socket.socket(family, kind, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(address)
        sock.listen(2048)
    except OSError as error:
        sock.close()
        remedy = REMEDIES.get(error.errno or 0, f"{{host}}:{{port}} cannot be served: {error.strerror}")
        raise ValueError(remedy.format(host=host, port=port)) from None
    return sock


def url_of(sock: socket.socket) -> str:
    """Return the address that a browser on this machine opens."""
    return urls_of(sock)[0]


def urls_of(sock: socket.socket) -> list[str]:
    """Return the addresses that open the desk: this machine's own first, then those that other machines reach."""
    ip, port = _bound(sock)
    if not ip.is_unspecified:
        return [_url(ip, port)]
    loopback = ipaddress.ip_address("127.0.0.1" if ip.version == 4 else "::1")
    return [_url(known, port) for known in dict.fromkeys((loopback, *_outward(sock.family)))]


def place_of(sock: socket.socket) -> str:
    """Return what the socket listens on, such as "0.0.0.0:7860, which is every address of this machine"."""
    ip, port = _bound(sock)
    every = ", which is every address of this machine" if ip.is_unspecified else ""
    return f"{_url(ip, port).removeprefix('http://')}{every}"


def _url(ip: IP, port: int) -> str:
    return f"http://{f'[{ip}]' if ip.version == 6 else ip}:{port}"


def _outward(family: int) -> list[IP]:
    """Return the address from which this machine would talk to others, if it has a way to them; nothing is sent."""
    elsewhere = "192.0.2.1" if family == socket.AF_INET else "2001:db8::1"  # reserved for documentation
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((elsewhere, 9))
        except OSError:
            return []
        return [ipaddress.ip_address(probe.getsockname()[0])]


def is_public(sock: socket.socket) -> bool:
    """Return whether other machines may reach the socket."""
    return not _bound(sock)[0].is_loopback


def is_every(sock: socket.socket) -> bool:
    """Return whether the socket listens on every address of this machine."""
    return _bound(sock)[0].is_unspecified


def _bound(sock: socket.socket) -> tuple[IP, int]:
    host, port = sock.getsockname()[:2]
    return ipaddress.ip_address(host), port
