"""Where secrets can be kept: one shape for the system's keyring and for our own file."""

from typing import Protocol

from core.errors import GreenroomError


class VaultClosed(GreenroomError):
    """Secrets can't be read or kept just now. What is kept is untouched."""

    kind = "vault_closed"


class Store(Protocol):
    """Keeps short texts by name. Raises VaultClosed where it can't be opened, never a value in its words."""

    @property
    def where(self) -> str:
        """Where it is, for a person."""
        ...

    def read(self, name: str) -> str | None:
        """Return what is kept under a name; None if nothing is."""
        ...

    def write(self, name: str, text: str) -> None:
        """Keep a text under a name, all of it or nothing: a crash leaves the old one or the new one."""
        ...

    def remove(self, name: str) -> None:
        """Forget what is kept under a name, if anything is."""
        ...

    def faults(self) -> list[str]:
        """Return what is wrong with it and how to mend it, without opening it."""
        ...
