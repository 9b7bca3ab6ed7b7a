"""The main job in the terminal, for someone with no browser."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.door import Door

if TYPE_CHECKING:
    from core.proposals import Proposal

ASK = "Announce episode 41, The slow harbour"
CHANNELS = ("bluesky", "mastodon", "linkedin", "x", "newsletter", "site")


def walk(door: Door, *, approve: bool) -> None:
    """Import, brief, six drafts, the checkpoint, publish, and where to look."""
    from app.cli.briefs import steps
    from app.cli.cards import show_card
    from app.cli.material import importing
    from app.founding import SAMPLE, found_sample

    console = door.console
    space, folder = found_sample(door.settings)
    report = importing(door, [folder], workspace=space.id)
    console.print(f"[bold]1. Past work.[/] {space.name}: {report.works} works are remembered.")

    source = str(SAMPLE / "brief-source.md")
    with steps(door) as progress:
        result = door.studio.start(ASK, from_=source, channels=CHANNELS, progress=progress)
    console.print(f"\n[bold]2. A brief.[/] “{ASK}”, from the notes for it: {len(result.proposals)} drafts.")
    for proposal in result.proposals:
        show_card(console, proposal)

    console.print("\n[bold]3. The checkpoint.[/] Nothing has left. The own-site draft is the one to decide here.")
    site = next(p for p in result.proposals if p.channel == "site")
    if not _approves(door, site, approve):
        return _how_to_decide(door, site, result.as_json())
    decided = door.studio.decide(site.id, "approve", site.sha)
    console.print(f"   Approved by {decided.decision.by}, for exactly the bytes with sha {site.sha[:12]}…")

    published = door.studio.publish_due().published
    url = published[0].url if published else None
    console.print("\n[bold]4. Published, once.[/] Look at it here:")
    console.print(f"   {url}", soft_wrap=True)
    console.print("   The other five wait for you: greenroom pending")
    return door.answer({**result.as_json(), "decided": decided.as_json(), "url": url}, lambda _console: None)


def _approves(door: Door, site: "Proposal", approve: bool) -> bool:
    if approve:
        return True
    if door.json or not sys.stdin.isatty():
        return False
    door.console.print(f"   Approve {site.id} exactly as shown above, to publish it on the own site? [y/N] ", end="")
    return input().strip().lower() in ("y", "yes")


def _how_to_decide(door: Door, site: "Proposal", result: dict[str, Any]) -> None:
    home = f" --home {door.settings.home}" if door.settings.home != Path.home() / ".greenroom" else ""
    where = f" --workspace {site.workspace}{home}"
    lines = (
        "   It waits, and nothing was decided. To approve it exactly as shown, then publish:",
        f"   greenroom decide {site.id} approve --sha {site.sha}{where}",
        f"   greenroom publish-due{where}",
    )
    door.answer(result, lambda console: console.print("\n".join(lines), soft_wrap=True, markup=False))
