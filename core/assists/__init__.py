"""Suggestions on a text as spans that a person accepts: nothing outside of an accepted span ever changes."""

from core.assists.rules import by_rules
from core.assists.suggestion import Suggestion, accepted, apart, place
from core.assists.trusting import Quoted, Trust, trusted

__all__ = ["Quoted", "Suggestion", "Trust", "accepted", "apart", "by_rules", "place", "trusted"]
