"""How the creator writes: shown, by register, and as a score of any text."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.given_text import read_text

if TYPE_CHECKING:
    from core.drafts import VoiceScore
    from memory.voice import VoiceProfile

_REGISTER_LINES = 3
"""Sentences that a register is shown with: its shape and length first."""


def register(app: typer.Typer) -> None:
    """Add `greenroom voice`."""

    @command(app, "voice", example="greenroom voice    greenroom voice score draft.md --channel linkedin")
    def voice(
        door: Door,
        what: Annotated[str | None, typer.Argument(help="`score` to measure a file, else nothing.")] = None,
        file: Annotated[str | None, typer.Argument(help="The file to score; - is stdin.")] = None,
        channel: Annotated[
            str | None, typer.Option(help="Hold it against your works of that kind: posts, newsletters, articles.")
        ] = None,
    ) -> None:
        """Show how you write, as measured from your works; or score a text: `greenroom voice score FILE`."""
        from core.channels import channel as channel_rules
        from core.errors import WrongUse

        if channel is not None:
            channel_rules(channel)
        memory, workspace = door.studio.memory, door.studio.workspace.id
        if what == "score" and file:
            scored = memory.voice.score(workspace, read_text(file), channel=channel)
            return door.answer(scored.model_dump(mode="json"), lambda console: _show_score(console, scored))
        if what:
            raise WrongUse(f"{what!r} is not understood here.", "Use: greenroom voice, or: greenroom voice score FILE")
        profile = memory.voice.profile(workspace, channel)
        return door.answer(profile.model_dump(mode="json"), lambda console: _show_profile(console, profile))


def _show_profile(console: Any, profile: "VoiceProfile") -> None:
    for line in profile.summary or ("Not enough past work yet to measure a voice.",):
        console.print(f"· {line}", markup=False)
    for name, each in profile.registers.items():
        console.print(f"\nYour {name} ({each.works} works), held apart from the rest:")
        for line in each.summary[:_REGISTER_LINES]:
            console.print(f"· {line}", markup=False)
    if profile.not_measured:
        console.print(
            f"\nNot measured: {profile.not_measured} with several speakers, none of whom is named like this workspace, "
            "its accounts or the work's authors. A guest's words are not taken for yours."
        )


def _show_score(console: Any, scored: "VoiceScore") -> None:
    among = scored.among or "works"
    if scored.score is None or scored.interval is None:
        console.print(f"Not enough to judge by: {scored.works} {among}.")
    else:
        low, high = scored.interval
        weak = " Weak evidence: a longer text would say more." if scored.is_weak else ""
        console.print(
            f"{scored.score:.0f} of 100 (between {low:.0f} and {high:.0f}): {scored.verdict.replace('_', ' ')}, "
            f"against {scored.works} of your {among}.{weak}"
        )
    for reason in scored.reasons:
        console.print(f"· {reason.text}", markup=False)
