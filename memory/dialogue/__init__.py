"""What was said, in the chat and in decisions: kept turn by turn, and found again by meaning and by words."""

from memory.dialogue.dialogue import Dialogue
from memory.dialogue.recipe import WEIGHTS

__all__ = ["WEIGHTS", "Dialogue"]
