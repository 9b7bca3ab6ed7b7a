"""The secrets of connected accounts, for the sending process alone."""

from publishing.credentials.port import Credentials, Secret
from publishing.credentials.vault import open_credentials

__all__ = ["Credentials", "Secret", "open_credentials"]
