"""Vectors: kept in SQL, projected into Chroma by the one process that may."""

from memory.index.lock import Holder
from memory.index.projection import Index

__all__ = ["Holder", "Index"]
