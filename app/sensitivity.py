"""What a person calls private, at any door."""

from typing import TYPE_CHECKING

from core.errors import WrongUse

if TYPE_CHECKING:
    from app.studio import Studio

WORDS = {"private": True, "open": False}


def mark_work(studio: "Studio", work_id: str, word: str | None) -> bool:
    """Say that a work is private, or open again; return whether it is private now. Raises NotFound, NotAllowed.

    What a hosted model was sent before stays sent: this is about what comes.
    """
    if word not in WORDS:
        raise WrongUse(
            f"{word or ''!r} is nothing a work can be marked.", "Say: greenroom works mark ID private (or open)"
        )
    who, proof = studio.speaker()
    private = WORDS[word]
    studio.memory.privacy.mark_work(studio.workspace.id, work_id, private=private, by=who, secret=proof)
    return private


def refuse_private_export(*, private: bool) -> None:
    """Raise WrongUse for an export that is brought in as private: it says itself which of its works are."""
    if private:
        raise WrongUse(
            "An export of Greenroom says itself what is private; --private is for other material.",
            "Bring it in without, then: greenroom works mark ID private",
        )
