"""Check a text: the channel's rules, the voice, and what it rests on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.base import Noun
from core.channels import channel as rules_of
from core.counting import measure
from core.documents import from_document
from core.drafts import Content, Finding
from core.errors import WrongUse
from core.grounding import findings as unfounded
from core.links import links_in
from core.markdown_text import plain
from core.proposals import Proposal
from core.works import Work
from tools.calls.hand import Hand, as_json
from tools.check import check_text

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

LOOKED_IN = 8  # past works that a text may rest on


class Arguments(BaseModel):
    """What the tool takes: a text with its channel, or a draft's id."""

    text: str = Field(default="", description="the text to check, where it is no draft that waits")
    channel: str = Field(default="", description="for which channel; empty: the workspace's own site")
    proposal_id: str | None = Field(default=None, description="a draft's id, instead of a text")


class Count(Noun):
    """How long it is, in the channel's own unit."""

    used: int
    limit: int | None = None
    unit: str


class Flaw(Noun):
    """A finding, and the words it is about."""

    rule: str
    severity: str
    message: str
    words: str = ""


class Result(Noun):
    """What was found. `held_against`: the past pieces that claims were looked up in (a draft: its own sources)."""

    ok: bool
    channel: str
    length: Count | None = None
    findings: tuple[Flaw, ...] = ()
    held_against: tuple[str, ...] = ()


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make(args_schema=Arguments)
    def check(text: str = "", channel: str = "", proposal_id: str | None = None) -> str:
        """Check a text, or a draft by its id: length and rules of the channel, voice, brand, repetition, and grounding.

        Grounding finds numbers, names, quotes and links that stand in no source: of a draft in its own sources, of a
        text in the past pieces nearest to it. A claim that is false in other words is not found.
        """
        if proposal_id:
            return as_json(_of_draft(hand, hand.proposal(proposal_id)))
        if not text.strip():
            raise WrongUse("There is nothing to check.", "Give a text, or a draft's id.")
        return as_json(_of_text(hand, text, channel or "site"))

    return check


def _of_draft(hand: Hand, proposal: Proposal) -> Result:
    draft = hand.context.memory.drafts.get(proposal.draft_id) if proposal.draft_id else None
    content = draft.content if draft else Content(text=proposal.text)
    titles = tuple(dict.fromkeys(each.title for each in proposal.receipts))
    return _result(proposal.channel, content, proposal.findings, titles)


def _of_text(hand: Hand, text: str, channel: str) -> Result:
    content = from_document(channel, text)
    memory = hand.context.memory
    near = [memory.works.get(hand.workspace, each.work_id) for each in memory.recall(hand.workspace, text, k=LOOKED_IN)]
    space = memory.workspaces.get(hand.workspace)
    links = [link for work in near for link in (work.url, *links_in(work.body)) if link]
    links += [space.site_url] if space.site_url else []
    found = (
        *check_text(hand.context, hand.workspace, channel, content),
        *unfounded(content, [_told(work) for work in near], links, space.locale),
    )
    return _result(channel, content, found, tuple(work.title or work.id for work in near))


def _told(work: Work) -> str:
    day = f"\n{work.published_at:%d %B %Y}\n{work.published_at:%Y-%m-%d}" if work.published_at else ""
    return f"{work.title}\n{work.body}\n{plain(work.body)}{day}\n{', '.join(work.authors)}"


def _result(channel: str, content: Content, found: Sequence[Finding], titles: tuple[str, ...]) -> Result:
    places = rules_of(channel) if channel != "angles" else None
    limit = next(iter(places.limits_of("text")), None) if places else None
    length = measure(limit, content.text) if limit else None
    return Result(
        ok=not any(each.severity == "error" for each in found),
        channel=channel,
        length=Count(used=length.used, limit=length.limit, unit=length.unit) if length else None,
        findings=tuple(_flaw(each, content) for each in found),
        held_against=titles,
    )


def _flaw(finding: Finding, content: Content) -> Flaw:
    whole = getattr(content, finding.field, "")
    words = whole[slice(*finding.span)] if finding.span and isinstance(whole, str) else ""
    return Flaw(rule=finding.rule, severity=finding.severity, message=finding.message, words=words)
