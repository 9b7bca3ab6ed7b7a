"""Keyphrases of a text: noun phrases found without a tagger, and how likely each says what the text is about."""

from core.keyphrases.chunks import Phrase, phrases
from core.keyphrases.ranking import order
from core.keyphrases.usage import Usage, shipped

__all__ = ["Phrase", "Usage", "order", "phrases", "shipped"]
