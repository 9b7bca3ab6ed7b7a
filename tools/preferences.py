"""What the creator's edits taught, put to use: told to the model, and carried out on what it wrote where that is safe.

It comes before the checks and the hash: what a person is shown is what would be sent. Each rule that changed something
says so, and where it comes from.
"""

from collections.abc import Sequence
from typing import Any

from core.counting import fits
from core.drafts import Content, Draft, Finding, Receipt
from core.edits.applying import applied
from core.edits.change import Change
from core.edits.rules import Rule
from core.edits.traits import trait_of
from core.ids import new_id
from core.links import links_in
from core.preferences import Preference
from models.tasks import EditPair, Habit
from tools.context import Context

APPLIED, DRAFTED = "preferences", "drafted"
"""In a draft's inputs: the rules that rewrote it, and the revision that they rewrote."""

_NOTE = "A rule of yours changed this draft: {says}, {because}."
_FRAMES = ("first_line", "last_line")
_SHORT_FIELDS = ("title", "subject", "preheader", "summary")


def habits(context: Context, workspace: str, channel: str, locale: str) -> tuple[Habit, ...]:
    """Return the rules that hold for a channel and locale, as a model is told them."""
    zone = context.memory.workspaces.get(workspace).timezone
    held = context.memory.preferences.active(workspace, channel, locale)
    return tuple(Habit(says=each.says, because=each.because(zone)) for each in held)


def edit_pairs(context: Context, workspace: str, channel: str, locale: str) -> tuple[EditPair, ...]:
    """Return a few earlier drafts for a channel with what the person made of them."""
    pairs = context.memory.preferences.exemplars(workspace, channel, locale)
    return tuple(EditPair(drafted=pair.drafted, edited=pair.edited) for pair in pairs)


def prefer(context: Context, draft: Draft) -> Draft:
    """Return a revision of the draft that keeps to the rules; the draft itself where they change nothing in it."""
    held = context.memory.preferences.active(draft.workspace, draft.channel, draft.locale)
    content, done = _rewritten(draft, held)
    if not done:
        return draft
    zone = context.memory.workspaces.get(draft.workspace).timezone
    told = [
        {**each.rule.model_dump(), "id": each.id, "says": each.says, "because": each.because(zone)}
        for each in held
        if each.rule in done
    ]
    return draft.model_copy(
        update={
            "id": new_id("d"),
            "parent_id": draft.id,
            "revision": draft.revision + 1,
            "content": content,
            "receipts": _moved(draft.receipts, draft.content.text, content.text),
            "inputs": {**draft.inputs, APPLIED: _with_earlier(draft, told), DRAFTED: draft.id},
        }
    )


def _with_earlier(draft: Draft, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    new = {each["id"] for each in told}
    return [*(each for each in draft.inputs.get(APPLIED, ()) if each["id"] not in new), *told]


def said_of_preferences(draft: Draft) -> tuple[Finding, ...]:
    """Return a note on each rule that rewrote the draft; none once a person has made it theirs."""
    if "edited_by" in draft.inputs:
        return ()
    return tuple(
        Finding(rule="preference", severity="note", message=_NOTE.format(**each))
        for each in draft.inputs.get(APPLIED, ())
    )


def kept_rules(draft: Draft) -> dict[str, Any]:
    """Return what a mended draft still says of the rules that had rewritten it."""
    return {APPLIED: draft.inputs[APPLIED]} if APPLIED in draft.inputs else {}


def words_of_preferences(draft: Draft) -> str:
    """Return the person's own words that rules put into a draft: they need no other source."""
    return "\n".join(str(each["new"]) for each in draft.inputs.get(APPLIED, ()) if each["trait"] in (*_FRAMES, "words"))


def _rewritten(draft: Draft, held: Sequence[Preference]) -> tuple[Content, tuple[Rule, ...]]:
    """Return the content after the rules, and which of them did something; what no longer fits gets no frame."""
    rules = [each.rule for each in held]
    text, done = applied(draft.content.text, rules, locale=draft.locale)
    if not fits(draft.channel, text):
        rules = [rule for rule in rules if rule.trait not in _FRAMES]
        text, done = applied(draft.content.text, rules, locale=draft.locale)
    short = {name: getattr(draft.content, name) for name in _SHORT_FIELDS}
    worded = [rule for rule in rules if _is_of_words(rule)]
    for name, value in short.items():
        short[name], also = applied(value, worded, locale=draft.locale) if value else (value, ())
        done += tuple(rule for rule in also if rule not in done)
    return draft.content.model_copy(update={**short, "text": text, "links": tuple(links_in(text))}), done


def _is_of_words(rule: Rule) -> bool:
    """Say whether a rule is about words and marks, which titles have too, rather than about lines."""
    trait = trait_of(rule.trait)
    return trait is not None and trait.judge is None and not trait.whole


def _moved(receipts: Sequence[Receipt], before: str, after: str) -> tuple[Receipt, ...]:
    """Return the receipts at the places where their lines stand now, without those whose line was cut."""
    change = Change(before, after)
    moved = [(receipt, _place(change, receipt.span) if receipt.span else None) for receipt in receipts]
    return tuple(
        receipt.model_copy(update={"span": span}) for receipt, span in moved if span is not None or receipt.span is None
    )


def _place(change: Change, span: tuple[int, int]) -> tuple[int, int] | None:
    left = [change.place_of[at] for at in change.within(*span) if at in change.place_of]
    return (change.new[min(left)].start, change.new[max(left)].end) if left else None
