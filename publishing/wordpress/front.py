"""Where a WordPress site's interface is, and what it says of itself to everybody."""

from collections.abc import Callable
from typing import Any

import httpx2

from core.errors import NotConnected, Unknown
from publishing.addresses import origin
from publishing.http import client

REDIRECTS = (301, 302, 303, 307, 308)


def describe(site: str, who: str) -> dict[str, Any]:
    """Return what the interface says of the site, with its own address as `api`. No credentials are sent.

    Raises NotConnected where there is none, or where the site's address is another one.
    """
    usual = f"{site}/wp-json/"
    if found := _root_at(usual, site, who):
        return {**found, "api": usual}
    linked = _linked(site, who)
    if linked and (found := _root_at(linked, site, who)):
        return {**found, "api": linked}
    raise NotConnected(
        f"There is no WordPress interface at {site}.",
        "Give the address of the site itself; a security plugin may have switched its REST interface off.",
    )


def same_origin(site: str, address: str) -> str:
    """Return an address if it is of the site's own origin, else nothing: a password goes nowhere else."""
    return address if address and origin(address) == origin(site) else ""


def answered(call: Callable[[], httpx2.Response], who: str) -> httpx2.Response:
    """Return an answer of any status. Raises Unknown without one."""
    try:
        return call()
    except httpx2.HTTPError as error:
        raise Unknown(f"{who} gave no clear answer ({type(error).__name__}).") from error


def _linked(site: str, who: str) -> str:
    """Return the address that the site's front page names for its interface; empty without one."""
    answer = _visited(f"{site}/", site, who)
    return same_origin(site, answer.links.get("https://api.w.org/", {}).get("url", ""))


def _root_at(root: str, site: str, who: str) -> dict[str, Any] | None:
    answer = _visited(root, site, who)
    try:
        found = answer.json() if answer.is_success else None
    except ValueError:
        return None
    return found if isinstance(found, dict) and "wp/v2" in found.get("namespaces", ()) else None


def _visited(url: str, site: str, who: str) -> httpx2.Response:
    """Ask, and refuse a redirect by saying where it leads: whoever follows one carries the password along."""
    with client() as http:
        answer = answered(lambda: http.get(url), who)
    if answer.status_code in REDIRECTS:
        place = answer.headers.get("location", "elsewhere").partition("/wp-json")[0].rstrip("/")
        raise NotConnected(f"{site} sends visitors on to {place}.", f"If that is yours, connect it instead: {place}")
    return answer
