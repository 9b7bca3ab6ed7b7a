"""The secret behind a newsletter's links: nobody who hasn't got the mail can make one up."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

from core.canonical import canonical
from memory.key_file import put_key

_BYTES = 32


class ListKey:
    """Makes and checks tokens with a key of this home (`keys/list.key`, for its owner only).

    Links in mails that have gone out stay good as long as that file is kept; a backup must hold it.
    """

    def __init__(self, home: Path) -> None:
        self._file = home / "keys" / "list.key"

    def token(self, workspace: str, subscriber_id: str, purpose: str) -> str:
        """Return the token of one subscriber for one purpose: 43 characters that fit in an address."""
        told = canonical(["list", workspace, subscriber_id, purpose])
        return urlsafe_b64encode(hmac.new(self._key(), told, sha256).digest()).decode("ascii").rstrip("=")

    def fits(self, token: str, workspace: str, subscriber_id: str, purpose: str) -> bool:
        """Say, in the same time for every wrong token, whether this is that token."""
        right = self.token(workspace, subscriber_id, purpose)
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), right.encode("ascii"))

    def _key(self) -> bytes:
        if not self._file.exists():
            put_key(self._file, secrets.token_bytes(_BYTES))
        return self._file.read_bytes()
