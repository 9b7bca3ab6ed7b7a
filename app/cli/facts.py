"""What the brand holds to: banned words, claims, disclosures, names and terms; in both times, never overwritten."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.days import moment
from app.cli.door import Door, command
from app.cli.given_text import read_text
from app.cli.secrets_given import As, SecretFile, speaking

if TYPE_CHECKING:
    from core.facts import BrandFact

Id = Annotated[str, typer.Argument(help="The fact's id.")]
Kind = Annotated[str, typer.Argument(help="banned, claim, disclosure, keep (do not translate) or term (glossary).")]
Term = Annotated[str, typer.Argument(help="The word, phrase or pattern; or link:shop.example, link:*?tag.")]
Instead = Annotated[str | None, typer.Option(help="banned: what to say instead. term: what it is called there.")]
Needs = Annotated[
    list[str] | None,
    typer.Option("--needs", help="claim, disclosure: what must stand too, one of several: '#ad', 'link:*'."),
]
Locale = Annotated[str | None, typer.Option(help="Only in this locale; pt covers pt-BR.")]
Severity = Annotated[str | None, typer.Option(help="error, warning or note.")]
Matching = Annotated[str | None, typer.Option(help="word, forms (with inflections) or pattern (a regular expression).")]
Case = Annotated[bool | None, typer.Option("--case/--any-case", help="Whether capitals count.")]
Note = Annotated[str | None, typer.Option(help="Why; it is told with every finding.")]
From = Annotated[str | None, typer.Option("--from", help="True from this day on (2024-05-01); else from now.")]
Until = Annotated[str | None, typer.Option("--until", help="True until this day.")]


def register(app: typer.Typer) -> None:
    """Add `facts`."""
    group = typer.Typer(help="What the brand holds to. All of it is checked on every draft.", no_args_is_help=True)
    _list(group)
    _add(group)
    _replace(group)
    _end(group)
    _history(group)
    _import(group)
    _export(group)
    app.add_typer(group, name="facts")


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom facts list --as-of 2024-05-01 --known 2024-04-01")
    def list_(
        door: Door,
        as_of: Annotated[str | None, typer.Option(help="What was true then, not now.")] = None,
        known: Annotated[str | None, typer.Option(help="By what was known then, not by what is known now.")] = None,
    ) -> None:
        """List the facts that hold now, or held at a time, by what is or was known."""
        when, then = moment(as_of), moment(known)
        facts = door.studio.memory.facts.as_of(door.studio.workspace.id, valid=when or then, known=then)

        def show(console: Any) -> None:
            for fact in facts:
                console.print(line(fact), markup=False)
            if not facts:
                console.print("Nothing is held to. Add something: greenroom facts add banned leverage --instead use")

        door.answer({"facts": [shown(fact) for fact in facts]}, show)


def _add(group: typer.Typer) -> None:
    @command(group, "add", example="greenroom facts add disclosure Acme --needs '#ad' --note 'sponsor until May'")
    def add(
        door: Door,
        kind: Kind,
        term: Term,
        instead: Instead = None,
        needs: Needs = None,
        locale: Locale = None,
        severity: Severity = None,
        matching: Matching = None,
        case: Case = None,
        note: Note = None,
        from_: From = None,
        until: Until = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Add a fact. What was approved before and breaks it is taken back; what waits is told of it."""
        from core.facts import state

        said = _said(instead, needs, locale, severity, matching, case, note, from_, until)
        fact = state({"kind": kind, "term": term, **said})
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        made = door.studio.memory.facts.add(door.studio.workspace.id, fact, by=who, secret=proof)
        _answer(door, "Added", made, who)


def _replace(group: typer.Typer) -> None:
    @command(group, "replace", example="greenroom facts replace f_0123456789ab --instead apply")
    def replace(
        door: Door,
        fact_id: Id,
        term: Annotated[str | None, typer.Option(help="The word, phrase or pattern.")] = None,
        instead: Instead = None,
        needs: Needs = None,
        locale: Locale = None,
        severity: Severity = None,
        matching: Matching = None,
        case: Case = None,
        note: Note = None,
        from_: From = None,
        until: Until = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Say a fact anew, from now or --from a day on. What was known before stays in its history."""
        from core.errors import WrongUse

        said = _said(instead, needs, locale, severity, matching, case, note, from_, until)
        said |= {"term": term} if term is not None else {}
        if not said:
            raise WrongUse("Nothing would change.", "Say what: --instead, --needs, --severity, --until …")
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        made = door.studio.memory.facts.replace(door.studio.workspace.id, fact_id, said, by=who, secret=proof)
        _answer(door, "Replaced", made, who)


def _end(group: typer.Typer) -> None:
    @command(group, "end", example="greenroom facts end f_0123456789ab --at 2024-05-01")
    def end(
        door: Door,
        fact_id: Id,
        at: Annotated[str | None, typer.Option(help="True until this day; else until now.")] = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Let a fact end. It stays in its history, and in what was true before."""
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        made = door.studio.memory.facts.end(door.studio.workspace.id, fact_id, by=who, at=moment(at), secret=proof)
        _answer(door, "Ended", made, who)


def _history(group: typer.Typer) -> None:
    @command(group, "history", example="greenroom facts history f_0123456789ab")
    def history(door: Door, fact_id: Id) -> None:
        """Show every version of a fact: what was known when, of which time."""
        versions = door.studio.memory.facts.history(door.studio.workspace.id, fact_id)

        def show(console: Any) -> None:
            for each in versions:
                until = f" until {each.superseded_at:%Y-%m-%d %H:%M}" if each.superseded_at else ""
                known = f"known from {each.recorded_at:%Y-%m-%d %H:%M}{until} (by {each.recorded_by})"
                console.print(f"{line(each)}\n    {known}", markup=False)

        door.answer({"versions": [shown(each) for each in versions]}, show)


def _import(group: typer.Typer) -> None:
    @command(group, "import", example="greenroom facts import facts.csv")
    def import_(
        door: Door,
        file: Annotated[str, typer.Argument(help="A .csv or .json; greenroom facts export shows its columns.")],
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Take facts in from a sheet, all or none. The same ones again change nothing; what isn't on it stays."""
        from app.branding import as_lines, sheet, swept

        facts = [each.fact for each in sheet(file, read_text(file))]
        who, proof = door.studio.speaker(as_, speaking(door, as_, secret_file))
        space, memory = door.studio.workspace.id, door.studio.memory
        taken = memory.facts.take(space, facts, by=who, secret=proof)
        back = swept(memory, space, who)

        def show(console: Any) -> None:
            counts = f"{len(taken.added)} new, {len(taken.replaced)} changed, {taken.unchanged} as before."
            console.print(counts, *as_lines(back), sep="\n", markup=False)

        body = {"added": [shown(f) for f in taken.added], "replaced": [shown(f) for f in taken.replaced]}
        door.answer({**body, "unchanged": taken.unchanged, **back.model_dump(mode="json")}, show)


def _export(group: typer.Typer) -> None:
    @command(group, "export", example="greenroom facts export facts.csv")
    def export(
        door: Door, file: Annotated[str, typer.Argument(help="A new .csv or .json; it is not written over.")]
    ) -> None:
        """Write the facts that hold now to a sheet that `facts import` reads."""
        from app.branding import form_of
        from core.errors import BadInput
        from core.fact_sheets import write

        form, facts = form_of(file), door.studio.memory.facts.current(door.studio.workspace.id)
        try:
            with Path(file).open("x", encoding="utf-8") as out:
                out.write(write(facts, form))
        except OSError as error:
            raise BadInput(f"{file} can't be written: {error.strerror}.", "Nothing was written over.") from None
        body = {"file": file, "facts": len(facts)}
        door.answer(body, lambda console: console.print(f"{len(facts)} facts are in {file}", markup=False))


def shown(fact: "BrandFact") -> dict[str, Any]:
    """Return a fact as JSON shows it."""
    return fact.model_dump(mode="json", exclude={"workspace"})


def line(fact: "BrandFact") -> str:
    """Return a fact in one line."""
    what = {
        "banned": "never",
        "claim": "proof for",
        "disclosure": "disclose",
        "keep": "keep",
        "term": fact.locale or "",
    }
    more = f" → {fact.instead}" if fact.instead else f" → {' / '.join(fact.needs)}" if fact.needs else ""
    where = f" [{fact.locale}]" if fact.locale and fact.kind != "term" else ""
    until = f", until {fact.valid_to:%Y-%m-%d}" if fact.valid_to else ""
    since = f"(from {fact.valid_from:%Y-%m-%d}{until})"
    return f"{fact.id}  {fact.severity}: {what[fact.kind]} {fact.term}{more}{where} {since}"


def _said(
    instead: str | None,
    needs: list[str] | None,
    locale: str | None,
    severity: str | None,
    matching: str | None,
    case: bool | None,
    note: str | None,
    from_: str | None,
    until: str | None,
) -> dict[str, Any]:
    values = {
        "instead": instead,
        "needs": tuple(needs) if needs else None,
        "locale": locale,
        "severity": severity,
        "matching": matching,
        "case": case,
        "note": note,
        "valid_from": moment(from_),
        "valid_to": moment(until),
    }
    return {name: value for name, value in values.items() if value is not None}


def _answer(door: Door, done: str, fact: "BrandFact", by: str) -> None:
    from app.branding import as_lines, swept

    back = swept(door.studio.memory, door.studio.workspace.id, by)

    def show(console: Any) -> None:
        console.print(f"{done}: {line(fact)}", *as_lines(back), sep="\n", markup=False)

    door.answer({"fact": shown(fact), **back.model_dump(mode="json")}, show)
