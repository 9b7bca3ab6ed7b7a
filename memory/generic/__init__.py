"""Generic-writing risk: how much a text reads like anybody's, held against its creator's own works."""

from memory.generic.risk import GenericRisk, risk
from memory.generic.store import GenericWriting

__all__ = ["GenericRisk", "GenericWriting", "risk"]
