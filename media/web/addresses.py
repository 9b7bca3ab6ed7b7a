"""Which addresses may be fetched from: public ones only, whatever a name, a redirect or a spelling makes of them.

Source: RFC 6890 and its registries (as `ipaddress.is_global` has them), RFC 6052 and 3056 for IPv4 inside IPv6.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from core.errors import BadInput

PORTS = {"http": 80, "https": 443}
LONGEST = 2000  # characters of an address

Address = IPv4Address | IPv6Address

_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = IPv6Network("::/96")


class Target(NamedTuple):
    """One address, taken apart: who is asked for what."""

    scheme: str
    host: str  # in ASCII, lower case
    port: int
    path: str  # with its query

    @property
    def url(self) -> str:
        """The address, without a fragment."""
        return f"{self.origin}{self.path}"

    @property
    def origin(self) -> str:
        """Scheme, host and (where it is not the usual one) port."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target(url: str, *, any_port: bool = False) -> Target:
    """Return an address taken apart. Raises BadInput for all but plain http and https on their usual ports."""
    given = url.strip()
    if len(given) > LONGEST or any(ord(char) < 33 or ord(char) == 127 for char in given):
        raise BadInput("The address is too long or holds blank space.", _HINT)
    try:
        parts = urlsplit(given)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        host = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError):
        raise BadInput(f"{given[:80]} can't be read as an address.", _HINT) from None
    if parts.scheme not in PORTS or not host or "%" in host:
        raise BadInput(f"{given[:80]} is no http or https address.", _HINT)
    if parts.username is not None or parts.password is not None:
        raise BadInput("The address holds a name or a password; it was not fetched.", _HINT)
    usual = PORTS[parts.scheme]
    if port not in (None, usual) and not any_port:
        raise BadInput(f"Port {port} is not fetched from, only {usual} for {parts.scheme}.", _HINT)
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return Target(parts.scheme, host, port or usual, _ascii(path))


def resolved(host: str, port: int, *, allow_loopback: bool = False) -> tuple[Address, ...]:
    """Return where a host is, in the order to try. Raises BadInput unless every one of its addresses is public.

    A connection must be made to one of these, never to the name again: it may answer differently the next time.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise BadInput(f"{host} was not found.", "Check the address and the connection.") from None
    addresses = tuple(dict.fromkeys(ip_address(str(each[4][0]).partition("%")[0]) for each in found))
    for address in addresses:
        if not (is_public(address) or (allow_loopback and address.is_loopback)):
            raise BadInput(
                f"{host} is not a public address; it was not fetched.",
                "Save the page to a file, and give it with --from FILE.",
            )
    if not addresses:
        raise BadInput(f"{host} was not found.", "Check the address and the connection.")
    return addresses


def is_public(address: Address) -> bool:
    """Say whether an address is one of the open internet: no private, local, shared, reserved or multicast one.

    An IPv6 address that carries an IPv4 one (mapped, translated, 6to4, Teredo) is as public as that one.
    """
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return is_public(address.ipv4_mapped)
    if address.is_multicast or address.is_unspecified or not address.is_global or address.is_reserved:
        return _translated(address)
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False  # given up by RFC 3879, and still routed inside some networks: the registry calls it global
    return all(is_public(each) for each in _carried(address))


def _translated(address: Address) -> bool:
    """Say whether it is a NAT64 address of a public IPv4 one: the registries call some of those reserved."""
    if isinstance(address, IPv4Address) or address not in _NAT64[0]:
        return False
    return is_public(IPv4Address(int(address) & 0xFFFFFFFF))


def _carried(address: Address) -> tuple[IPv4Address, ...]:
    if isinstance(address, IPv4Address):
        return ()
    if any(address in network for network in (*_NAT64, _COMPATIBLE)):
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return tuple(each for each in (address.sixtofour, *(address.teredo or ())) if each)


def _ascii(path: str) -> str:
    """Return a path with what is not ASCII escaped, and what is escaped already left alone."""
    from urllib.parse import quote

    return quote(path, safe="%/:?#[]@!$&'()*+,;=~-._")


_HINT = "Give a whole address such as https://example.org/a-post, or save the page and give the file."
