"""The secrets of connected accounts, for the sending process alone."""

from publishing.credentials.port import Credentials, Refresh, Secret
from publishing.credentials.staged import Staged
from publishing.credentials.vault import Vault, open_credentials

__all__ = ["Credentials", "Refresh", "Secret", "Staged", "Vault", "open_credentials"]
