"""Addresses that credentials and approved posts may be sent to."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from core.errors import NotConnected


def sealed(url: str, example: str) -> str:
    """Return an address that is https, or http on this machine. Raises NotConnected for any other."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise NotConnected("The connection has no usable address.", f"Write it as {example}")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise NotConnected(
            f"{origin(url)} has no encryption: everybody on the way could read what is sent, so nothing is.",
            "Connect it with its https address.",
        )
    return url.strip()


def origin(url: str) -> str:
    """Return an address without its path and parameters, which may be secret."""
    parts = urlsplit(url.strip())
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}"


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
