"""One platform's API as it is spoken with a bearer token: a request made once, and what its answer means."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx2

from core.errors import Rejected, Unknown
from publishing.credentials.access import Ended
from publishing.http import client, said, sent

Reading = Callable[[httpx2.Response], None]
"""Raises what a platform's own words mean; passes everything else on."""


class Gone(Rejected):
    """There is no such thing there (404)."""


class Bearer:
    """Requests to one platform. `reads` goes before what a status means everywhere; 403: the account may not do it."""

    def __init__(
        self,
        base: str,
        who: str,
        clock: Callable[[], datetime],
        *,
        headers: Mapping[str, str] | None = None,
        reads: Reading = lambda _answer: None,
    ) -> None:
        self.base = base
        self.who = who
        self.clock = clock
        self._headers = dict(headers or {})
        self._reads = reads

    def call(self, verb: str, path: str, token: str = "", **body: Any) -> httpx2.Response:
        """Make one request to a path, or to a whole address. Raises as `http.sent`; Ended for 401, Gone for 404."""
        url = path if "://" in path else self.base + path
        headers = self._headers | ({"Authorization": f"Bearer {token}"} if token else {}) | body.pop("headers", {})

        def once() -> httpx2.Response:
            with client() as http:
                answer = http.request(verb, url, headers=headers, **body)
            self._reads(answer)
            if answer.status_code == 401:
                raise Ended(f"{self.who} does not accept the access token (401): {said(answer)}")
            if answer.status_code in (404, 410):
                raise Gone(f"{self.who} has no such thing ({answer.status_code}): {said(answer)}")
            return answer

        return sent(once, who=self.who, now=self.clock())

    def json(self, verb: str, path: str, token: str = "", **body: Any) -> Any:
        """Make one request, and return its answer's JSON."""
        answer = self.call(verb, path, token, **body)
        try:
            return answer.json()
        except ValueError as error:
            raise Unknown(f"{self.who} answered with something that is no JSON.") from error
