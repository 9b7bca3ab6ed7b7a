"""`greenroom bench`: brought along by entry point, so that the app never imports what measures it."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.door import Door, command
from evals import (
    board_commands,
    calls_commands,
    eval_commands,
    forget_commands,
    grounding_commands,
    load_commands,
    localization_commands,
    slack_commands,
    speed_commands,
    tags_commands,
    timing_commands,
)
from evals.telling import tell


def register(app: typer.Typer) -> None:
    """Add the `bench` group."""
    bench = typer.Typer(help="Measure: every figure in docs/benchmarks.md names the command here that makes it.")
    _recall(bench)
    _locomo(bench)
    _strangers(bench)
    _voice(bench)
    _start(bench)
    _outbox(bench)
    _gate(bench)
    _slop(bench)
    _scale(bench)
    _edits(bench)
    _repeats(bench)
    forget_commands.register(bench)
    grounding_commands.register(bench)
    tags_commands.register(bench)
    timing_commands.register(bench)
    localization_commands.register(bench)
    calls_commands.register(bench)
    board_commands.register(bench)
    load_commands.register(bench)
    slack_commands.register(bench)
    speed_commands.register(bench)
    app.add_typer(bench, name="bench")
    eval_commands.register(app)


def _recall(bench: typer.Typer) -> None:
    def recall(
        door: Door,
        posts: Annotated[Path, typer.Argument(help="Posts as JSON lines.", exists=True)],
        qrels: Annotated[Path, typer.Argument(help="query_post and past_post, tab separated.", exists=True)],
        database: Annotated[
            str | None, typer.Option(help="The URL of an empty PostgreSQL database; else SQLite.")
        ] = None,
    ) -> None:
        """Measure recall: does a brief find the earlier posts that its author linked to?"""
        from evals.bench.briefs import run

        tell(door, run(posts, qrels, database_url=database))

    command(bench, "recall", example="greenroom bench recall posts.jsonl qrels-dev.tsv")(recall)
    command(bench, "briefs", example="greenroom bench briefs posts.jsonl qrels-dev.tsv")(recall)


def _locomo(bench: typer.Typer) -> None:
    @command(bench, "locomo", example="greenroom bench locomo locomo10.json")
    def locomo(
        door: Door,
        file: Annotated[Path, typer.Argument(help="Conversations with questions, as LoCoMo has them.", exists=True)],
    ) -> None:
        """Measure dialogue recall: are the turns found that a question is answered from?"""
        from app.cli.progress import progress
        from evals.bench.locomo import run

        with progress() as told:
            figures = run(file, progress=told)
        tell(door, figures)


def _strangers(bench: typer.Typer) -> None:
    @command(bench, "strangers", example="greenroom bench strangers --queries 10000")
    def strangers(
        door: Door,
        queries: Annotated[int, typer.Option(min=1, help="How many random questions.")] = 10_000,
        seed: Annotated[int, typer.Option(min=0, help="Which questions.")] = 1,
    ) -> None:
        """Ask workspaces that share their words, while others import: was anything of another one found?"""
        from app.cli.progress import progress
        from evals.bench.strangers import run

        with progress() as told:
            figures = run(queries, seed=seed, progress=told)
        tell(door, figures)
        if figures["foreign"]:
            raise typer.Exit(1)


def _voice(bench: typer.Typer) -> None:
    @command(bench, "voice", example="greenroom bench voice voice.jsonl.gz --known 10,30,100")
    def voice(
        door: Door,
        file: Annotated[Path, typer.Argument(help="Rows of author, cluster, date, w40, w100, w300.", exists=True)],
        known: Annotated[str, typer.Option(help="How many known posts, comma-separated.")] = "10,30,100",
    ) -> None:
        """Measure voice match: a creator's held-out posts against the nearest by topic of other authors."""
        from core.errors import BadInput
        from evals.bench.voice import run

        try:
            counts = tuple(int(part) for part in known.split(","))
        except ValueError:
            raise BadInput(f"--known {known!r} is no list of numbers.", "For example: --known 10,30,100") from None
        tell(door, run(file, counts))


def _start(bench: typer.Typer) -> None:
    @command(bench, "start", example="greenroom bench start posts.jsonl")
    def start(
        door: Door,
        paths: Annotated[list[Path] | None, typer.Argument(help="What to import first; else the sample.")] = None,
        runs: Annotated[int, typer.Option(min=1, max=50, help="Pairs of runs.")] = 5,
    ) -> None:
        """Measure cold starts, as ratios to the imports they are held against."""
        from evals.bench.start import run

        tell(door, run(paths or (), runs=runs))


def _outbox(bench: typer.Typer) -> None:
    @command(bench, "outbox", example="greenroom bench outbox --seeds 10000")
    def outbox(
        door: Door,
        seeds: Annotated[int, typer.Option(min=1, help="How many seeded runs.")] = 2000,
        first: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
        jobs: Annotated[int, typer.Option(min=1, max=64, help="How many at a time.")] = 2,
    ) -> None:
        """Kill senders (SIGKILL) at every step of sending: what went out twice, was lost, or was told wrongly?"""
        from evals.bench.outbox import run

        figures = run(seeds, first=first, jobs=jobs)
        tell(door, figures)
        if figures["bad"]:
            raise typer.Exit(1)


def _gate(bench: typer.Typer) -> None:
    @command(bench, "gate", example="greenroom bench gate --runs 10000")
    def gate(
        door: Door,
        runs: Annotated[int, typer.Option(min=1, help="How many seeded attack runs.")] = 500,
        first: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
        jobs: Annotated[int, typer.Option(min=1, max=64, help="How many at a time.")] = 2,
    ) -> None:
        """Let a hostile model attack, by a brief and in the chat: was a byte sent without a matching approval?"""
        from evals.gate import run
        from evals.gate.suite import on_stderr

        figures = run(runs, first=first, jobs=jobs, progress=on_stderr)
        tell(door, figures)
        if figures["broken"]:
            raise typer.Exit(1)


def _edits(bench: typer.Typer) -> None:
    @command(bench, "edits", example="greenroom bench edits --seed 1")
    def edits(
        door: Door,
        creators: Annotated[int, typer.Option(min=1, max=100, help="How many scripted creators.")] = 10,
        drafts: Annotated[int, typer.Option(min=1, max=50, help="How many drafts each of them edits.")] = 12,
        seed: Annotated[int, typer.Option(min=0, help="Which creators, briefs and moods.")] = 0,
    ) -> None:
        """Measure learning from edits: how far scripted creators take drafts from what they were."""
        from app.cli.progress import progress
        from evals.bench.edits import run

        with progress() as told:
            figures = run(creators, drafts, seed=seed, progress=told)
        tell(door, figures)


def _repeats(bench: typer.Typer) -> None:
    @command(bench, "repeats", example="greenroom bench repeats posts.jsonl --works 10000")
    def repeats(
        door: Door,
        posts: Annotated[Path, typer.Argument(help="Posts as JSON lines.", exists=True)],
        works: Annotated[int, typer.Option(min=0, help="Fill the archive with made-up pieces up to so many.")] = 0,
        seed: Annotated[int, typer.Option(min=0, help="Which copies and drafts.")] = 0,
        database: Annotated[
            str | None, typer.Option(help="The URL of an empty PostgreSQL database; else SQLite.")
        ] = None,
    ) -> None:
        """Measure repetition: are copies linked, are drafts told what they repeat, and is anything told wrongly?"""
        from evals.bench.repeats import run

        tell(door, run(posts, works=works, seed=seed, database_url=database))


def _slop(bench: typer.Typer) -> None:
    @command(bench, "slop", example="greenroom bench slop slop.jsonl.gz")
    def slop(
        door: Door,
        file: Annotated[Path, typer.Argument(help="Rows of domain, src, label (1: machine), text.", exists=True)],
    ) -> None:
        """Measure generic-writing risk: are people's texts told from machines', and how often is a person accused?"""
        from evals.bench.slop import run

        tell(door, run(file))


def _scale(bench: typer.Typer) -> None:
    @command(bench, "scale", example="greenroom bench scale --passages 10000,100000")
    def scale(
        door: Door,
        passages: Annotated[str, typer.Option(help="How many passages, comma-separated.")] = "10000,100000",
        queries: Annotated[int, typer.Option(min=10, help="Queries at each size.")] = 200,
        seed: Annotated[int, typer.Option(help="Of the made-up texts.")] = 0,
    ) -> None:
        """Measure recall, an import and memory in large workspaces, beside raw Chroma and the bare encoder."""
        from core.errors import BadInput
        from evals.bench.scale import run

        try:
            sizes = tuple(int(part) for part in passages.split(","))
        except ValueError:
            raise BadInput(f"--passages {passages!r} is no list of numbers.", "For example: 10000,100000") from None
        tell(door, run(sizes, queries=queries, seed=seed, progress=_on_stderr))


def _on_stderr(what: str, done: int, total: int) -> None:
    import sys

    if done == total or done % 1000 == 0:
        print(f"  {what}: {done} of {total}", file=sys.stderr)
