"""A proposal as a card: every word, number and mark that a page shows of it, as plain JSON values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

from app.beside import beside
from app.mended import in_short
from app.wording import STATES, clock, number_of, place, shortened, told, wall_time, word_diff
from core.channels import channel, channels
from core.counting import lengths
from core.decisions import Decision
from core.drafts import Finding, Picture, Receipt, VoiceScore
from core.locales import direction
from core.pictures import described, pictures_of
from core.proposals import MARKS, OPEN_STATES, Proposal
from core.publications import Publication
from core.works import Workspace
from publishing.connecting import NEEDS
from publishing.wire.markdown import to_html

SHOWN_RECEIPTS = 3

_SEVERITY = {"error": "Must be mended:", "warning": "Look at:", "note": "Note:"}
_VERDICT = {"in_voice": "in your voice", "off_voice": "not quite your voice", "not_enough": "not enough to judge"}
OUT = {"published": "live", "rejected": "failed", "needs_human": "failed", "missed": "failed"}
_NOT_CERTAIN = ("armed", "unknown", "reconciling")
_KINDS = {"newsletter": "letter", "site": "page", "wordpress": "page", "webhook": "page", "angles": "page"}
_PAUSED = ("paused_auth", "paused_quota")
_UNDOABLE = (None, "scheduled", "missed", *_PAUSED)


@dataclass(frozen=True)
class Story:
    """What surrounds a proposal: whose it is, what was asked, what people did with it, where it stands."""

    workspace: Workspace
    ask: str = ""
    decision: Decision | None = None  # the one that stands
    publication: Publication | None = None
    former: Proposal | None = None  # the version before this one
    former_decision: Decision | None = None  # what led to this version
    connected: bool = False  # whether there is something to send it with
    work_dates: dict[str, datetime] = field(default_factory=dict)  # when the works behind the receipts appeared
    segments: tuple[dict[str, Any], ...] = ()  # of a translation, each beside its source
    mends: tuple[dict[str, Any], ...] = ()  # revisions that were made before anybody saw it


def standing(decisions: Iterable[Decision]) -> Decision | None:
    """Return the latest decision that was not taken back; one that settles a proposal stands above a hold."""
    kept = [each for each in decisions if each.undone_by is None]
    return max(kept, key=lambda each: (each.at, each.verb != "hold"), default=None)


def card(proposal: Proposal, story: Story, now: datetime) -> dict[str, Any]:
    """Return a proposal as the review card's props."""
    state = shown_state(proposal, story.publication)
    colour, shape, _ = MARKS[state]
    undo = _undo(proposal, story)
    return {
        "id": proposal.id,
        "sha": proposal.sha,
        "short_sha": proposal.sha[:12],
        "sha_label": "An approval covers exactly this:",
        "channel": proposal.channel,
        "title": title(proposal),
        "sub": _sub(proposal, story),
        "locale": proposal.locale,
        "dir": direction(proposal.locale),
        "author": story.workspace.name,
        "account": proposal.account,
        "state": {"name": state, "colour": colour, "shape": shape, "word": STATES[state]},
        "open": proposal.state in OPEN_STATES,
        "preview": _preview(proposal),
        "meters": _meters(proposal),
        "exact": "exactly what will be sent" if story.connected else "exactly what is kept for you to copy",
        "when": _when(proposal, story, now),
        "changed": _changed(proposal, story),
        "voice": _voice(proposal.voice),
        "findings": [_finding(each) for each in proposal.findings],
        "segments": _segments(proposal, story),
        "revised": _revised(story),
        "receipts": [_receipt(each, story.work_dates) for each in _works_first(proposal)[:SHOWN_RECEIPTS]],
        "more_receipts": _more(len(proposal.receipts) - SHOWN_RECEIPTS),
        "provenance": provenance(proposal),
        "outcome": _outcome(proposal, story, now),
        "url": _url(proposal, story),
        "undo": undo.id if undo else None,
        "copy": _copy(proposal, story),
    }


def shown_state(proposal: Proposal, publication: Publication | None) -> str:
    """Return the state a person cares about: once it is on its way, what became of it."""
    if publication is None or proposal.state not in ("approved", "scheduled", "live"):
        return proposal.state
    waits = "scheduled" if publication.grace_minutes is not None else "approved"
    return OUT.get(publication.state, waits)


def _segments(proposal: Proposal, story: Story) -> dict[str, str] | None:
    """Say how far a translation's review is, and where it goes on; nothing for a source."""
    states = [row["state"] for row in story.segments]
    if not states:
        return None
    again = states.count("void")
    more = f", {again} to be looked at again" if again else ""
    return {
        "href": f"/segments/{proposal.id}",
        "words": f"{states.count('approved')} of {len(states)} segments approved{more}",
    }


def _revised(story: Story) -> dict[str, Any] | None:
    """Say how often a draft was revised and what came of it, with the versions that were not kept."""
    if not story.mends:
        return None
    others = [each["other"] for each in story.mends if each["other"]]
    return {"words": in_short(list(story.mends)), "others": others}


def title(proposal: Proposal) -> str:
    """Return the channel's name, with language and variant where there are several."""
    names = {each.name: each.label for each in channels()} | {"angles": "Angles"}
    varies = proposal.provenance.varies
    version = f", version {proposal.variant}" if proposal.variant > 1 or varies else ""
    version += f" ({varies.words})" if varies else ""
    return names.get(proposal.channel, proposal.channel) + version


def provenance(proposal: Proposal) -> str:
    """Say what made the draft, and who edited it since."""
    by = proposal.provenance.inputs.get("edited_by")
    edited = f"; edited by {'you' if by == 'owner' else by}" if by else ""
    return _made_by(proposal) + edited


def _made_by(proposal: Proposal) -> str:
    if proposal.provenance.model == "rehearsal":
        return "rehearsal: assembled from your own words, no language model"
    if proposal.provenance.model == "person":
        return "your own wording"
    prompt = proposal.provenance.prompt_versions.get("draft", "")
    return f"{proposal.provenance.model}" + (f", draft prompt {prompt[:6]}" if prompt else "")


def _sub(proposal: Proposal, story: Story) -> str:
    language = proposal.locale if proposal.locale != story.workspace.locale else ""
    ask = f"for \u201c{shortened(story.ask, 70)}\u201d" if story.ask else ""
    return " \u00b7 ".join(part for part in (language, place(story.workspace.timezone), ask) if part)


def _preview(proposal: Proposal) -> dict[str, Any]:
    payload = proposal.payload
    kind = _KINDS.get(proposal.channel, "post")
    has_page = bool(payload.get("page") or payload.get("html"))
    plain = unescape if proposal.channel == "wordpress" else str  # there the title is HTML, as it is stored
    return {
        "kind": kind,
        "fields": _fields(proposal),
        "pictures": [_picture(each, proposal.workspace) for each in pictures_of(payload)],
        "title": plain(payload.get("title") or ""),
        "summary": plain(payload.get("summary") or payload.get("excerpt") or ""),
        "text": proposal.text,
        "html": None if kind == "post" else _html(proposal.text),
        "page": f"/preview/{proposal.id}/" if has_page else None,
    }


def _picture(picture: Picture, workspace: str) -> dict[str, Any]:
    return {
        "src": f"/files/{workspace}/{picture.sha256}",
        "alt": picture.alt,
        "words": f"{picture.name}: {picture.alt or 'no alt text'}",
        "facts": described(picture),
    }


def _fields(proposal: Proposal) -> list[list[str]]:
    """Return what goes out beside the text and stands in no page of its own."""
    payload = proposal.payload
    data = payload["body"]["data"] if proposal.channel == "webhook" else payload
    tags = ", ".join(data.get("tags", ())) if proposal.channel in ("webhook", "wordpress") else ""
    named = (("Subject", payload.get("subject")), ("Preview", payload.get("preheader")), ("Tags", tags))
    return [[name, value] for name, value in (*named, *beside(payload)) if value]


def _meters(proposal: Proposal) -> list[dict[str, Any]]:
    if proposal.channel not in {each.name for each in channels()}:
        return []
    return [
        {
            "used": f"{each.used:,}",
            "limit": f"{each.limit:,}" if each.limit else None,
            "unit": each.unit,
            "over": each.over > 0,
        }
        for each in lengths(proposal.channel, proposal.text)
    ]


def _when(proposal: Proposal, story: Story, now: datetime) -> str:
    zone = story.workspace.timezone
    if proposal.channel == "angles":
        return "Approving goes on with these angles; nothing is sent yet."
    if not story.connected:
        return _kept(proposal, story.workspace, now)
    embargo = _embargo(proposal, zone, now)
    if proposal.at:
        late = f", at most {proposal.grace_minutes} minutes late" if proposal.grace_minutes else ""
        said = f"Goes out {clock(proposal.at, zone, now)}{late}. The time is part of what you approve."
        return f"{said} {embargo}".rstrip()
    if embargo:
        return f"{embargo} Approved, it waits until then. {_good_time(proposal, zone)}".rstrip()
    return f"Goes out as soon as you approve it. {_good_time(proposal, zone)}".rstrip()


def _embargo(proposal: Proposal, zone: str, now: datetime) -> str:
    """Say until when it is kept back; nothing where that is over."""
    if proposal.not_before is None or proposal.not_before <= now:
        return ""
    return f"Under an embargo: not before {clock(proposal.not_before, zone, now)}, which is part of what you approve."


def _kept(proposal: Proposal, workspace: Workspace, now: datetime) -> str:
    zone = workspace.timezone
    embargo = _embargo(proposal, zone, now)
    says = f"{channel(proposal.channel).label} is not connected yet: approving keeps exactly this text for you to copy."
    if connect := to_connect(proposal):
        says += f" It goes out by itself if you connect the account ({connect})."
    says = f"{says} {embargo}".rstrip()
    if proposal.at:
        return f"{says} It is meant for {clock(proposal.at, zone, now)}; the time is part of what you approve."
    return f"{says} {_good_time(proposal, zone)}".rstrip()


def _good_time(proposal: Proposal, zone: str) -> str:
    if not proposal.suggested_at:
        return ""
    by_default = "defaults are not measured." in proposal.suggested_reason
    reason = "default slot, not measured" if by_default else proposal.suggested_reason.rstrip(".")
    return f"A good time would be {wall_time(proposal.suggested_at, zone)}{f' ({reason})' if reason else ''}."


def to_connect(proposal: Proposal) -> str:
    """Return what connects a proposal's account; nothing where this version has no sender for its channel."""
    return f"greenroom channels add {proposal.channel}" if proposal.channel in NEEDS else ""


def _copy(proposal: Proposal, story: Story) -> str | None:
    """Return the text that a person carries to its channel by hand: approved, and nothing here can send it."""
    if proposal.state not in ("approved", "scheduled") or story.connected:
        return None
    return None if story.publication and story.publication.state == "published" else proposal.text


def _html(text: str) -> str:
    """Return Markdown as HTML without raw HTML in it; links open beside the chat, never in its place."""
    return to_html(text).replace("<a href=", '<a target="_blank" rel="noreferrer" href=')


def _voice(voice: VoiceScore | None) -> dict[str, Any] | None:
    if voice is None:
        return None
    low, high = (round(each) for each in voice.interval) if voice.interval else (0, 0)
    between = f", between {low} and {high}" if voice.interval and voice.score is not None else ""
    return {
        "score": None if voice.score is None else round(voice.score),
        "low": low,
        "high": high,
        "words": f"{_VERDICT[voice.verdict]}{between}, measured on {number_of(voice.works, 'work', 'works')} of yours",
        "reason": voice.reasons[0].text if voice.reasons else "",
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {"severity": finding.severity, "word": _SEVERITY[finding.severity], "message": finding.message}


def _receipt(receipt: Receipt, dates: dict[str, datetime]) -> dict[str, str]:
    origin = {"work": receipt.title, "source": receipt.title or "the text you gave", "brief": "your request"}
    day = dates.get(receipt.work_id or "")
    return {"quote": receipt.quote, "source": origin[receipt.origin] + (f", {day.day} {day:%B %Y}" if day else "")}


def _works_first(proposal: Proposal) -> list[Receipt]:
    return sorted(proposal.receipts, key=lambda each: each.origin != "work")


def _more(count: int) -> str:
    return f"and {count} more line{'' if count == 1 else 's'} with a source" if count > 0 else ""


def _outcome(proposal: Proposal, story: Story, now: datetime) -> str:
    decision, zone = story.decision, story.workspace.timezone
    if proposal.superseded_by:
        did = f"{told(decision, zone, now)}. " if decision else ""
        return f"{did}A newer version took its place."
    if proposal.state == "stale":
        return f"Out of date: {proposal.reason or 'what it was made from has changed.'} Nothing is sent."
    if decision is None:
        return ""
    note = f": \u201c{decision.note}\u201d" if decision.note else ""
    return f"{told(decision, zone, now)}{note}. {_fate(proposal, story, now)}".rstrip()


def _fate(proposal: Proposal, story: Story, now: datetime) -> str:
    publication, zone = story.publication, story.workspace.timezone
    if publication is None:
        return "It will not be sent." if proposal.state == "rejected" else ""
    if not story.connected and publication.state in ("scheduled", "preparing", *_PAUSED):
        return f"{channel(proposal.channel).label} is not connected yet: this text is kept for you to copy."
    if publication.state == "published" and publication.published_at:
        return f"Live since {clock(publication.published_at, zone, now)}."
    if said := _says(publication):
        return f"{said} {publication.reason}".strip()
    return f"It goes out {clock(publication.due_at, zone, now)}." if publication.due_at > now else "It is on its way."


def _says(publication: Publication) -> str:
    """Return what is known of a publication that is neither live nor simply on its way: no "not sent" unproved."""
    if publication.state in _PAUSED:
        return "It is kept until it can go."
    if publication.state in _NOT_CERTAIN:
        return "It is not certain yet whether it is live."
    if publication.state == "needs_human" and publication.attempts:
        return "It may be live: look there, then decide (greenroom publications)."
    return "It was not sent." if publication.state in OUT else ""


def _url(proposal: Proposal, story: Story) -> str | None:
    publication = story.publication
    if publication is None or publication.state != "published":
        return None
    if proposal.channel == "site":
        return "/site/" + str(proposal.payload.get("path", "")).removesuffix("index.html")
    return publication.url if publication.url and publication.url.startswith(("http://", "https://")) else None


def _undo(proposal: Proposal, story: Story) -> Decision | None:
    decision = story.decision
    if decision is None or proposal.superseded_by or decision.verb not in ("approve", "reject", "hold"):
        return None
    state = story.publication.state if story.publication else None
    return decision if state in _UNDOABLE else None


def _changed(proposal: Proposal, story: Story) -> dict[str, Any] | None:
    if story.former is None:
        return None
    by = story.former_decision
    asked = by is not None and by.verb == "changes"
    words = "Since you asked for changes:" if asked else "Since the version before:"
    parts = word_diff(story.former.text, proposal.text)
    return {"words": words, "parts": parts} if any(op != "same" for op, _ in parts) else None
