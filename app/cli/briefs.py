"""Briefs, and what waits."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.given_text import read_text
from app.visible import shown_on, visible

if TYPE_CHECKING:
    from app.campaigning import Campaign
    from app.results import BriefResult
    from app.starting import Wished
    from core.drafts import Dimension, Finding

Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 where an error is found, for a script.")]


Images = Annotated[
    list[str] | None,
    typer.Option("--image", help='A picture that goes with it: "PATH=what it shows". May be repeated.'),
]
Vary = Annotated[str | None, typer.Option(help="What the versions differ in, and nothing else: hook, length or cta.")]
NotBefore = Annotated[
    str | None, typer.Option(help="An embargo: a time before which nothing of it leaves, whatever is approved.")
]


def register(app: typer.Typer) -> None:
    """Add the commands on briefs and proposals."""
    _brief(app)
    _pending(app)
    _show(app)
    _check(app)
    _localize(app)
    _localize_check(app)


def _brief(app: typer.Typer) -> None:
    @command(
        app,
        "brief",
        example="greenroom brief 'Announce episode 41' --from talk.vtt --channels x,site --variants 2 --vary hook",
    )
    def brief(
        door: Door,
        text: Annotated[str, typer.Argument(help="What you want to announce or tell.")] = "",
        source: Annotated[str | None, typer.Option("--from", help="A past work's id, a file, or an address.")] = None,
        image: Images = None,
        channels: Annotated[str | None, typer.Option(help="Comma-separated; without it, the workspace's.")] = None,
        locales: Annotated[str | None, typer.Option(help="Comma-separated; drafts are written in the first.")] = None,
        variants: Annotated[int, typer.Option(min=1, max=5, help="How many versions of each.")] = 1,
        vary: Vary = None,
        thread: Annotated[bool, typer.Option("--thread", help="A thread where the channel has threads.")] = False,
        at: Annotated[
            str | None, typer.Option(help="A time, or `auto` for the proposed one; else on approval.")
        ] = None,
        not_before: NotBefore = None,
        campaign: Annotated[
            str | None, typer.Option(help="`launch=WHEN`: a teaser before it, the launch, a reminder after it.")
        ] = None,
        stop_at: Annotated[
            str | None, typer.Option(help="`angles`: see the angles before anything is drafted.")
        ] = None,
        private: Annotated[bool, typer.Option("--private", help="Show its material to no hosted model.")] = False,
        resume: Annotated[str | None, typer.Option(help="Go on with a brief that was cut off, by its id.")] = None,
        raise_: Annotated[
            str | None, typer.Option("--raise", help="With --resume: so much more for this brief, once (0.5).")
        ] = None,
        endpoint: Annotated[
            str | None, typer.Option(help="With --resume: go on with this model endpoint, or with `rehearsal`.")
        ] = None,
    ) -> None:
        """Draft for every channel, check, propose times, and stop: the drafts wait for you."""
        if resume or raise_ or endpoint:
            return _answer(door, _go_on(door, resume, raise_, endpoint))
        wished: Wished = {
            "from_": source, "images": image or [], "variants": variants, "thread": thread, "private": private
        }  # fmt: skip
        if not_before:
            wished["not_before"] = when(door, not_before)
        return _answer(door, _run(door, text, wished, vary, channels, locales, at, stop_at, campaign))


def _answer(door: Door, result: "BriefResult | Campaign") -> None:
    zone = door.studio.workspace.timezone
    door.answer(result.as_json(), lambda console: show_result(console, result, zone))


def _go_on(door: Door, resume: str | None, raised: str | None, endpoint: str | None) -> "BriefResult":
    from app.spending import go_on
    from core.errors import WrongUse

    if resume is None:
        raise WrongUse("--raise and --endpoint are for a brief that was stopped.", "Say which: --resume ID")
    with steps(door) as progress:
        return go_on(door.studio, resume, raised=raised, endpoint=endpoint, progress=progress)


def _run(
    door: Door,
    text: str,
    wished: "Wished",
    vary: str | None,
    channels: str | None,
    locales: str | None,
    at: str | None,
    stop_at: str | None,
    campaign: str | None,
) -> "BriefResult | Campaign":
    from app.campaigning import start_campaign
    from core.campaigns import read_campaign
    from core.errors import WrongUse

    if stop_at not in (None, "angles"):
        raise WrongUse(f"There is no checkpoint called {stop_at!r}.", "Use: --stop-at angles")
    launch = when(door, read_campaign(campaign)) if campaign else None
    with steps(door) as progress:
        wished |= {
            "vary": _dimension(vary),
            "channels": listed(channels),
            "locales": listed(locales),
            "when": when(door, at),
            "stop_at": "angles" if stop_at else None,
        }
        if launch is not None:
            return start_campaign(door.studio, text, wished, launch, progress)
        return door.studio.start(text, progress=progress, **wished)


def _dimension(vary: str | None) -> "Dimension | None":
    from core.errors import WrongUse

    if vary is None or vary in ("hook", "length", "cta"):
        return vary  # type: ignore[return-value]
    raise WrongUse(f"Versions can't differ in {vary!r}.", "Use: --vary hook, --vary length or --vary cta")


class steps:  # noqa: N801 - reads as a verb where it is used
    """Show the agent's steps on stderr while it works."""

    def __init__(self, door: Door) -> None:
        from app.cli.terminal import Terminal

        self._console = Terminal(stderr=True)
        self._status = self._console.status("Reading the brief …") if self._console.is_terminal else None

    def __enter__(self) -> Any:
        if self._status:
            self._status.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()

    def _tell(self, name: str, done: bool) -> None:
        if self._status and not done:
            self._status.update(f"{name} …")


def show_result(console: Any, result: "BriefResult | Campaign", zone: str = "UTC") -> None:
    """Print the proposals as cards, and how to decide."""
    from app.campaigning import Campaign
    from app.cli.cards import show_card

    parts = result.parts if isinstance(result, Campaign) else {"": result}
    proposals = [proposal for part in parts.values() for proposal in part.proposals]
    for phase, part in parts.items():
        if phase:
            console.print(f"\nThe campaign's {phase}:")
        for proposal in part.proposals:
            show_card(console, proposal, zone)
    for notice in dict.fromkeys(notice for part in parts.values() for notice in part.notices):
        console.print(f"\nNot done: {notice}", markup=False)
    first = proposals[0] if proposals else None
    if first:
        console.print(f"\n{len(proposals)} wait for you. To approve the first exactly as shown:")
        console.print(f"  greenroom decide {first.id} approve --sha {first.sha}", soft_wrap=True)


def when(door: Door, at: str | None) -> Any:
    """Return what `--at` says: on approval, auto, or an instant read in the workspace's zone."""
    if at is None:
        return "on_approval"
    if at == "auto":
        return "auto"
    from core.whens import understand

    space = door.studio.workspace
    found = understand(at, door.studio.clock(), space.timezone, space.locale)
    # said as an absolute time, before anything is made of it
    print(visible("greenroom: " + " ".join([f"“{at}” is {found.words}.", *found.notes])), file=sys.stderr)
    return found.at


def listed(text: str | None) -> list[str] | None:
    """Return a comma-separated option as a list; WrongUse where it names nothing."""
    from core.errors import WrongUse

    if text is None:
        return None
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise WrongUse(f"{text!r} names nothing.", "Separate names by commas, or leave the option out.")
    return parts


def _pending(app: typer.Typer) -> None:
    @command(app, "pending", example="greenroom pending")
    def pending(door: Door) -> None:
        """List what waits for you."""
        from app.cli.cards import show_list

        waiting = door.studio.pending()
        door.answer({"proposals": [p.as_json() for p in waiting]}, lambda console: show_list(console, waiting))


def _show(app: typer.Typer) -> None:
    @command(app, "show", example="greenroom show p_0123456789ab --text > draft.md")
    def show(
        door: Door,
        proposal_id: Annotated[str, typer.Argument(help="The proposal's id, or a draft's that was not kept.")],
        text: Annotated[bool, typer.Option("--text", help="Only the document, as you would edit it.")] = False,
    ) -> None:
        """Show one proposal: exactly what will be sent, and all that a decision needs."""
        from app.cli.cards import show_card, show_draft, show_mends
        from app.cli.segments import show_rows
        from app.mended import draft_of, mends_of
        from app.segment_rows import shown_beside

        if proposal_id.startswith("d_"):
            draft = draft_of(door.studio, proposal_id)
            return door.answer({"draft": draft.model_dump(mode="json")}, lambda console: show_draft(console, draft))
        proposal = door.studio.show(proposal_id)
        if text and not door.json:
            return print(shown_on(sys.stdout, door.studio.document(proposal_id)))
        rows, mends = shown_beside(door.studio, proposal), mends_of(door.studio, proposal)
        body = {"proposals": [{**proposal.as_json(), "mends": mends, **({"segments": rows} if rows else {})}]}

        def show(console: Any) -> None:
            show_card(console, proposal, door.studio.workspace.timezone)
            show_mends(console, mends)
            show_rows(console, rows)

        return door.answer(body, show)


def _check(app: typer.Typer) -> None:
    @command(app, "check", example="greenroom check draft.txt --channel bluesky")
    def check(
        door: Door,
        file: Annotated[str, typer.Argument(help="The file to check; - is stdin.")],
        channel: Annotated[str, typer.Option(help="The channel it is meant for.")],
        strict: Strict = False,
    ) -> None:
        """Check a text against a channel's rules, with the one counting engine that everything here uses."""
        from app.checking import checked

        body = checked(door.studio, read_text(file), channel)

        def show(console: Any) -> None:
            length = body["length"]
            used = f"{length['used']} of {length['limit']}" if length["limit"] else f"{length['used']}"
            console.print(f"{'✔ it can go' if body['ok'] else '✖ it can not go like this'}: {used} {length['unit']}")
            for each in body["findings"]:
                console.print(f"{each['severity']:<8} {each['message']}", markup=False)

        door.answer(body, show)
        if strict and not body["ok"]:
            raise typer.Exit(1)


def _exit_on_errors(strict: bool, found: Iterable["Finding"]) -> None:
    if strict and any(each.severity == "error" for each in found):
        raise typer.Exit(1)


def _localize(app: typer.Typer) -> None:
    @command(app, "localize", example="greenroom localize post.md --to es")
    def localize(
        door: Door,
        file: Annotated[str, typer.Argument(help="The text to translate; - is stdin.")],
        to: Annotated[str, typer.Option("--to", help="The target's locale, such as es or pt-BR.")],
    ) -> None:
        """Translate a text segment by segment, and check each; without a translator, segments to fill in (exit 6)."""
        from app.cli.segments import show_sheet
        from app.translating import translate_text

        sheet = translate_text(door.studio, read_text(file), to)
        door.answer(sheet.as_json(), lambda console: show_sheet(console, sheet))
        if sheet.refusal:
            print(visible(f"greenroom: {sheet.refusal.message} {sheet.refusal.hint}".strip()), file=sys.stderr)
            raise typer.Exit(sheet.refusal.exit_code)


def _localize_check(app: typer.Typer) -> None:
    @command(app, "localize-check", example="greenroom localize-check post.en.md post.es.md --to es")
    def localize_check(
        door: Door,
        source: Annotated[str, typer.Argument(help="The source text.")],
        target: Annotated[str, typer.Argument(help="Its translation.")],
        to: Annotated[str, typer.Option("--to", help="The target's locale, such as es or pt-BR.")],
        source_locale: Annotated[str, typer.Option("--from", help="The source's locale.")] = "en",
        strict: Strict = False,
    ) -> None:
        """Check a translation for what must survive: links, handles, hashtags, numbers, placeholders, your terms."""
        from app.branding import facts_here
        from core.locales import checked
        from core.localization import document_findings

        facts = facts_here(door.settings, lambda: door.studio.memory)
        texts, to = (read_text(source), read_text(target)), checked(to.replace("_", "-"))
        found = document_findings(*texts, to, source_locale=checked(source_locale.replace("_", "-")), facts=facts)
        body = {
            "locale": to,
            "ok": all(f.severity == "note" for f in found),
            "findings": [f.model_dump(mode="json") for f in found],
        }

        def show(console: Any) -> None:
            for f in found:
                console.print(f"{f.severity:<8} {f.message}", markup=False)
            if not found:
                console.print("✔ nothing that must survive was lost")

        door.answer(body, show)
        _exit_on_errors(strict, found)
