"""One proposal with everything that is needed to decide it, as the board's middle and side show it."""

import re
from typing import TYPE_CHECKING, Any

from app.board.batch import alike
from app.card_table import CardTable
from app.modelling import currency_of
from app.segment_rows import shown_beside
from app.wording import number_of, word_diff
from core.errors import NotFound
from core.locales import direction
from core.proposals import Proposal
from memory.usage import shares

if TYPE_CHECKING:
    from app.board.deciding import Deciding
    from app.studio import Studio

_PART = re.compile(r"(https?://\S+|(?:^|(?<=\s))[#@][^\W_][\w.@-]*)")
FOLDS = {"linkedin": 210, "instagram": 125, "threads": 500}
"""Characters that a reader sees before "more", about: what stands behind it is read by few."""

_SEGMENT_MARKS = {"approved": "disc-tick", "void": "octagon", "empty": "dashed-circle"}


class Showing:
    """Makes what the templates lay out. Text of works and drafts stays text: the templates escape it."""

    def __init__(self, studio: "Studio", table: CardTable, deciding: "Deciding") -> None:
        self._studio = studio
        self._table = table
        self._deciding = deciding

    def card(self, proposal_id: str, seen: str | None = None) -> dict[str, Any]:
        """Return the latest version of a proposal. `seen`: the version that this person saw last. Raises NotFound."""
        asked = self._studio.show(proposal_id)
        proposal = self._table.latest(proposal_id)
        [card] = self._table.cards([proposal])
        return {
            **card,
            "root": self._table.place(proposal),
            "carry": card["copy"],
            "alike": self._alike(proposal),
            "document": self._studio.reviewing.document(proposal) if card["open"] else "",
            "posts": _posts(proposal),
            "fold": FOLDS.get(proposal.channel, 0),
            "changed": self._since(proposal, seen) or card["changed"],
            "reasons": [each.text for each in proposal.voice.reasons[:4]] if proposal.voice else [],
            "receipts": self._receipts(proposal),
            "rows": self._segments(proposal),
            "cost": self._cost(proposal),
            "made": _made(proposal),
            "replaced": proposal.superseded_by is None and proposal.state == "superseded",
            "failed": self._deciding.failed.get(asked.id, "") or self._deciding.failed.get(proposal.id, ""),
            "errors": sum(each.severity == "error" for each in proposal.findings),
        }

    def _since(self, proposal: Proposal, seen: str | None) -> dict[str, Any] | None:
        """Return the words that differ from the version this person saw last, if it was another one."""
        if not seen or seen == proposal.id:
            return None
        try:
            former = self._studio.show(seen)
        except NotFound:
            return None
        if self._table.place(former) != self._table.place(proposal):
            return None
        parts = word_diff(former.text, proposal.text)
        changed = any(op != "same" for op, _ in parts)
        return {"words": "Since you last saw it:", "parts": parts} if changed else None

    def _alike(self, proposal: Proposal) -> int:
        try:
            return len(alike(self._deciding.watch.kept, proposal.id))
        except NotFound:
            return 0

    def _receipts(self, proposal: Proposal) -> list[dict[str, str]]:
        dates = self._table.dates(proposal)
        names = {"work": "a past work", "source": "the text you gave", "brief": "your request"}
        return [
            {
                "quote": each.quote,
                "source": names["brief"] if each.origin == "brief" else each.title or names[each.origin],
                "day": f"{day.day} {day:%B %Y}" if (day := dates.get(each.work_id or "")) else "",
                "href": f"/works/{each.work_id}" if each.work_id else "",
            }
            for each in sorted(proposal.receipts, key=lambda receipt: receipt.origin != "work")
        ]

    def _segments(self, proposal: Proposal) -> list[dict[str, Any]]:
        source = self._studio.memory.briefs.get(proposal.brief_id).locales[0]
        return [
            {
                **row,
                "mark": _SEGMENT_MARKS.get(row["state"], "triangle"),
                "source_locale": source,
                "source_dir": direction(source),
            }
            for row in shown_beside(self._studio, proposal)
        ]

    def _cost(self, proposal: Proposal) -> str:
        """Say what this proposal's part of its brief's model calls came to."""
        rows = self._studio.memory.usage.list(proposal.workspace, proposal.brief_id)
        if not rows:
            return "No model was asked, so it cost nothing."
        others = self._studio.memory.proposals.list(proposal.workspace, brief_id=proposal.brief_id)
        mine = next((each for each in shares(rows, "proposal", proposals=others) if each.key == proposal.id), None)
        if mine is None:
            return "No model was asked for this version."
        tokens = number_of(round(mine.input_tokens + mine.output_tokens), "token", "tokens")
        price = "price not known" if mine.unpriced else f"{mine.cost:.2f} {currency_of(self._studio)}"
        return f"{tokens}, {price}"


def _made(proposal: Proposal) -> list[str]:
    """Return where it came from, beside the line that the card has."""
    when = f"{proposal.provenance.created_at:%Y-%m-%d %H:%M} UTC"
    asked = "" if proposal.requested_by == "owner" else f", asked for by {proposal.requested_by}"
    return [f"made {when}{asked}"]


def _posts(proposal: Proposal) -> list[dict[str, Any]]:
    """Return a post, or each post of a thread, in pieces: plain words, and what is a link there."""
    parts = proposal.payload.get("parts") or [{**proposal.payload, "text": proposal.text}]
    return [{"pieces": pieces(str(each.get("text", ""))), "embed": _embed(each)} for each in parts]


def _embed(post: dict[str, Any]) -> dict[str, str] | None:
    card = post.get("embed")
    if not isinstance(card, dict) or not card.get("uri"):
        return None
    address = str(card["uri"])
    host = re.sub(r"^\w+://([^/?#]*).*$", r"\1", address, flags=re.DOTALL)
    return {"title": str(card.get("title") or address), "about": str(card.get("description") or ""), "host": host}


def pieces(text: str) -> list[tuple[bool, str]]:
    """Return a text as (is a link, words) pieces; nothing of it becomes a real link: a draft leads nowhere."""
    return [(bool(place % 2), part) for place, part in enumerate(_PART.split(text)) if part]
