"""LinkedIn. Class D: few may read posts back, but it refuses a repeat and names the first, so a repeat is the probe.

Written to its documentation and tested against a strict fake of ours: LinkedIn has no server to test with.
"""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.canonical import instant
from core.errors import NotConnected, Rejected, SendError, Unknown
from core.linkedin import unescape
from core.publications import Delivery, Publication
from publishing.backstage import Backstage
from publishing.bearer import Gone
from publishing.credentials import Secret
from publishing.credentials.access import Access, Who
from publishing.credentials.oauth import refresh_grant
from publishing.http import client
from publishing.linkedin.answers import made_at
from publishing.linkedin.body import body_of
from publishing.linkedin.rest import API, VERSION, WHO, Repeated, Rest
from publishing.platform import AlreadyThere, Approved, Idempotency, Keep, OnlyARepeatTells, Seen, Sender
from publishing.readback import earliest, taken

TOKENS = "https://www.linkedin.com"
WAITS = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between two questions whether a picture is processed; after the last the post is tried again in a minute."""

_IMAGE = "image:"


class LinkedIn(Sender):
    """Posts as one member or organization an account. There are no threads."""

    name = "linkedin"
    idempotency: Idempotency = "D"
    send_within = timedelta(seconds=20)
    settle = timedelta(minutes=5)  # a token's renewal, two requests, a late commit: docs/platforms/linkedin

    def __init__(self, backstage: Backstage, api: str = API, tokens: str = TOKENS) -> None:
        self._backstage = backstage
        self._hosts = api, tokens
        self._access = Access(backstage.credentials, backstage.clock, self._renew)

    def ready(self, workspace: str, account: str) -> bool:
        """Say whether the account is connected."""
        return self._backstage.credentials.has(workspace, self.name, account)

    def key(self, approved: Approved) -> str:
        """Return a name of our own: LinkedIn takes none, it compares authors, texts and pictures."""
        return f"greenroom-{approved.stable}"

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Renew the token if it ends soon, and upload the pictures until LinkedIn says that they can be posted."""
        publication = approved.publication
        who = _who(publication)
        self._author(who)
        self._access.token(who)
        for picture in approved.post.get("media") or ():
            name = _IMAGE + picture["sha256"]
            urn = publication.handles.get(name)
            if urn is None or self._status(who, urn) not in ("AVAILABLE", "PROCESSING"):
                urn = self._upload(who, picture)
                keep({name: urn})
            self._wait_for(who, urn)

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Return the post as JSON, and from when on a post that is named as its first can be this one."""
        publication, post = approved.publication, approved.post
        urns = {name.removeprefix(_IMAGE): urn for name, urn in publication.handles.items() if name.startswith(_IMAGE)}
        memory = self._backstage.memory
        return {
            "body": body_of(self._author(_who(publication)), post, urns),
            "since": instant(earliest(approved, memory, now)),
            "restored": memory.quarantines.covers(approved.proposal.created_at),
        }

    def faithful(self, approved: Approved, request: Mapping[str, Any]) -> bool:
        """Say whether the frozen post is the approved one: only author and pictures' ids are not the payload's."""
        body, media = request["body"], approved.post.get("media") or ()
        content = body.get("content") or {}
        images = content["multiImage"]["images"] if "multiImage" in content else [*filter(None, [content.get("media")])]
        urns = {picture["sha256"]: image["id"] for picture, image in zip(media, images, strict=True)}
        return bool(body == body_of(body["author"], approved.post, urns))

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Post once. A repeat that LinkedIn recognises is refused: whether that is proof or a no, the attempt tells."""
        who, body = (request["workspace"], self.name, request["account"]), request["body"]
        if self._author(who) != body["author"]:
            raise NotConnected(f"{who[2]} is connected as another author than this was made ready for.")
        try:
            urn = self._access.use(who, lambda token: self._rest(who).create(token, body))
        except Repeated as repeated:
            raise self._repeat(repeated, request) from repeated
        return _delivery(urn, self._backstage.clock(), note=self._cut(who, urn, body["commentary"]))

    def look(self, publication: Publication) -> Delivery | None:
        """Say that only a repeat can tell. After a restore a post with pictures can't be recognised: raises Unknown."""
        request = publication.request or {}
        if request.get("restored") and "content" in request.get("body", {}):
            raise Unknown("LinkedIn can't be read, and tells by their upload whether pictures are the same. Look there")
        raise OnlyARepeatTells("LinkedIn lets few apps read posts; it refuses a repeat and names the first.")

    def delete(self, publication: Publication) -> None:
        """Take the post down; one that is gone already is fine. Its text stays a duplicate there for a day or two."""
        who = _who(publication)
        try:
            self._access.use(who, lambda token: self._rest(who).delete(token, str(publication.remote_id)))
        except Gone:
            return

    def test(self, workspace: str, account: str) -> Seen:
        """Ask for a place for a picture, which shows nothing to anybody: version, token and author must be right."""
        who = (workspace, self.name, account)
        author = self._author(who)
        self._access.use(who, lambda token: self._rest(who).place_for_image(token, author))
        notes = () if self._secret(who, "refresh_token") else ("Without a refresh token you connect anew in 60 days.",)
        return Seen(account=account, facts={"author": author}, notes=notes)

    def _repeat(self, repeated: Repeated, request: Mapping[str, Any]) -> Rejected:
        """A post that was there before this one could be isn't this one, however often it is named."""
        made, memory = made_at(repeated.urn), self._backstage.memory
        before = made is not None and made < datetime.fromisoformat(request["since"])
        if before or repeated.urn in taken(memory, memory.publications.get(request["publication"])):
            return Rejected(
                f"{repeated.message} That one was there before; LinkedIn knows it for a day or two even if it was "
                "deleted. This one is not live."
            )
        return AlreadyThere(repeated.message, _delivery(repeated.urn, made or self._backstage.clock()))

    def _cut(self, who: Who, urn: str, commentary: str) -> str:
        """Read the post back where that is allowed: LinkedIn cuts a text it can't parse, and doesn't say so."""
        try:
            there = self._access.use(who, lambda token: self._rest(who).post(token, urn)).get("commentary")
        except SendError:
            return ""  # it is live: that it can't be read takes nothing from that
        same = there is None or unescape(there) == unescape(commentary)
        return "" if same else "It is live, but LinkedIn shows another text than was sent. Look at it there."

    def _upload(self, who: Who, picture: Mapping[str, Any]) -> str:
        data, author = self._backstage.memory.files.read(who[0], picture["sha256"]), self._author(who)
        address, urn = self._access.use(who, lambda token: self._rest(who).place_for_image(token, author))
        self._access.use(who, lambda token: self._rest(who).put_image(token, address, data, picture["mime"]))
        return urn

    def _status(self, who: Who, urn: str) -> str:
        return self._access.use(who, lambda token: self._rest(who).image_status(token, urn))

    def _wait_for(self, who: Who, urn: str) -> None:
        for wait in (*WAITS, None):
            status = self._status(who, urn)
            if status == "AVAILABLE":
                return
            if status == "PROCESSING_FAILED":
                raise Rejected("LinkedIn can't use a picture (PROCESSING_FAILED). Nothing was sent.")
            if wait is not None:
                time.sleep(wait)
        raise Unknown("LinkedIn is still at work on a picture")

    def _rest(self, who: Who) -> Rest:
        version = str(self._backstage.credentials.settings(*who).get("version") or VERSION)
        return Rest(self._hosts[0], version, self._backstage.clock)

    def _author(self, who: Who) -> str:
        author = str(self._backstage.credentials.settings(*who).get("author", ""))
        if not author.startswith(("urn:li:person:", "urn:li:organization:")):
            raise NotConnected(
                f"{author or 'Nothing'} is no author on LinkedIn: it is urn:li:person:… or urn:li:organization:…",
                "Connect it anew: greenroom channels add linkedin",
            )
        return author

    def _secret(self, who: Who, name: str) -> str:
        return self._backstage.credentials.get(*who).values.get(name, "")

    def _renew(self, who: Who, now: Secret) -> Secret:
        app = str(self._backstage.credentials.settings(*who).get("client_id", ""))
        secret = now.values.get("client_secret", "")
        if not (app and secret):
            raise NotConnected(
                f"The access to {WHO} has ended; it can't be renewed without client_id and client_secret."
            )
        url, clock = f"{self._hosts[1]}/oauth/v2/accessToken", self._backstage.clock
        with client() as http:
            return refresh_grant(http, url, who=WHO, clock=clock, client_id=app, client_secret=secret)(now)


def _who(publication: Publication) -> Who:
    return (publication.workspace, publication.channel, publication.account)


def _delivery(urn: str, at: datetime, note: str = "") -> Delivery:
    return Delivery(remote_id=urn, url=f"https://www.linkedin.com/feed/update/{urn}", at=at, note=note)
