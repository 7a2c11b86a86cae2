"""No test speaks to another machine: every socket of Python's own is held to the loopback."""

import ipaddress
import socket
from typing import Any

LOCAL_NAMES = frozenset({"", "localhost", "ip6-localhost", socket.gethostname()})


class NetworkForbiddenError(RuntimeError):
    """A test tried to leave the machine."""


def is_local(host: str | bytes | None) -> bool:
    """Whether `host` (a name or an address) is this machine's loopback."""
    name = host.decode() if isinstance(host, bytes) else (host or "")
    if name in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse(host: object) -> None:
    raise NetworkForbiddenError(f"tests stay on the loopback, and this one asked for {host!r}")


def _check(connection: socket.socket, address: Any) -> None:
    if connection.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
        _refuse(address[0])


def hold_to_loopback(monkeypatch: Any) -> None:
    """Make connect, sendto and name look-ups refuse all but the loopback. Unix sockets pass."""
    connect, connect_ex, sendto = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.socket.sendto,
    )
    getaddrinfo = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _check(self, address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        _check(self, rest[-1])
        return sendto(self, data, *rest)

    def guarded_getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
        if not is_local(host):
            _refuse(host)
        return getaddrinfo(host, *arguments, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket.socket, "sendto", guarded_sendto)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
