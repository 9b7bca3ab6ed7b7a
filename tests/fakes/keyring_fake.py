"""A fake system keyring in memory, as picky as the real ones: a size limit, a lock, errors for what isn't there."""

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

WINDOWS_BYTES = 2560
"""What a Windows credential may have, in UTF-16: jaraco/keyring issue 540."""


class MemoryKeyring(KeyringBackend):
    """Entries by (service, user name)."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False
        self.die_after: int | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        if len(password.encode("utf-16-le")) > WINDOWS_BYTES:
            raise OSError(1783, f"The stub received bad data: {password}")
        if self.die_after is not None:
            if self.die_after == 0:
                raise MemoryError("the process died here")
            self.die_after -= 1
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        if (service, username) not in self.entries:
            raise PasswordDeleteError("not found")
        del self.entries[service, username]

    def _open(self) -> None:
        if self.locked:
            raise KeyringLocked("locked")
