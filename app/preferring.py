"""What a person's edits taught, as doors show it: rules with where they come from, cards for those that ask."""

from typing import TYPE_CHECKING, Any

from core.edits.standing import Word
from core.errors import BadInput
from core.preferences import Preference

if TYPE_CHECKING:
    from app.studio import Studio
    from memory.preferences import Learned

WORDS = ("accept", "reject", "undo")


def rules(studio: "Studio", *, rejected: bool = False) -> list[Preference]:
    """Return the workspace's rules: those that hold, and those that ask; with `rejected` also the others."""
    found = studio.memory.preferences.current(studio.workspace.id)
    return [each for each in found if rejected or each.state in ("active", "candidate")]


def learn(studio: "Studio", *, again: bool = False) -> "Learned":
    """Learn from the edits that are decided; `again`: from all of them, as if for the first time.

    A language model is asked, too, which habits show in the newest ones; what it proposes waits for the person's word.
    """
    from tools.proposing import propose_rules

    learned = studio.memory.preferences.learn(studio.workspace.id, again=again)
    proposed = propose_rules(studio.crew.context, studio.workspace.id)
    return learned.model_copy(update={"proposed": proposed})


def say(
    studio: "Studio",
    preference_id: str,
    word: str,
    *,
    by: str | None,
    note: str = "",
    secret: str | None = None,
    shown: str | None = None,
) -> Preference:
    """Say that a rule holds or doesn't, or take one's word on it back. Raises BadInput for another word.

    A page says with `shown` which standing of the rule its person saw; Stale, if it is another one by now.
    """
    who, proof = studio.speaker(by, secret)
    return studio.memory.preferences.say(
        studio.workspace.id, preference_id, _word(word), by=who, note=note, secret=proof, shown=shown
    )


def asked_by(studio: "Studio", decision_id: str) -> list[Preference]:
    """Return the rules that an edit lets ask whether they should hold."""
    return [each for each in rules(studio) if each.state == "candidate" and decision_id in _edits(each)]


def _edits(preference: Preference) -> set[str]:
    return {edit.decision_id for edit in preference.support}


def as_json(studio: "Studio", preference: Preference) -> dict[str, Any]:
    """Return the object that doors show for a rule; `card` asks about one that does not hold yet."""
    zone = studio.workspace.timezone
    shown = preference.model_dump(mode="json", exclude={"workspace"})
    return {**shown, "says": preference.says, "because": preference.because(zone), "card": card(studio, preference)}


def card(studio: "Studio", preference: Preference) -> dict[str, str] | None:
    """Return the question that a candidate asks, with how to answer it; None for a rule that is settled."""
    if preference.state != "candidate":
        return None
    reason = preference.because(studio.workspace.timezone)
    return {
        "question": f"Keep to {preference.says} from now on? ({reason[:1].upper()}{reason[1:]}.)",
        "accept": f"greenroom preferences accept {preference.id}",
        "reject": f"greenroom preferences reject {preference.id}",
    }


def _word(word: str) -> Word:
    for each in WORDS:
        if word == each:
            return each  # type: ignore[return-value]
    raise BadInput(f"{word!r} is nothing to say of a rule.", f"Say one of: {', '.join(WORDS)}.")
