"""The creator's voice: measured from their works, explained with rates that anyone can recount."""

from memory.voice.profile import Exemplar, Habit, VoiceProfile
from memory.voice.store import Voices

__all__ = ["Exemplar", "Habit", "VoiceProfile", "Voices"]
