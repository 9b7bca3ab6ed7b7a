"""Bluesky, over the AT Protocol itself. Class K: the post's record key is chosen before anything is sent.

No client library: those repeat a request by themselves after an error, and only the outbox may decide that. Everything
goes through `publishing.http`, once.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from core.errors import NotConnected, Refused, Rejected, Unknown
from core.publications import Delivery, Publication
from publishing.backstage import Backstage
from publishing.bluesky import record, xrpc
from publishing.bluesky.session import Session, Sessions, Who
from publishing.bluesky.tid import tid
from publishing.platform import Approved, Idempotency, Keep, Seen, Sender, post_of

_BLOB = "blob:"
Act = Callable[[Session], dict[str, Any]]


class Bluesky(Sender):
    """Puts records in an account's repository. `swapRecord: null` lets a put only create: it never overwrites."""

    name = "bluesky"
    idempotency: Idempotency = "K"
    send_within = timedelta(seconds=30)
    settle = timedelta(minutes=3)  # a session, a put, a server that finishes late; no read lag: docs/platforms/bluesky

    def __init__(self, backstage: Backstage) -> None:
        self._memory = backstage.memory
        self._credentials = backstage.credentials
        self._clock = backstage.clock
        self._sessions = Sessions(backstage)

    def ready(self, workspace: str, account: str) -> bool:
        """Say whether the account is connected."""
        return self._credentials.has(workspace, self.name, account)

    def key(self, approved: Approved) -> str:
        """Return the record key: the same for the same approved post, whatever becomes of the database."""
        return tid(approved.proposal.created_at, approved.stable, approved.publication.part)

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Log in, upload the pictures, and read what a thread's part answers to."""
        publication = approved.publication
        who = _who(publication)
        with xrpc.nothing_left(self._clock()):
            self._sessions.get(who)
            for picture in approved.post.get("media") or ():
                if _BLOB + picture["sha256"] not in publication.handles:
                    keep({_BLOB + picture["sha256"]: self._upload(who, picture)})
            if publication.part > 1:
                keep({"reply": self._reply(publication)})

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Return the record, byte for byte as it will be put, and whose repository it goes to."""
        session, handles = self._sessions.kept(_who(approved.publication)), approved.publication.handles
        blobs = {name.removeprefix(_BLOB): blob for name, blob in handles.items() if name.startswith(_BLOB)}
        made = record.record_of(approved.post, blobs=blobs, reply=handles.get("reply"), now=now)
        return {"did": session.did, "handle": session.handle, "pds": session.pds, "record": made}

    def faithful(self, approved: Approved, request: Mapping[str, Any]) -> bool:
        """Say whether the frozen record is the approved post: only moment, blobs and thread are not the payload's."""
        made, media = request["record"], approved.post.get("media") or ()
        images = (made.get("embed") or {}).get("images") or () if media else ()
        blobs = {picture["sha256"]: image["image"] for picture, image in zip(media, images, strict=True)}
        now, reply = datetime.fromisoformat(made["createdAt"]), made.get("reply")
        same = made == record.record_of(approved.post, blobs=blobs, reply=reply, now=now)
        return same and record.says(made, approved.post) and (reply is not None) == (approved.publication.part > 1)

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Put the record once; again only after a definite no that can be mended: an ended token, a lost picture."""
        who = (request["workspace"], request["channel"], request["account"])
        with xrpc.nothing_left(self._clock()):
            session = self._sessions.get(who)
        if session.did != request["did"]:
            raise NotConnected(f"{who[2]} is connected as another account than this was made ready for.")
        try:
            return self._put(request, session)
        except xrpc.StaleSession:
            with xrpc.nothing_left(self._clock()):
                session = self._sessions.renewed(who, session)
        except xrpc.NoSuchBlob:
            with xrpc.nothing_left(self._clock()):
                for picture in _post(request).get("media") or ():
                    self._upload(who, picture)
        return self._put(request, session)

    def look(self, publication: Publication) -> Delivery | None:
        """Read the record under the key, as anybody can. Raises Unknown where something else lies there."""
        request = publication.request or {}
        try:
            found = self._read(request["pds"], record.uri_of(request["did"], request["key"]))
        except xrpc.NoSuchRecord:
            return None
        except (Rejected, NotConnected) as no:
            raise Unknown(no.message) from no
        if not record.says(found["value"], _post(request)):
            raise Unknown(f"Something else lies under the key of this post, {found['uri']}; it was left as it is.")
        return _delivery(request, found["value"])

    def delete(self, publication: Publication) -> None:
        """Take the post down; one that is gone already is fine."""
        gone = record.address_of(str(publication.remote_id))
        self._in_session(_who(publication), lambda session: self._do(session, "com.atproto.repo.deleteRecord", gone))

    def test(self, workspace: str, account: str) -> Seen:
        """Log in and ask who that is. Raises NotConnected where the app password is not accepted."""
        who = (workspace, self.name, account)
        method, now = "com.atproto.server.getSession", self._clock()
        said = self._in_session(who, lambda session: xrpc.get(session.pds, method, now=now, token=session.token))
        session = self._sessions.kept(who)
        notes = () if said.get("active", True) else (f"Bluesky says that this account is {said.get('status')}.",)
        facts = {"did": session.did, "handle": session.handle, "pds": session.pds}
        return Seen(account=f"@{session.handle}", facts=facts, notes=notes)

    def _put(self, request: Mapping[str, Any], session: Session) -> Delivery:
        given = {
            "repo": request["did"],
            "collection": record.COLLECTION,
            "rkey": request["key"],
            "validate": True,
            "record": request["record"],
            "swapRecord": None,
        }
        answer = self._do(session, "com.atproto.repo.putRecord", given)
        if answer.get("uri") != record.uri_of(request["did"], request["key"]):
            raise Unknown(f"Bluesky answered for another record ({answer.get('uri')}).")
        return _delivery(request, request["record"])

    def _upload(self, who: Who, picture: Mapping[str, Any]) -> dict[str, Any]:
        """Upload a picture: invisible until a post holds it. Its id proves that the server has the approved bytes."""
        try:
            data = self._memory.files.read(who[0], picture["sha256"])
        except Refused as gone:
            raise Rejected(gone.message, gone.hint) from gone
        method, mime = "com.atproto.repo.uploadBlob", picture["mime"]
        answer = self._in_session(who, lambda session: self._do(session, method, data=data, mime=mime))
        blob: dict[str, Any] = answer["blob"]
        if blob["ref"]["$link"] != record.blob_id(picture["sha256"]):
            raise Rejected(f"Bluesky stored other bytes than {picture['name'] or 'the picture'} has. Nothing was sent.")
        return blob

    def _reply(self, publication: Publication) -> dict[str, Any]:
        """Return what a thread's part answers to: its first post, and the one before; both as they are there now."""
        thread = self._memory.publications.thread(publication)
        root, parent = thread[0], thread[publication.part - 2]
        return {"root": self._reference(root), "parent": self._reference(parent)}

    def _reference(self, earlier: Publication) -> dict[str, str]:
        try:
            found = self._read((earlier.request or {})["pds"], str(earlier.remote_id))
        except xrpc.NoSuchRecord as gone:
            raise Rejected(
                f"Part {earlier.part} of the thread is not there any more. This part was not sent."
            ) from gone
        return {"uri": found["uri"], "cid": found["cid"]}

    def _read(self, host: str, uri: str) -> dict[str, Any]:
        return xrpc.get(host, "com.atproto.repo.getRecord", now=self._clock(), **record.address_of(uri))

    def _do(self, session: Session, method: str, given: Mapping[str, Any] | None = None, **raw: Any) -> dict[str, Any]:
        return xrpc.post(session.pds, method, now=self._clock(), token=session.token, given=given, **raw)

    def _in_session(self, who: Who, act: Act) -> dict[str, Any]:
        """Do something repeatable in a session; if that has ended without our knowing, in a renewed one."""
        session = self._sessions.get(who)
        try:
            return act(session)
        except xrpc.StaleSession:
            return act(self._sessions.renewed(who, session))


def _who(publication: Publication) -> Who:
    return (publication.workspace, publication.channel, publication.account)


def _post(request: Mapping[str, Any]) -> dict[str, Any]:
    return post_of(request["payload"], request["part"])


def _delivery(request: Mapping[str, Any], made: Mapping[str, Any]) -> Delivery:
    return Delivery(
        remote_id=record.uri_of(request["did"], request["key"]),
        url=record.page_of(request["handle"], request["key"]),
        at=datetime.fromisoformat(made["createdAt"]),
    )
