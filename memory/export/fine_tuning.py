"""Chat examples for training a model elsewhere: only what may be used, and a count of what may not, with the reason."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.base import Noun
from core.decisions import Decision
from core.errors import WrongUse
from core.proposals import Proposal
from core.works import Work, Workspace
from memory.naming import names

if TYPE_CHECKING:
    from memory import Memory

_OPEN = re.compile(
    r"\b(?:cc0|public domain|cc[ -]by(?:[ -]sa)?(?![ -]n[cd])|mit|apache|bsd|zlib|unlicense)\b"
    r"|creativecommons\.org/(?:publicdomain/|licenses/by(?:-sa)?/)",
    re.IGNORECASE,
)
_ANGLES = "angles"
_UNKNOWN = "works whose rights are not known (greenroom consent grant work:ID, or --mine)"
_REVOKED = "works whose consent was revoked"
_NAMED = "texts that name somebody whose consent was revoked"
_LEANS = "approved texts that lean on something whose consent was revoked"
_UNAPPROVED = "edited texts that nobody approved"

Example = dict[str, Any]


class Pairs(Noun):
    """What was written: how many examples of which kind, and what was left out, by reason."""

    file: str
    examples: int
    kinds: dict[str, int]
    left_out: dict[str, int]


def write_pairs(memory: "Memory", space: Workspace, file: Path, *, mine: bool = False, replace: bool = False) -> Pairs:
    """Write the examples as JSON lines (`{"messages": [{role, content} …]}`), whole or not at all.

    `mine`: the person says that works without a stated licence are theirs to use. Raises WrongUse for a file that is
    there already.
    """
    if file.exists() and not replace:
        raise WrongUse(f"{file} is there already. Nothing was written.", "Name another file, or give --replace.")
    if not file.absolute().parent.is_dir():
        raise WrongUse(f"There is no folder {file.absolute().parent}. Nothing was written.", "Make it first.")
    kinds, left_out = Counter[str](), Counter[str]()
    half = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        with half.open("w", encoding="utf-8") as out:
            for kind, example in _examples(memory, space, left_out, mine=mine):
                out.write(json.dumps(example, ensure_ascii=False) + "\n")
                kinds[kind] += 1
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
    return Pairs(file=str(file), examples=kinds.total(), kinds=dict(kinds), left_out=dict(left_out))


def rights_are_known(work: Work, granted: Iterable[str], *, mine: bool = False) -> bool:
    """Say whether a work may be given on: granted, openly licensed, or made and approved here."""
    if f"work:{work.id}" in granted or work.kind == "published":
        return True
    return bool(_OPEN.search(work.license)) if work.license else mine


def _examples(
    memory: "Memory", space: Workspace, left_out: Counter[str], *, mine: bool
) -> Iterator[tuple[str, Example]]:
    words = memory.consents.list(space.id)
    granted = {said.subject for said in words if said.granted}
    revoked = {said.subject for said in words if not said.granted}
    withheld = memory.consents.revoked_works(space.id)
    people = memory.consents.revoked_people(space.id)

    def may_name(text: str) -> bool:
        if any(names(person, text) for person in people):
            left_out[_NAMED] += 1
            return False
        return True

    for work in memory.works.list(space.id):
        if f"work:{work.id}" in revoked:
            left_out[_REVOKED] += 1
        elif not rights_are_known(work, granted, mine=mine):
            left_out[_UNKNOWN] += 1
        elif work.id in withheld:
            left_out[_NAMED] += 1
        else:
            yield "works", _example(space, _asked_for(work), work.body)
    yield from _approved(memory, space, left_out, may_name)


def _approved(
    memory: "Memory", space: Workspace, left_out: Counter[str], may_name: Any
) -> Iterator[tuple[str, Example]]:
    """Yield a brief with what was approved for it, and what was drafted with what a person made of it."""
    shown = {each.id: each for each in memory.proposals.list(space.id) if each.channel != _ANGLES}
    briefs = {brief.id: brief for brief in memory.briefs.list(space.id)}
    approved = {each.id for each in shown.values() if memory.decisions.release(space.id, each.id)}
    for each in shown.values():
        if each.id in approved and _usable(memory, each, left_out) and may_name(each.text):
            ask = f"{briefs[each.brief_id].ask}\n\nFor {each.channel}, in {each.locale}."
            yield "approved texts", _example(space, ask, each.text)
    for decision in _edits(memory, shown):
        before, after = shown[decision.proposal_id], shown[str(decision.new_proposal_id)]
        if not _led_to(after, shown) & approved:
            left_out[_UNAPPROVED] += 1
        elif before.text != after.text and _usable(memory, after, left_out) and may_name(before.text + after.text):
            ask = f"Edit this for {before.channel}, in {before.locale}, the way I would:\n\n{before.text}"
            yield "edits", _example(space, ask, after.text)


def _edits(memory: "Memory", shown: dict[str, Proposal]) -> Iterator[Decision]:
    for each in shown.values():
        for decision in memory.decisions.for_proposal(each.id):
            if decision.verb == "edit" and decision.undone_by is None and decision.new_proposal_id in shown:
                yield decision


def _led_to(proposal: Proposal, shown: dict[str, Proposal]) -> set[str]:
    """Return a proposal and all that took its place."""
    found: set[str] = set()
    at: Proposal | None = proposal
    while at is not None and at.id not in found:
        found.add(at.id)
        at = shown.get(at.superseded_by or "")
    return found


def _usable(memory: "Memory", proposal: Proposal, left_out: Counter[str]) -> bool:
    if memory.consents.lost(proposal) is None:
        return True
    left_out[_LEANS] += 1
    return False


def _asked_for(work: Work) -> str:
    about = f" about {', '.join(work.tags)}" if work.tags else ""
    return f"Write the piece “{work.title}”{about}." if work.title else f"Write a piece{about}."


def _example(space: Workspace, ask: str, answer: str) -> Example:
    return {
        "messages": [
            {"role": "system", "content": f"You write as {space.name}."},
            {"role": "user", "content": ask},
            {"role": "assistant", "content": answer},
        ]
    }
