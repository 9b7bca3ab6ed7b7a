"""A decision, asked of the person in their IDE's own form: shown what it covers, and its hash. Else: where to decide.

No argument of a tool decides. What comes back from a form is taken only where the person allowed it beforehand
(`--decides asked`), since a client might fill it in by itself; what was not read is not taken: the form wants the first
signs of the hash that stands above it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.beside import beside
from app.callers import Caller
from core.base import Noun
from core.pictures import pictures_of
from core.proposals import OPEN_STATES, Proposal
from core.unseen import named
from core.whens import in_words

if TYPE_CHECKING:
    from app.studio import Studio

NAME = "ask_for_decision"
TITLE = "Ask the person to decide on a draft"

SHOWABLE = ("bluesky", "mastodon", "x", "linkedin")
"""Channels of which a form shows all that goes out. Pages and letters are looked at where they can be seen."""

LONGEST = 4000
TYPED = 6  # signs of the hash that a person types
NOT_NOW = "not now"
VERBS = ("approve", "changes", "reject", "hold")
PATIENCE_S = 15 * 60

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "decision": {
            "type": "string",
            "title": "Your decision",
            "description": "approve: exactly this goes out. changes: say below what is to be different.",
            "enum": [NOT_NOW, *VERBS],
        },
        "hash_begins": {
            "type": "string",
            "title": f"The first {TYPED} signs of the hash above",
            "description": "So that what you decide on is what you looked at.",
            "maxLength": TYPED,
        },
        "note": {"type": "string", "title": "Why, or what to change", "maxLength": 1000},
    },
    "required": ["decision", "hash_begins"],
}


class Answer(Noun):
    """What came of asking. `where`: where the person decides, if not here."""

    proposal_id: str
    decided: bool
    verb: str | None = None
    by: str | None = None
    new_proposal_id: str | None = None
    says: str
    where: tuple[str, ...] = ()


@dataclass
class Asked:
    """What one session was asked already: a question that was turned down is not asked again and again."""

    is_open: bool = False
    turned_down: set[str] = field(default_factory=set)


def why_not_here(caller: Caller, shown: Proposal, asked: Asked, *, has_form: bool) -> str | None:
    """Return why the person is not asked here, in words; None if they are."""
    studio, user = caller.studio, caller.studio.settings.user
    has_secret = studio.memory.members.has_secret(studio.workspace.id, user)
    is_whole = shown.channel in SHOWABLE and not pictures_of(shown.payload) and len(shown.text) <= LONGEST
    reasons = (
        (shown.state not in OPEN_STATES, f"{shown.id} does not wait: it is {shown.state}."),
        (caller.decides != "asked", "Decisions are not taken here: this access was not made with --decides asked."),
        (not has_form, "This program can't ask its person."),
        (asked.is_open, "Another question is still open."),
        (shown.sha in asked.turned_down, "The person was asked about this here, and did not decide."),
        (has_secret and not studio.settings.secret, f"{user} decides with a secret, which no form here may ask for."),
        (not is_whole, "It has more than a form can show whole."),
    )
    return next((words for holds, words in reasons if holds), None)


def elsewhere(studio: "Studio", proposal: Proposal, why: str) -> Answer:
    """Return the answer that names where the person decides."""
    host, port = studio.settings.host, studio.settings.port
    where = (
        f"in a terminal: greenroom show {proposal.id}",
        f"in the browser, while `greenroom serve` runs: http://{host}:{port}/",
    )
    return Answer(proposal_id=proposal.id, decided=False, says=f"{why} Nothing was decided.", where=where)


def question(studio: "Studio", shown: Proposal) -> str:
    """Return what the person reads: everything that the approval covers. Each line of the draft stands behind a bar."""
    zone = studio.workspace.timezone
    when = f"on {in_words(shown.at, zone)}" if shown.at else "as soon as it is approved"
    embargo = f", not before {in_words(shown.not_before, zone)}" if shown.not_before else ""
    found = [f"Look at: {each.message}" for each in shown.findings if each.severity != "note"]
    lines = (
        f"Greenroom asks {studio.settings.user}: may this go out for {shown.account} on {shown.channel} "
        f"({shown.locale}), {when}{embargo}?",
        "",
        *_barred(shown.text),
        *(line for name, words in beside(shown.payload) for line in _barred(f"{name}: {words}")),
        "",
        *(line for each in found for line in _barred(each)),
        f"Hash of exactly this: {shown.sha}",
    )
    return "\n".join(lines)


def verb_in(content: Mapping[str, Any] | None, shown: Proposal) -> str | None:
    """Return what the person decided; None where the form was not filled in for exactly this."""
    told = content or {}
    verb, typed = told.get("decision"), told.get("hash_begins")
    if verb not in VERBS or not isinstance(typed, str):
        return None
    return str(verb) if typed.strip().lower() == shown.sha[:TYPED] else None


def take(caller: Caller, shown: Proposal, verb: str, note: str, client: str) -> Answer:
    """Record the member's decision on exactly what was shown."""
    caller.refuse_ended()
    heard = f"{note.strip()} (asked in {client})".strip() if verb != "changes" else note.strip()
    result = caller.studio.decide(shown.id, verb, shown.sha, note=heard)
    new = result.new_proposal.id if result.new_proposal else None
    by = result.decision.by
    says = f"{by} decided: {verb}." + (f" The new version {new} waits." if new else "")
    return Answer(proposal_id=shown.id, decided=True, verb=verb, by=by, new_proposal_id=new, says=says)


def _barred(text: str) -> list[str]:
    """Put a draft's lines behind a bar and make hidden signs visible, so that none passes for a line of ours."""
    return ["│ " + named(line, but="\t") for line in text.splitlines()]
