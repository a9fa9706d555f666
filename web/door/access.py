"""Who may use the desk, and how much of it: what the settings say, in one value."""

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Protocol

Network = IPv4Network | IPv6Network


class Tokens(Protocol):
    """The part of web.door.tokens.Tokens that the door asks."""

    def name_of(self, token: str, /) -> str | None: ...


class NoTokens:
    """Nobody has a token."""

    def name_of(self, token: str, /) -> None:
        """Return None."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the desk, and how much of it."""

    public: bool = False  # whoever reaches the desk may ask
    origins: tuple[str, ...] = ()  # pages that may use the widget: "https://intranet.example.org"
    proxies: tuple[Network, ...] = ()  # their word on user, address and scheme counts
    tokens: Tokens = field(default_factory=NoTokens)
    admin_token: str = ""  # who sends it may change the documents; "": nobody
    questions: int = 60  # a minute and caller
    root_path: str = ""  # below which a proxy serves the desk: "/ask"
    log_questions: bool = False

    def trusts(self, address: str) -> bool:
        """Return whether an address is that of a trusted proxy."""
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self.proxies)
