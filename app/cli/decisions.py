"""A person's word: decide, undo, and a new version of what was approved."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command, unexpected
from app.cli.given_text import read_text
from app.cli.secrets_given import As, SecretFile, speaking

if TYPE_CHECKING:
    from core.drafts import Attached


def register(app: typer.Typer) -> None:
    """Add `decide`, `undo` and `revise`."""
    _decide(app)
    _undo(app)
    _revise(app)


def _decide(app: typer.Typer) -> None:

    @command(app, "decide", example="greenroom decide p_0123456789ab approve --sha SHA")
    def decide(
        door: Door,
        proposal_id: Annotated[str | None, typer.Argument(help="The proposal's id.")] = None,
        verb: Annotated[str | None, typer.Argument(help="approve, edit, changes, reject or hold.")] = None,
        sha: Annotated[
            str | None, typer.Option(help="The hash that was shown. Another one is refused (exit 3).")
        ] = None,
        body_file: Annotated[str | None, typer.Option(help="edit: the new document; - is stdin.")] = None,
        note: Annotated[str, typer.Option(help="Why; for `changes`, what to change.")] = "",
        as_: As = None,
        secret_file: SecretFile = None,
        file: Annotated[str | None, typer.Option(help="Many at once: JSON lines of id, verb, sha; - is stdin.")] = None,
    ) -> None:
        """Decide a proposal exactly as it was shown to you. `edit` and `changes` make a new one that waits."""
        from core.errors import WrongUse

        if file:
            text = read_text(file)
            return _batch(door, text, as_, speaking(door, as_, secret_file))
        if not (proposal_id and verb and sha):
            raise WrongUse(
                "A decision needs a proposal, a verb and the hash that was shown.",
                "For example: greenroom decide ID approve --sha SHA",
            )
        body = read_text(body_file) if body_file else None
        secret = speaking(door, as_, secret_file)
        result = door.studio.decide(proposal_id, verb, sha, by=as_, note=note, body=body, secret=secret)
        return door.answer(
            {**result.as_json(), "rules": _asking(door, result)}, lambda console: _show_decided(door, console, result)
        )


def _asking(door: Door, result: Any) -> list[dict[str, Any]]:
    """Return the rules that this edit lets ask: whether drafts should keep to them from now on."""
    from app.preferring import as_json, asked_by

    if result.decision.verb not in ("edit", "changes"):
        return []
    return [as_json(door.studio, each) for each in asked_by(door.studio, result.decision.id)]


def _show_decided(door: Door, console: Any, result: Any) -> None:
    _show(console, result)
    for rule in _asking(door, result):
        console.print(f"○ {rule['card']['question']}\n    {rule['card']['accept']}", markup=False)


def _undo(app: typer.Typer) -> None:
    @command(app, "undo", example="greenroom undo dec_0123456789ab")
    def undo(
        door: Door,
        decision_id: Annotated[str, typer.Argument(help="The decision's id.")],
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Take a decision back, as long as nothing is being sent."""
        proposal = door.studio.undo(decision_id, by=as_, secret=speaking(door, as_, secret_file))
        body = {"proposal": proposal.as_json(), "undone": decision_id}
        door.answer(body, lambda console: console.print(f"Taken back. {proposal.id} waits for you again."))


def _revise(app: typer.Typer) -> None:
    @command(app, "revise", example="greenroom revise p_0123456789ab --at '2026-11-24 08:30'")
    def revise(
        door: Door,
        proposal_id: Annotated[str, typer.Argument(help="The proposal's id.")],
        body_file: Annotated[str | None, typer.Option(help="The new document; - is stdin.")] = None,
        at: Annotated[str | None, typer.Option(help="A new time, or `none`: on approval.")] = None,
        image: Annotated[
            list[str] | None, typer.Option(help='Its pictures from now on: "PATH=what it shows". May be repeated.')
        ] = None,
        no_images: Annotated[bool, typer.Option("--no-images", help="No pictures any more.")] = False,
        account: Annotated[str | None, typer.Option(help="The account it is for now, as the workspace has it.")] = None,
        note: Annotated[str, typer.Option(help="Why, for whoever looks at it next.")] = "",
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Change what was approved, missed its time or is out of date: a new version waits, the approval is void."""
        from app.cli.briefs import when
        from app.revising import When, Wish

        wanted: When = "keep" if at is None else None if at == "none" else when(door, _a_time(at))
        pictures = _pictures(door, image, no_images)
        wish = Wish(read_text(body_file) if body_file else None, wanted, account, note, pictures)
        result = door.studio.revise(proposal_id, wish, by=as_, secret=speaking(door, as_, secret_file))
        door.answer(result.as_json(), lambda console: show_revision(console, result, door.studio.workspace.timezone))


def _pictures(door: Door, images: list[str] | None, none: bool) -> "tuple[Attached, ...] | None":
    """Return what `--image` and `--no-images` say: None leaves the pictures as they are."""
    from app.attaching import attach
    from core.errors import WrongUse

    if images and none:
        raise WrongUse("--image and --no-images exclude each other.", "Give one of them.")
    if not images and not none:
        return None
    return attach(door.studio.memory, door.studio.workspace.id, images or [])


def _a_time(at: str) -> str:
    from core.errors import BadInput

    if at == "auto":
        raise BadInput("Which time?", "Give it with: --at '2026-11-24 08:30', or --at none")
    return at


def show_revision(console: Any, result: Any, zone: str) -> None:
    """Print a new version as a card, the approval that it cost, and how to approve it."""
    from app.cli.cards import show_card

    if result.voided:
        console.print(f"The approval of {result.voided.proposal} is void. {result.voided.reason}", markup=False)
    show_card(console, result.proposal, zone)
    again = f"  greenroom decide {result.proposal.id} approve --sha {result.proposal.sha}"
    console.print(again, soft_wrap=True)


def _show(console: Any, result: Any) -> None:
    from rich.markup import escape

    from app.cli.cards import mark, show_card

    proposal, decision = result.proposal, result.decision
    console.print(
        f"{mark(proposal.state)}  {proposal.id} ({proposal.channel}): {decision.verb} by {escape(decision.by)}"
    )
    console.print(f"  take it back with: greenroom undo {decision.id}", style="bright_black")
    if result.publication:
        console.print(
            f"  due {result.publication.due_at:%Y-%m-%d %H:%M} UTC; send what is due with: greenroom publish-due"
        )
    if result.new_proposal:
        show_card(console, result.new_proposal)
    if result.brief:
        console.print(f"  {len(result.brief.proposals)} drafts wait for you: greenroom pending")


def _batch(door: Door, text: str, by: str | None, secret: str | None) -> None:
    from core.errors import GreenroomError

    results, code = [], 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            results.append(_one(door, line, number, by, secret))
        except Exception as caught:  # noqa: BLE001 - a line that fails must not hide what the lines before it did
            error = caught if isinstance(caught, GreenroomError) else unexpected(caught)
            told = {"kind": error.kind, "message": error.message, "hint": error.hint, **error.details}
            results.append({"line": number, "error": told})
            code = code or error.exit_code
    door.answer({"results": results}, lambda console: _show_batch(console, results))
    if code:
        raise typer.Exit(code)


def _one(door: Door, line: str, number: int, by: str | None, secret: str | None) -> dict[str, Any]:
    from core.errors import BadInput

    try:
        row = json.loads(line)
        wanted = {key: row[key] for key in ("id", "verb", "sha")} | {"note": row.get("note", "")}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput(f"Line {number} is not JSON with id, verb and sha.") from None
    body = row.get("body")
    if not all(isinstance(value, str) for value in (*wanted.values(), body or "")):
        raise BadInput(f"Line {number}: id, verb, sha, note and body are text.")
    result = door.studio.decide(
        wanted["id"], wanted["verb"], wanted["sha"], by=by, note=wanted["note"], body=body, secret=secret
    )
    return {"line": number, **result.as_json()}


def _show_batch(console: Any, results: list[dict[str, Any]]) -> None:
    for row in results:
        if "error" in row:
            console.print(f"✖ line {row['line']}: {row['error']['message']}", markup=False)
        else:
            console.print(f"✔ {row['proposal']['id']}: {row['decision']['verb']}", markup=False)
