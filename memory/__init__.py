"""Everything that is remembered; the only room that knows SQL and Chroma."""

from memory.face import Memory
from memory.ledger import LedgerCheck
from memory.works import ImportResult

__all__ = ["ImportResult", "LedgerCheck", "Memory"]
