"""What your edits taught: the rules that drafts keep to, where they come from, and your word on them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking

if TYPE_CHECKING:
    from core.preferences import Preference

Id = Annotated[str, typer.Argument(help="The rule's id, as `greenroom preferences list` shows it.")]
Note = Annotated[str, typer.Option(help="Why, for whoever looks at it next.")]
_MARKS = {"active": "●", "candidate": "○", "rejected": "✖", "faded": "◌"}


def register(app: typer.Typer) -> None:
    """Add `preferences`."""
    group = typer.Typer(
        help="Rules that your edits taught: which hold, why, and your word on them.", no_args_is_help=True
    )
    _list(group)
    _show(group)
    _accept(group)
    _reject(group)
    _undo(group)
    _learn(group)
    app.add_typer(group, name="preferences")


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom preferences list")
    def list_(
        door: Door, every: Annotated[bool, typer.Option("--all", help="Also those rejected or faded.")] = False
    ) -> None:
        """List the rules that hold, and those that ask whether they should."""
        from app.preferring import as_json, rules

        found = rules(door.studio, rejected=every)

        def show(console: Any) -> None:
            for each in found:
                _line(door, console, each)
            if not found:
                console.print("No rules yet: they come of your edits (greenroom decide ID edit …).")

        door.answer({"preferences": [as_json(door.studio, each) for each in found]}, show)


def _show(group: typer.Typer) -> None:
    @command(group, "show", example="greenroom preferences show pref_0123456789ab")
    def show(door: Door, preference_id: Id) -> None:
        """Show a rule, the edits that carry it, and all that was ever known of it."""
        from app.preferring import as_json

        history = door.studio.memory.preferences.history(door.studio.workspace.id, preference_id)

        def tell(console: Any) -> None:
            _line(door, console, history[-1])
            for edit in history[-1].support:
                console.print(f"    {edit.at:%Y-%m-%d} {edit.decision_id}: {edit.proposal_id}", markup=False)
            for each in history:
                until = f"{each.recorded_to:%Y-%m-%d}" if each.recorded_to else "now"
                console.print(f"  {each.recorded_at:%Y-%m-%d} to {until}: {each.state}", markup=False)

        shown = [as_json(door.studio, each) for each in history]
        door.answer({"preference": shown[-1], "history": shown}, tell)


def _accept(group: typer.Typer) -> None:
    @command(group, "accept", example="greenroom preferences accept pref_0123456789ab")
    def accept(door: Door, preference_id: Id, note: Note = "", as_: As = None, secret_file: SecretFile = None) -> None:
        """Let a rule hold from now on, until your newest edits say otherwise."""
        _say(door, preference_id, "accept", note, as_, secret_file)


def _reject(group: typer.Typer) -> None:
    @command(group, "reject", example="greenroom preferences reject pref_0123456789ab")
    def reject(door: Door, preference_id: Id, note: Note = "", as_: As = None, secret_file: SecretFile = None) -> None:
        """Drop a rule: no edit brings it back, only your own word."""
        _say(door, preference_id, "reject", note, as_, secret_file)


def _undo(group: typer.Typer) -> None:
    @command(group, "undo", example="greenroom preferences undo pref_0123456789ab")
    def undo(door: Door, preference_id: Id, note: Note = "", as_: As = None, secret_file: SecretFile = None) -> None:
        """Take your word on a rule back: your edits decide again."""
        _say(door, preference_id, "undo", note, as_, secret_file)


def _say(door: Door, preference_id: str, word: str, note: str, as_: str | None, secret_file: str | None) -> None:
    from app.preferring import as_json, say

    secret = speaking(door, as_, secret_file)
    said = say(door.studio, preference_id, word, by=as_, note=note, secret=secret)
    door.answer({"preference": as_json(door.studio, said)}, lambda console: _line(door, console, said))


def _learn(group: typer.Typer) -> None:
    @command(group, "learn", example="greenroom preferences learn --again")
    def learn(
        door: Door,
        again: Annotated[bool, typer.Option("--again", help="From all edits, as if for the first time.")] = False,
    ) -> None:
        """Learn from the edits you decided. It happens by itself; this also asks the model, if there is one."""
        from app.preferring import as_json
        from app.preferring import learn as learn_from

        learned = learn_from(door.studio, again=again)

        def show(console: Any) -> None:
            console.print(f"{learned.edits} edits were new; {len(learned.changed)} rules changed.")
            for each in learned.changed:
                _line(door, console, each)

        changed = [as_json(door.studio, each) for each in learned.changed]
        door.answer({"edits": learned.edits, "changed": changed, "proposed": learned.proposed}, show)


def _line(door: Door, console: Any, preference: "Preference") -> None:
    because = preference.because(door.studio.workspace.timezone)
    mark = _MARKS[preference.state]
    console.print(f"{mark} {preference.id}  {preference.says}: {because} ({preference.state})", markup=False)
    if preference.state == "candidate":
        console.print(f"    hold to it: greenroom preferences accept {preference.id}", style="bright_black")
