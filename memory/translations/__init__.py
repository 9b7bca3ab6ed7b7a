"""The translation memory: segments that people approved before, found again when (nearly) the same is said."""

from memory.translations.rows import Translation
from memory.translations.store import Taken, TranslationMemory

__all__ = ["Taken", "Translation", "TranslationMemory"]
