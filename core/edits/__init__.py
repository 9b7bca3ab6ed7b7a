"""What a person's edit of a draft shows about how they write: pure, deterministic, by comparing the two texts."""

from core.edits.applying import applied, says
from core.edits.lessons import Lesson, Seen, lesson_of
from core.edits.notes import of_note
from core.edits.rules import Rule
from core.edits.standing import Life, Said, Sign, life_of
from core.edits.traits import Trait, all_traits, trait_of

__all__ = [
    "Lesson",
    "Life",
    "Rule",
    "Said",
    "Seen",
    "Sign",
    "Trait",
    "all_traits",
    "applied",
    "lesson_of",
    "life_of",
    "of_note",
    "says",
    "trait_of",
]
