"""Put on PYTHONPATH, this refuses every connection and look-up that would leave the host, and writes it down."""

import os
import socket
from typing import Any

LOCAL = ("127.", "::1", "localhost", "0.0.0.0")


def _refuse(target: object) -> None:
    with open(os.environ["REFUSED_LOG"], "a", encoding="utf-8") as log:
        log.write(f"{target}\n")
    raise OSError(f"a test refuses this connection: {target}")


def _guard(name: str) -> None:
    original = getattr(socket.socket, name)

    def guarded(self: socket.socket, address: Any, *rest: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOCAL):
            _refuse(address)
        return original(self, address, *rest)

    setattr(socket.socket, name, guarded)


_guard("connect")
_guard("connect_ex")
_look_up = socket.getaddrinfo


def _guarded_look_up(host: Any, *rest: Any, **options: Any) -> Any:
    if host is not None and not str(host).startswith(LOCAL):
        _refuse(host)
    return _look_up(host, *rest, **options)


socket.getaddrinfo = _guarded_look_up
