"""What an approval stands on beside the bytes of its row: the account, pictures, consent, the source, brand facts.

Each question is answered with a sentence for a person when the ground is lost, and None while it holds.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from core.brand import findings
from core.briefs import Brief
from core.canonical import sha256
from core.drafts import Content, Draft, Finding
from core.errors import GreenroomError, NotFound
from core.facts import BrandFact
from core.proposals import Proposal
from core.segments import changed
from core.works import Workspace
from memory import consents, embargoes
from memory.approvals import standing_approvals
from memory.clock import Clock
from memory.database import Database
from memory.facts import Facts
from memory.files import Files
from memory.rows import noun
from memory.tables import briefs, drafts, ledger, proposals, works, workspaces

Ground = Callable[[Proposal], str | None]

ANGLES = "angles"
_WORDS = ("title", "subject", "preheader", "summary")
SHOWN, LINE = 3, 60
"""How many changed segments a reason names, and how much of each."""

SEEN = "source_seen"
"""In a draft's inputs: which version of its source a person had before them when they worded a translation."""


class Grounds:
    """Asked when an approval is given, whenever something changes, and by the sender at the last moment."""

    def __init__(self, database: Database, files: Files, facts: Facts, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._files = files
        self._facts = facts

    def lost(self, proposal: Proposal) -> str | None:
        """Return the first ground that is lost."""
        grounds = (self.account, self.consent, self.embargo, self.launch, self.source, self.pictures, self.brand)
        return next((why for ground in grounds if (why := ground(proposal))), None)

    def account(self, proposal: Proposal) -> str | None:
        """The account it is for is still the channel's."""
        if proposal.channel == ANGLES:
            return None
        with self._database.read() as conn:
            row = conn.execute(select(workspaces).where(workspaces.c.id == proposal.workspace)).one()
        now = noun(Workspace, row).account_on(proposal.channel)
        if now == proposal.account:
            return None
        return f"The account of this channel was changed since: it is {now}, not {proposal.account}."

    def consent(self, proposal: Proposal) -> str | None:
        """Nothing in it was revoked."""
        with self._database.read() as conn:
            return consents.lost(conn, proposal)

    def embargo(self, proposal: Proposal) -> str | None:
        """It leaves after every embargo on a work that it leans on."""
        with self._database.read() as conn:
            return embargoes.lost(conn, proposal, self._clock())

    def launch(self, proposal: Proposal) -> str | None:
        """A campaign's teaser leaves before the launch that it points to, or not at all."""
        with self._database.read() as conn:
            brief = brief_of(conn, proposal)
        part = brief.campaign if brief is not None else None
        if part is None or part.phase != "teaser" or self._clock() < part.launch:
            return None
        return f"It is a teaser for a launch that has been, {part.launch:%Y-%m-%d %H:%M} UTC."

    def pictures(self, proposal: Proposal) -> str | None:
        """Every picture's file still has the bytes whose hash was approved."""
        for picture in _pictures(proposal):
            name, digest = picture.get("name") or str(picture["sha256"])[:12], str(picture["sha256"])
            try:
                self._files.read(proposal.workspace, digest)
            except GreenroomError:
                if _is_there(self._files, proposal.workspace, digest):
                    return f"The picture {name} is not the one you approved: its file holds other bytes now."
                return f"The picture {name} can't be read any more."
        return None

    def brand(self, proposal: Proposal) -> str | None:
        """It breaks no brand fact, of those that are errors, that became known or came into force since its approval.

        What was known then, the person who approved had before them.
        """
        with self._database.read() as conn:
            last = max(standing_approvals(conn, proposal), key=lambda decision: decision.at, default=None)
            if last is None:
                return None
            entries = select(ledger.c.seq, ledger.c.payload).where(ledger.c.at == last.at)
            seq = next((row.seq for row in conn.execute(entries) if row.payload.get("decision") == last.id), None)
        facts = self._facts.new_since(proposal.workspace, last.at, seq)
        graves = (each for each in brand_findings(facts, proposal) if each.severity == "error")
        return next((f"A brand fact is new since it was approved: {each.message}" for each in graves), None)

    def source(self, proposal: Proposal) -> str | None:
        """What it was translated from still says what it said then."""
        with self._database.read() as conn:
            brief = brief_of(conn, proposal)
            if brief is None or proposal.locale == brief.locales[0] or proposal.draft_id is None:
                return None
            seen = _seen(conn, proposal, brief)
            now = source_now(conn, proposal, brief)
            which = _which(conn, proposal, brief) if seen.get("draft") != now.get("draft") else ""
        if "work" in now and seen.get("work") != now["work"]:  # without one, it was forgotten: that keeps what is there
            return f"The past work that it was translated from (“{brief.source_title}”) was changed since."
        if "draft" in now and seen.get("draft") != now["draft"]:
            said = f"The version in {brief.locales[0]} that it was translated from was changed since{which}."
            return said.replace(".”.", ".”")
        return None

    def source_of(self, proposal: Proposal) -> dict[str, Any]:
        """Return what a translation's source says now, to be kept with a version that a person words anew."""
        with self._database.read() as conn:
            brief = brief_of(conn, proposal)
            if brief is None or proposal.locale == brief.locales[0]:
                return {}
            return {SEEN: source_now(conn, proposal, brief)}


def brand_findings(facts: Sequence[BrandFact], proposal: Proposal) -> tuple[Finding, ...]:
    """Return what a proposal, as it would be sent, breaks of brand facts."""
    words = {name: value for name in _WORDS if isinstance(value := proposal.payload.get(name), str)}
    content = Content.model_validate({"text": proposal.text, **words})
    return findings(facts, content, proposal.locale) if facts else ()


def source_now(conn: Connection, proposal: Proposal, brief: Brief) -> dict[str, str]:
    """Return the hashes of a translation's sources as they are: the past work, the version in the first locale."""
    found = {}
    if brief.source_work_id:
        row = conn.execute(select(works.c.title, works.c.body).where(works.c.id == brief.source_work_id)).one_or_none()
        if row is not None:  # forgotten: what was decided keeps its bytes
            found["work"] = sha256([row.title, row.body])
    if (latest := latest_source(conn, proposal, brief)) is not None:
        found["draft"] = _words(latest)
    return found


def _seen(conn: Connection, proposal: Proposal, brief: Brief) -> dict[str, str]:
    """Return the hashes of its sources as they were when it was translated, or reworded by a person since."""
    seen: dict[str, str] = {}
    source = None
    for draft in lineage(conn, str(proposal.draft_id)):
        if SEEN in draft.inputs:
            return dict(draft.inputs[SEEN])
        if draft.locale == brief.locales[0]:
            source = draft
            break
    if brief.source_work_id:
        seen["work"] = sha256([brief.source_title, brief.source_text])
    if source is not None:
        seen["draft"] = _words(source)
    return seen


def latest_source(conn: Connection, proposal: Proposal, brief: Brief) -> Draft | None:
    """Return the draft of the version in the first locale that no other one took the place of."""
    same = (
        proposals.c.brief_id == brief.id,
        proposals.c.channel == proposal.channel,
        proposals.c.variant == proposal.variant,
        proposals.c.locale == brief.locales[0],
        proposals.c.draft_id.is_not(None),
    )
    rows = conn.execute(
        select(proposals.c.draft_id).where(*same, proposals.c.superseded_by.is_(None)).order_by(proposals.c.created_at)
    ).all()
    return next(lineage(conn, rows[-1].draft_id), None) if rows else None


def _which(conn: Connection, proposal: Proposal, brief: Brief) -> str:
    """Say which of a translation's segments a changed source concerns, where that is known."""
    draft, source = next(lineage(conn, str(proposal.draft_id)), None), latest_source(conn, proposal, brief)
    if draft is None or source is None or not draft.segments:
        return ""
    lost = changed(draft.segments, source.content)
    told = [f"“{shown(each.source)}”" for each in draft.segments if each.id in lost]
    more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return f", {len(told)} of {len(draft.segments)} segments: {', '.join(told[:SHOWN])}{more}" if told else ""


def shown(text: str) -> str:
    """Return a text's beginning, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= LINE else line[: LINE - 1].rsplit(" ", 1)[0] + " …"


def lineage(conn: Connection, draft_id: str) -> Iterator[Draft]:
    """Yield a draft and those it came of, the latest first."""
    wanted: str | None = draft_id
    while wanted is not None:
        data = conn.execute(select(drafts.c.data).where(drafts.c.id == wanted)).scalar_one_or_none()
        if data is None:
            return
        draft = Draft.model_validate(data)
        yield draft
        wanted = draft.parent_id


def _words(draft: Draft) -> str:
    return sha256(draft.content.model_dump(mode="json", exclude={"tags"}))


def brief_of(conn: Connection, proposal: Proposal) -> Brief | None:
    """Return the brief that a proposal came of."""
    data = conn.execute(select(briefs.c.data).where(briefs.c.id == proposal.brief_id)).scalar_one_or_none()
    return None if data is None else Brief.model_validate(data)


def _pictures(proposal: Proposal) -> Iterator[dict[str, Any]]:
    for post in (proposal.payload, *proposal.payload.get("parts", ())):
        yield from post.get("media", ())


def _is_there(files: Files, workspace: str, digest: str) -> bool:
    try:
        return files.path(workspace, digest).is_file()
    except NotFound:
        return False
