"""Vaults for tests: the real thing, on a file in the test's own home."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from memory import Memory
from publishing.credentials import Secret, Vault, open_credentials
from tests.publishing.making import Clock

INES = ("ines", "bluesky", "@ines.example")
PASSWORD = "hunter2-in-the-harbour"


def vault(memory: Memory, home: Path, clock: Clock, *, where: str = "file", key: str | None = None) -> Vault:
    chosen: Any = where
    return open_credentials(memory, home, clock=clock, where=chosen, key=SecretStr(key) if key else None)


def connect(held: Vault, **values: str) -> Secret:
    secret = Secret(values=values or {"password": PASSWORD})
    held.connect(*INES, secret, settings={"service": "https://pds.example"})
    return secret
