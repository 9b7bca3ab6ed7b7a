"""Who a handle on Bluesky belongs to: one public question, asked without credentials, before anything is approved."""

import re

import httpx2

from publishing.http import client

PUBLIC = "https://public.api.bsky.app"
"""Bluesky's own public service: it answers without an account."""

TIMEOUT_S = 3.0
_DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]{1,2000}")
_METHOD = "/xrpc/com.atproto.identity.resolveHandle"


def did_of(handle: str, service: str = PUBLIC) -> str | None:
    """Return the DID behind a handle, or None: there is no such account, or nobody could say within 3 s."""
    try:
        with client(service, timeout_s=TIMEOUT_S) as http:
            answer = http.get(_METHOD, params={"handle": handle})
            found = answer.json().get("did") if answer.is_success else None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, AttributeError):
        return None
    return found if isinstance(found, str) and _DID.fullmatch(found) else None
