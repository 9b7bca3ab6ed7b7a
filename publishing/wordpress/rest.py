"""One WordPress site as one of its users sees it: its REST interface (wp/v2), spoken through `publishing.http`."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx2

from core.errors import TryLater, Unknown
from publishing.addresses import origin, sealed
from publishing.credentials import Secret
from publishing.http import asked, client, sent
from publishing.wordpress.front import answered, same_origin

WAIT = timedelta(minutes=2)
"""How long to wait where the site can't be asked and nothing was sent yet."""

STATUSES = ("publish", "future", "private", "pending", "draft", "trash")
"""Where a post may be, what an audience sees first."""

GONE = (404, 410)


class Rest:
    """Requests as one user, to the interface's address as the site itself said when it was tested."""

    def __init__(
        self, settings: Mapping[str, Any], facts: Mapping[str, Any], secret: Secret, clock: Callable[[], datetime]
    ) -> None:
        self.site = sealed(str(settings.get("site_url", "")), "https://blog.example.org").rstrip("/")
        self.who = f"WordPress at {origin(self.site).partition('//')[2]}"
        self._root = httpx2.URL(same_origin(self.site, str(facts.get("api", ""))) or f"{self.site}/wp-json/")
        self._auth = httpx2.BasicAuth(str(settings.get("user", "")), secret.values.get("application_password", ""))
        self._clock = clock

    def get(self, path: str, **params: Any) -> Any:
        """Return what is there. Raises as `http.asked`."""
        return self._asked(self._request("GET", path, params))

    def add(self, path: str, *, files: Mapping[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
        """Make or change something that no audience sees, and return it as it is stored."""
        body: dict[str, Any] = {"data": fields, "files": files} if files else {"json": fields}
        return dict(self._asked(self._request("POST", path, {"context": "edit"}, **body)))

    def publish(self, post: int, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Make the one request that puts a post before its audience, and return it as it is stored."""
        call = self._request("POST", f"posts/{post}", {"context": "edit"}, json=dict(fields))
        return dict(_parsed(sent(call, who=self.who, now=self._clock()), self.who))

    def remove(self, path: str, *, for_good: bool = False) -> httpx2.Response:
        """Ask to delete something (into the trash, or for good), and return the answer whatever it is."""
        return answered(self._request("DELETE", path, {"force": "true"} if for_good else {}), self.who)

    def one(self, kind: str, known: int | None, slug: str) -> dict[str, Any] | None:
        """Return a post or a medium by its id, else by the slug that it was made with; None where neither is there.

        Of several with that slug the most public, then the oldest counts.
        """
        by_id = self._by_id(f"{kind}/{known}") if known else None
        found = [by_id] if by_id else self._by_slug(kind, slug)
        return min(found, key=lambda each: (_rank(each), each["id"]), default=None)

    def tag(self, name: str) -> int:
        """Return a tag's id; one that isn't there is made, and shows nowhere before a post has it."""
        answer = answered(self._request("POST", "tags", {}, json={"name": name}), self.who)
        return _term_exists(answer) or int(self._asked(lambda: answer)["id"])

    def _by_id(self, path: str) -> dict[str, Any] | None:
        answer = answered(self._request("GET", path, {"context": "edit"}), self.who)
        return None if answer.status_code in GONE else dict(self._asked(lambda: answer))

    def _by_slug(self, kind: str, slug: str) -> list[dict[str, Any]]:
        """WordPress adds -2 to a slug that is taken, and renames what goes to the trash.

        Asked by nobody it knows, it says 400 and not 401: only its users may ask for drafts.
        """
        slugs = ",".join([slug, f"{slug}-2", f"{slug}-3", f"{slug}__trashed"])
        states = {"status": ",".join(STATUSES)} if kind == "posts" else {}
        params = {"slug": slugs, "context": "edit", "per_page": "100", **states}
        return [dict(each) for each in self._asked(self._request("GET", kind, params), auth=(400, 401, 403))]

    def _asked(self, call: Callable[[], httpx2.Response], auth: tuple[int, ...] = (401, 403)) -> Any:
        return _parsed(asked(call, who=self.who, now=self._clock(), auth=auth), self.who)

    def _request(self, verb: str, path: str, params: Mapping[str, Any], **body: Any) -> Callable[[], httpx2.Response]:
        """Return a request to be made once. A site without pretty addresses has the path in a parameter."""
        if "rest_route" in self._root.params:
            url = self._root.copy_merge_params({**params, "rest_route": f"/wp/v2/{path}"})
        else:
            url = self._root.join(f"wp/v2/{path}").copy_merge_params(params)

        def call() -> httpx2.Response:
            with client() as http:
                return http.request(verb, url, auth=self._auth, **body)

        return call


@contextmanager
def before_anything_left(clock: Callable[[], datetime]) -> Iterator[None]:
    """Turn "it could not be asked" into "not now": nothing was published yet, so it can simply be tried again."""
    try:
        yield
    except Unknown as error:
        raise TryLater(f"{error.message} Nothing was published yet.", clock() + WAIT) from error


def _parsed(answer: httpx2.Response, who: str) -> Any:
    """Return an answer's JSON. Raises Unknown for a page: a login wall, a notice of maintenance."""
    try:
        return answer.json()
    except ValueError as error:
        raise Unknown(f"{who} answered with a page, not as its interface does.") from error


def _term_exists(answer: httpx2.Response) -> int:
    """Return the id of the tag that is there already; 0 where the answer says something else."""
    try:
        said: Any = answer.json()
    except ValueError:
        return 0
    return int(said["data"]["term_id"]) if isinstance(said, dict) and said.get("code") == "term_exists" else 0


def _rank(found: Mapping[str, Any]) -> int:
    status = str(found.get("status"))
    return STATUSES.index(status) if status in STATUSES else len(STATUSES)
