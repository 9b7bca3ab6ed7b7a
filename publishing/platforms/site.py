"""The own site: a folder of static files, each replaced atomically. Class K: the guid is the key."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from core.canonical import sha256
from core.errors import BadInput, Busy, Rejected
from core.publications import Delivery, Publication
from core.works import Workspace
from publishing.platform import Approved, Idempotency, Sender
from publishing.site.feeds import feeds
from publishing.site.index import list_pages
from publishing.site.names import absolute, checked_path
from publishing.site.post import Post
from publishing.site.provenance import sidecar
from publishing.site.templating import ASSETS

LOCK_SECONDS = 20
_WORKSPACE = re.compile(r"[a-z0-9][a-z0-9-]*")


class FolderSite(Sender):
    """Writes `<root>/<workspace>/`: posts byte for byte as approved, and the index and feeds that follow from them.

    What only the writer needs (a lock, a mark that the index is current, a half-written file) lies beside it in
    `<root>/.<workspace>/`, so that the folder can be served or copied as it is.
    """

    name = "site"
    idempotency: Idempotency = "K"
    send_within = timedelta(seconds=5)
    settle = timedelta(0)  # a file that a dead process has not replaced will not be replaced later

    def __init__(self, root: Path) -> None:
        self._root = root

    @classmethod
    def at_home(cls, home: Path) -> "FolderSite":
        """Return the sites of this home: `<home>/site/<workspace>/`."""
        return cls(home / "site")

    def key(self, approved: Approved) -> str:
        """Return the post's guid."""
        return str(approved.proposal.payload["guid"])

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Return the sidecar, where it goes, and the address that it will have."""
        workspace, path = approved.workspace, str(approved.proposal.payload["path"])
        folder = self._folder(workspace.id)
        url = absolute(workspace.site_url, path) if workspace.site_url else (folder / path).resolve().as_uri()
        return {"workspace": workspace.id, "url": url, "provenance": sidecar(approved, now)}

    def faithful(self, approved: Approved, request: Mapping[str, Any]) -> bool:
        """Say whether the frozen sidecar follows from the approved payload."""
        at = datetime.fromisoformat(request["provenance"]["post"]["published_at"])
        return bool(request["provenance"] == sidecar(approved, at))

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Write the sidecar, then the page: the page's appearance is the moment of publication."""
        page, target = self._target(request)
        with self._locked(request["workspace"]):
            self._refuse_to_overwrite(target, request["key"])
            self._index_mark(request["workspace"]).unlink(missing_ok=True)
            self._write(request["workspace"], target.with_name("provenance.json"), _as_json(request["provenance"]))
            self._write(request["workspace"], target, page)
        return _delivery(request)

    def look(self, publication: Publication) -> Delivery | None:
        """Return the delivery if the page lies there with the approved bytes, beside a sidecar of its own guid.

        The sidecar that is there says when it was published: after a restore from a backup the frozen one doesn't.
        """
        request = publication.request or {}
        page, target = self._target(request)
        sidecar_there = _bytes(target.with_name("provenance.json"))
        if _bytes(target) != page or sidecar_there is None:
            return None
        post = json.loads(sidecar_there)["post"]
        if post["guid"] != request["key"]:
            return None
        return Delivery(remote_id=request["key"], url=request["url"], at=datetime.fromisoformat(post["published_at"]))

    def refresh(self, workspace: Workspace) -> None:
        """Rebuild index, archive, tag pages, feeds and assets if a post, the workspace or this version is new."""
        current = _fingerprint(workspace)
        if not self._folder(workspace.id).exists() or _bytes(self._index_mark(workspace.id)) == current:
            return
        with self._locked(workspace.id):
            posts = list(self._posts(workspace.id))
            derived = {**list_pages(workspace, posts), **feeds(workspace, posts)}
            for path, document in derived.items():
                self._replace(workspace.id, path, document.encode("utf-8"))
            for path, data in _assets().items():
                self._replace(workspace.id, path, data)
            self._drop_old_tags(workspace.id, set(derived))
            self._write(workspace.id, self._index_mark(workspace.id), current)

    def _target(self, request: Mapping[str, Any]) -> tuple[bytes, Path]:
        """Return the page's bytes and the file they belong in; Rejected where that would be outside the posts."""
        payload = request["payload"]
        try:
            path = self._folder(request["workspace"]) / checked_path(payload["path"])
        except BadInput as error:
            raise Rejected(error.message, error.hint) from error
        if not path.resolve().is_relative_to(self._folder(request["workspace"]).resolve()):
            raise Rejected(f"{payload['path']} leads out of the site's folder. Nothing was written.")
        return payload["page"].encode("utf-8"), path

    def _refuse_to_overwrite(self, target: Path, guid: str) -> None:
        sidecar_there = _bytes(target.with_name("provenance.json"))
        if sidecar_there is not None and json.loads(sidecar_there)["post"]["guid"] != guid:
            raise Rejected(f"Another piece already lives at {target.parent.name}. Nothing was written.")

    def _posts(self, workspace: str) -> Iterator[Post]:
        """Yield every post whose page is there, from its own sidecar."""
        for page in sorted(self._folder(workspace).glob("posts/*/index.html")):
            own = _bytes(page.with_name("provenance.json"))
            if own is not None:
                yield Post.model_validate(json.loads(own)["post"])

    def _drop_old_tags(self, workspace: str, derived: set[str]) -> None:
        folder = self._folder(workspace)
        for page in folder.glob("tags/*/index.html"):
            if page.relative_to(folder).as_posix() not in derived:
                page.unlink()
                page.parent.rmdir()

    def _replace(self, workspace: str, path: str, data: bytes) -> None:
        target = self._folder(workspace) / path
        if _bytes(target) != data:
            self._write(workspace, target, data)

    def _write(self, workspace: str, target: Path, data: bytes) -> None:
        """Replace a file in one step that survives a crash: a reader sees the old bytes or the new, never a part."""
        target.parent.mkdir(parents=True, exist_ok=True)
        half = self._backstage(workspace) / "half-written"
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
        _sync_folder(target.parent)

    def _index_mark(self, workspace: str) -> Path:
        """The file that says what the index was built for; it is taken away before a post is written."""
        return self._backstage(workspace) / "index-is-current"

    def _folder(self, workspace: str) -> Path:
        if not _WORKSPACE.fullmatch(workspace):
            raise Rejected(f"{workspace!r} is no name for a site's folder. Nothing was written.")
        return self._root / workspace

    def _backstage(self, workspace: str) -> Path:
        folder = self._folder(workspace)
        return folder.with_name(f".{folder.name}")

    @contextmanager
    def _locked(self, workspace: str) -> Iterator[None]:
        """Hold the site: two workers can't tear an index, nor meet in the half-written file."""
        from filelock import FileLock, Timeout

        backstage = self._backstage(workspace)
        backstage.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(backstage / "lock", timeout=LOCK_SECONDS):
                yield
        except Timeout as error:
            raise Busy(f"Another process has been writing the site of {workspace} for {LOCK_SECONDS} s.") from error


def _delivery(request: Mapping[str, Any]) -> Delivery:
    at = datetime.fromisoformat(request["provenance"]["post"]["published_at"])
    return Delivery(remote_id=request["key"], url=request["url"], at=at)


def _as_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _fingerprint(workspace: Workspace) -> bytes:
    """Return what the index depends on beside the posts: the workspace's face, this version's templates and look."""
    face = {"name": workspace.name, "locale": workspace.locale, "site_url": workspace.site_url, "look": _look()}
    return sha256(face).encode()


@cache
def _look() -> str:
    files = sorted(file for file in ASSETS.parent.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return sha256([sha256(file.read_bytes()) for file in files])


def _assets() -> dict[str, bytes]:
    files = (file for file in ASSETS.rglob("*") if file.is_file())
    return {f"assets/{file.relative_to(ASSETS).as_posix()}": file.read_bytes() for file in files}


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
