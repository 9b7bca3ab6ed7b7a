"""What the chat shows of a studio and takes from its cards, in plain synchronous calls."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cards import Story, card, standing
from app.mended import mends_of
from app.segment_rows import shown_beside
from app.studio import Studio
from app.wording import number_of, shortened, told
from core.channels import channels
from core.errors import AlreadyDecided, GreenroomError, NotFound, Stale
from core.proposals import OPEN_STATES, Proposal
from publishing.connecting import NEEDS

SHOWN = 6  # how many cards a new page lays out; the others are asked for
MOST = 24  # how many are laid out when they are asked for: the board lists all of them
_STARTER_WORKS = 200  # how many recent works the starters look at

_SAID = {
    "edit": "Saved. This is the new version, and it waits for you: an edit is no approval.",
    "changes": "This is the new version. It waits for you.",
}
"""What a card says after a decision; after the others, its own line on what became of it says enough."""


@dataclass(frozen=True)
class Reply:
    """An answer to a card: what to say on it, which proposals to show anew, and what to lay out besides."""

    said: str
    done: bool = False
    touched: str | None = None
    made: tuple[Proposal, ...] = ()  # approved angles: the drafts that came of them
    document: str | None = None
    taught: str | None = None  # a decision that may have taught something

    def as_json(self) -> dict[str, Any]:
        """Return what the card reads."""
        return {"said": self.said, "done": self.done} | ({} if self.document is None else {"document": self.document})


class CardTable:
    """Cards out, decisions in. Every error becomes words that a card can say; nothing is decided here."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    # cards

    def cards(self, proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
        """Return the props of each proposal's card."""
        now = self.studio.clock()
        return [card(each, self._story(each), now) for each in proposals]

    def latest(self, proposal_id: str) -> Proposal:
        """Return a proposal, or the version that has taken its place."""
        proposal = self.studio.show(proposal_id)
        while proposal.superseded_by:
            proposal = self.studio.show(proposal.superseded_by)
        return proposal

    def place(self, proposal: Proposal) -> str:
        """Return the id of a proposal's first version: all versions lie in one place on the table."""
        while proposal.supersedes:
            proposal = self.studio.show(proposal.supersedes)
        return proposal.id

    def stamps(self, proposal_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return for each proposal something that changes whenever its card must: cheap enough for every second."""
        latest = {proposal_id: self.latest(proposal_id) for proposal_id in proposal_ids}
        sent = self.studio.memory.publications.states({each.id for each in latest.values()})
        return {key: (each.id, each.state, each.stage, sent.get(each.id, "")) for key, each in latest.items()}

    # a new page

    def waiting(self) -> tuple[str, list[Proposal]]:
        """Return what to say on a new page, and the proposals to lay out: the newest brief's before the others."""
        count, laid = self.count(), self._first(SHOWN)
        if not laid:
            return "", []
        rest = count - SHOWN
        all_of_them = f"for the other {rest}, write *pending*" if count <= MOST else "the [board](/) has them all"
        more = f"Here are the first {SHOWN}; {all_of_them}." if rest > 0 else ""
        return f"## {number_of(count, 'draft waits', 'drafts wait')} for you\n\n{more}".strip(), laid

    def pending(self) -> tuple[str, list[Proposal]]:
        """Return what to say to somebody who asks what waits, and the proposals to lay out: `MOST` of them at most."""
        count, laid = self.count(), self._first(MOST)
        if not laid:
            return "Nothing waits for you.", []
        if count <= MOST:
            return "This waits for you.", laid
        return f"{count:,} drafts wait for you. Here are {MOST}; the [board](/) has them all.", laid

    def count(self) -> int:
        """Return how many proposals can be decided."""
        states, _ = self.studio.memory.board_rows.counts(self.studio.workspace.id)
        return sum(states.get(state, 0) for state in OPEN_STATES)

    def _first(self, most: int) -> list[Proposal]:
        """Return the newest brief's proposals, then the others, the longest waiting first."""
        newest = self.studio.memory.proposals.newest_brief(self.studio.workspace.id, OPEN_STATES)
        if newest is None:
            return []
        first = self.studio.proposals(states=OPEN_STATES, brief_id=newest, limit=most)
        others = self.studio.proposals(states=OPEN_STATES, limit=most + len(first))
        return [*first, *(each for each in others if each.brief_id != newest)][:most]

    def starters(self) -> list[tuple[str, str]]:
        """Return (label, message) of the best next steps, from what the workspace holds."""
        works = self.studio.works(limit=_STARTER_WORKS)
        steps = []
        if pending := self.count():
            steps.append((f"{number_of(pending, 'draft waits', 'drafts wait')} for you", "pending"))
        titled = next((work for work in works if work.title), None)
        if titled:
            ask = f"Turn \u201c{titled.title}\u201d into posts"
            steps.append((f"Turn \u201c{shortened(titled.title, 48)}\u201d into posts", ask))
        tags = Counter(tag for work in works for tag in work.tags)
        if tags:
            question = f"What did I say about {tags.most_common(1)[0][0]}?"
            steps.append((question, question))
        return steps or [("How do I bring in my past work?", "help")]

    # what a card asks for

    def decide(self, asked: Mapping[str, Any]) -> Reply:
        """Carry out a verb on the version that was shown."""
        proposal_id, verb = str(asked.get("id", "")), str(asked.get("verb", ""))
        note, body = str(asked.get("note") or ""), asked.get("body")
        try:
            result = self.studio.decide(
                proposal_id, verb, str(asked.get("sha", "")), note=note, body=None if body is None else str(body)
            )
        except GreenroomError as error:
            return self.refused(error, proposal_id)
        made = tuple(result.brief.proposals) if result.brief else ()
        return Reply(_SAID.get(verb, ""), done=True, touched=proposal_id, made=made, taught=result.decision.id)

    def undo(self, asked: Mapping[str, Any]) -> Reply:
        """Take a decision back."""
        proposal_id = str(asked.get("id", ""))
        try:
            self.studio.undo(str(asked.get("decision", "")))
        except GreenroomError as error:
            return self.refused(error, proposal_id)
        return Reply("Taken back. It waits for you again.", done=True, touched=proposal_id)

    def document(self, asked: Mapping[str, Any]) -> Reply:
        """Return what a person edits."""
        try:
            return Reply("", done=True, document=self.studio.document(str(asked.get("id", ""))))
        except GreenroomError as error:
            return self.refused(error, str(asked.get("id", "")))

    def refused(self, error: GreenroomError, proposal_id: str) -> Reply:
        """Return what to say of a decision that was not taken, calmly: who was first, or what has changed."""
        try:
            latest = self.latest(proposal_id)
        except NotFound:
            return Reply(f"{error.message} {error.hint}".strip())
        if isinstance(error, AlreadyDecided):
            return Reply(self._decided(proposal_id) or error.message, touched=latest.id)
        if isinstance(error, Stale):
            return Reply(
                "This has changed since you saw it. What you see now is how it stands; nothing was decided.",
                touched=latest.id,
            )
        return Reply(f"{error.message} {error.hint}".strip(), touched=latest.id)

    def _decided(self, proposal_id: str) -> str:
        """Say who was first."""
        story = self._story(self.studio.show(proposal_id))
        if story.decision is None:
            return ""
        return f"{told(story.decision, story.workspace.timezone, self.studio.clock())}. Your click changed nothing."

    def _story(self, proposal: Proposal) -> Story:
        memory = self.studio.memory
        former = self.studio.show(proposal.supersedes) if proposal.supersedes else None
        before = memory.decisions.for_proposal(former.id) if former else []
        decision = standing(memory.decisions.for_proposal(proposal.id))
        return Story(
            workspace=self.studio.workspace,
            ask=memory.briefs.get(proposal.brief_id).ask,
            decision=decision,
            publication=memory.publications.for_decision(decision.id) if decision else None,
            former=former,
            former_decision=next((each for each in reversed(before) if each.new_proposal_id == proposal.id), None),
            work_dates=self.dates(proposal),
            connected=self._connected(proposal),
            segments=tuple(shown_beside(self.studio, proposal)),
            mends=tuple(mends_of(self.studio, proposal)),
        )

    def _connected(self, proposal: Proposal) -> bool:
        """Say whether there is something to send it with; angles are not sent, so they lack nothing."""
        if proposal.channel not in {each.name for each in channels()}:
            return True
        needs = NEEDS.get(proposal.channel)
        if needs is None or needs.built_in:
            return needs is not None
        found = self.studio.memory.connections.find(proposal.workspace, proposal.channel, proposal.account)
        return found is not None and found.state == "connected"

    def dates(self, proposal: Proposal) -> dict[str, datetime]:
        """Return when the works behind a proposal's receipts appeared."""
        found = {}
        for work_id in {receipt.work_id for receipt in proposal.receipts if receipt.work_id}:
            try:
                work = self.studio.memory.works.get(proposal.workspace, work_id)
            except NotFound:  # forgotten since
                continue
            if work.published_at:
                found[work_id] = work.published_at
        return found
