"""Finding the creator's own past work: by meaning and by words, with the reasons shown."""

from memory.recall.finder import Recall
from memory.recall.recipe import WEIGHTS

__all__ = ["WEIGHTS", "Recall"]
