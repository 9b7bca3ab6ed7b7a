"""How this process lets people in: whether it asks for a login, under which names, and whom it believes."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.web_guard import LOOPBACK
from core.errors import NotAllowed, WrongUse
from memory.sessions import Lasting

if TYPE_CHECKING:
    from app.settings import Settings
    from app.studio import Studio

THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
_EVERYWHERE = ("0.0.0.0", "::", "")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Rules:
    """What the settings say about signing in."""

    lasting: Lasting
    https: bool
    origin: str  # under which address people reach it
    proxies: tuple[Network, ...] = ()
    proxy_header: str | None = None

    @classmethod
    def of(cls, settings: "Settings") -> "Rules":
        """Read them. Raises WrongUse for an address that is none, and for a header that nobody may be believed in."""
        proxies = tuple(_network(each) for each in settings.trusted_proxies.split(",") if each.strip())
        if settings.proxy_header and not proxies:
            raise WrongUse(
                f"Names in {settings.proxy_header} are believed only from a proxy, and none is named.",
                "Set GREENROOM_TRUSTED_PROXIES to its address, such as 127.0.0.1.",
            )
        public = settings.public_url or f"http://{settings.host}:{settings.port}"
        lasting = Lasting(timedelta(hours=settings.session_idle_hours), timedelta(days=settings.session_days))
        https = urlsplit(public).scheme == "https"
        return cls(lasting, https, public.rstrip("/"), proxies, settings.proxy_header)

    @property
    def https_only(self) -> str | None:
        """The name that people reach by https alone; None where they come without it."""
        return urlsplit(self.origin).hostname if self.https else None

    def trusts(self, address: str) -> bool:
        """Say whether an address is one of the proxies."""
        try:
            peer = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self.proxies)

    def client(self, peer: str, forwarded: list[str]) -> str:
        """Return where a request comes from: the last address before our own proxies, each of which adds one."""
        chain = [each.strip() for line in forwarded for each in line.split(",") if each.strip()]
        while self.trusts(peer) and chain:
            peer = chain.pop()
        return peer[:64]


def needs_login(settings: "Settings") -> bool:
    """Say whether people sign in: always where more than this machine can reach it."""
    return settings.login or settings.public_url is not None or settings.host not in THIS_MACHINE


def hosts_of(settings: "Settings") -> tuple[str, ...]:
    """Return the names that the web answers to. Raises WrongUse where it would have to answer to any."""
    public = urlsplit(settings.public_url or "")
    if settings.public_url and (public.scheme not in ("http", "https") or not public.hostname):
        raise WrongUse("GREENROOM_PUBLIC_URL is no address of a web page.", "Such as https://greenroom.example.org")
    if settings.host in _EVERYWHERE and not public.hostname:
        raise WrongUse(
            f"--host {settings.host} listens everywhere, and nothing says under which name people come.",
            "Set GREENROOM_PUBLIC_URL, such as https://greenroom.example.org",
        )
    named = [f"[{settings.host}]" if ":" in settings.host else settings.host, public.hostname or ""]
    own = [name.lower() for name in named if name and name not in _EVERYWHERE and name != "[::]"]
    return tuple(dict.fromkeys((*LOOPBACK, *own)))


def refuse_without_accounts(studio: "Studio", owner: str) -> None:
    """Raise NotAllowed where more than this machine could come in, and no owner could sign in."""
    space, memory = studio.workspace.id, studio.memory
    owners = {each.name for each in memory.members.list(space) if each.role == "owner" and each.secret_hash}
    if not owners:
        raise NotAllowed(
            f"More than this machine could reach {studio.settings.host}, and nobody could sign in: there are no "
            "accounts.",
            f"Make the first one: greenroom accounts add {owner!r}. Or use a tunnel from your own "
            "machine: ssh -L 8000:127.0.0.1:8000",
        )


def _network(word: str) -> Network:
    try:
        return ipaddress.ip_network(word.strip(), strict=False)
    except ValueError:
        raise WrongUse(
            f"GREENROOM_TRUSTED_PROXIES: {word.strip()!r} is no address.", "Such as 127.0.0.1, 10.0.0.0/24"
        ) from None
