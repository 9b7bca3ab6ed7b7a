"""Proposals and publications as the terminal shows them: shape, colour and word, always together."""

from typing import TYPE_CHECKING, Any

from app.beside import beside
from core.counting import lengths
from core.pictures import described, pictures_of
from core.proposals import MARKS, Proposal
from core.publications import Publication

if TYPE_CHECKING:
    from rich.console import Console

    from core.drafts import Draft

RICH_COLOURS = {"grey": "bright_black", "amber": "yellow", "green": "green", "red": "red", "blue": "blue"}
REHEARSAL = "rehearsal: assembled from your own words, no language model"


def mark(state: str) -> str:
    """Return a state as a shape in its colour, and its word."""
    colour, _shape, character = MARKS[state]
    return f"[{RICH_COLOURS[colour]}]{character} {state}[/]"


def show_card(console: "Console", proposal: Proposal, zone: str = "UTC") -> None:
    """Print one proposal with all that a decision needs; `zone`: whose clock its times are told by."""
    from rich.markup import escape

    console.print(
        f"\n{mark(proposal.state)}  [bold]{proposal.channel}[/] · {proposal.locale} · {escape(proposal.account)}"
    )
    console.print(f"  {proposal.id}   sha {proposal.sha}", style="bright_black")
    if proposal.reason and proposal.state == "stale":
        console.print(f"  stale: {escape(proposal.reason)}")
        console.print(f"  make a new version with: greenroom revise {proposal.id}", style="bright_black")
    if proposal.provenance.varies:
        console.print(f"  version {proposal.variant}: {escape(proposal.provenance.varies.words)}")
    for name in ("subject", "preheader", "title", "summary"):
        if proposal.payload.get(name):
            console.print(f"  {name}: {escape(str(proposal.payload[name]))}")
    console.rule(style="bright_black")
    console.print(escape(proposal.text))
    console.rule(style="bright_black")
    for name, words in beside(proposal.payload):
        console.print(f"  {name.lower():<9} {escape(words)}")
    for picture in pictures_of(proposal.payload):
        console.print(f"  picture   {escape(picture.name)}: {escape(picture.alt or 'no alt text')}")
        console.print(f"            {described(picture)}", style="bright_black")
    console.print("  " + escape(_counters(proposal)), style="bright_black")
    for line in why(proposal, zone):
        console.print("  " + escape(line))


def _counters(proposal: Proposal) -> str:
    counted = [
        f"{length.used} of {length.limit} {length.unit}" if length.limit else f"{length.used} {length.unit}"
        for length in lengths(proposal.channel, proposal.text)
    ]
    return " · ".join([*counted, "exactly what will be sent"])


def why(proposal: Proposal, zone: str = "UTC") -> list[str]:
    """Return the lines that stand beside a proposal: voice, receipts, checks, origin, time."""
    lines = []
    voice = proposal.voice
    if voice and voice.score is not None and voice.interval:
        reason = f": {voice.reasons[0].text}" if voice.reasons else ""
        lines.append(
            f"voice     {voice.score:.0f} of 100 (between {voice.interval[0]:.0f} and {voice.interval[1]:.0f}){reason}"
        )
    elif voice:
        lines.append(f"voice     not enough to judge by ({voice.works} works)")
    lines += [f"leans on  “{_short(r.quote)}” ({r.title})" for r in proposal.receipts[:4]]
    lines += [f"{f.severity:<9} {f.message}" for f in proposal.findings]
    origin = REHEARSAL if proposal.provenance.model == "rehearsal" else f"model {proposal.provenance.model}"
    edited = proposal.provenance.inputs.get("edited_by")
    lines.append(f"made with {origin}" + (f", then edited by {edited}" if edited else ""))
    return [*lines, *_times(proposal, zone)]


def _times(proposal: Proposal, zone: str) -> list[str]:
    from core.whens import in_words

    lines = []
    if proposal.not_before:
        lines.append(f"embargo   not before {in_words(proposal.not_before, zone)}: part of what you approve")
    if proposal.at:
        lines.append(f"goes out  {in_words(proposal.at, zone)}, once approved")
    elif proposal.suggested_at:
        lines.append(f"time      on approval; a good one would be {in_words(proposal.suggested_at, zone)}")
        lines.append(f"why then  {proposal.suggested_reason}")
    return lines


def show_mends(console: "Console", mends: list[dict[str, Any]]) -> None:
    """Print how often a draft was revised before anybody saw it, and where the version that was not kept is."""
    from app.mended import in_short

    if mends:
        console.print(f"  revised   {in_short(mends)}", markup=False)
    for other in (each["other"] for each in mends if each["other"]):
        console.print(f"            the other version: greenroom show {other['draft']}", style="bright_black")


def show_draft(console: "Console", draft: "Draft") -> None:
    """Print one version of a draft with what was found in it: nothing that can be decided."""
    console.print(f"{draft.channel} · {draft.locale} · {draft.id}, revision {draft.revision}: kept, never sent")
    for name in ("subject", "preheader", "title", "summary"):
        if value := getattr(draft.content, name):
            console.print(f"  {name}: {value}", markup=False)
    console.rule(style="bright_black")
    console.print(draft.content.text, markup=False)
    console.rule(style="bright_black")
    for found in draft.findings:
        console.print(f"  {found.severity:<9} {found.message}", markup=False)


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + " …"


def show_list(console: "Console", proposals: list[Proposal]) -> None:
    """Print proposals as a table, or what to do when there are none."""
    from rich.markup import escape
    from rich.table import Table

    if not proposals:
        console.print('Nothing waits for you. Start with:  greenroom brief "What you want to announce"')
        return
    table = Table("state", "id", "channel", "text", "sha", box=None, pad_edge=False)
    for p in proposals:
        first = p.text.strip().splitlines()[0] if p.text.strip() else ""
        table.add_row(mark(p.state), p.id, f"{p.channel} {p.locale}", escape(_short(first, 60)), p.sha[:12] + "…")
    console.print(table)
    console.print("Look at one with: greenroom show ID", style="bright_black")


def show_publications(console: "Console", rows: list[Publication]) -> None:
    """Print the outbox with every reason in view."""
    from rich.markup import escape
    from rich.table import Table

    if not rows:
        console.print("Nothing was approved yet, so nothing is on its way.")
        return
    table = Table("state", "id", "channel", "due (UTC)", "where, or why not", box=None, pad_edge=False)
    for p in rows:
        table.add_row(p.state, p.id, p.channel, f"{p.due_at:%Y-%m-%d %H:%M}", escape(p.url or p.reason))
    console.print(table)
