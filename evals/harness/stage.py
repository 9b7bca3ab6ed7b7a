"""Where cases are performed: a home for each creator, made once, and a copy of it for what changes anything."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from app.founding import Wanted, found
from app.settings import Settings
from app.studio import Studio
from evals.harness.candidate import Candidate
from evals.harness.creators import CREATORS, creator

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from evals.harness.kept import KeptAnswers

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
Prepare = Callable[[Studio], None]
BLANK = "blank"
"""The home of cases that need no creator."""


_KNOWS_THE_MODEL = ("model", "crew", "threads", "briefing", "reviewing", "conversing", "remembering", "talk")


def recast(studio: Studio, model: "BaseChatModel") -> None:
    """Put another model into a studio that may have worked already: what knows the old one is made anew."""
    studio.given_model = model
    for name in _KNOWS_THE_MODEL:
        studio.__dict__.pop(name, None)


class Clock:
    """Stands still, so that the same case comes to the same outcome; a case may let time pass."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Return what it says."""
        return self.now

    def move(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


class Stage:
    """Studios for cases, with the candidate's model in them. Usable from several threads."""

    def __init__(
        self, candidate: Candidate, folder: Path, *, kept: "KeptAnswers | None" = None, people: Path = CREATORS
    ) -> None:
        self.candidate = candidate
        self.kept = kept
        self.people = people
        self._folder = folder
        self._lock = Lock()
        self._shared: dict[str, Studio] = {}
        self._numbers = count(1)

    def close(self) -> None:
        """Let go of every studio; the homes are whoever's the folder is."""
        for studio in self._shared.values():
            studio.close()
        self._shared.clear()

    def studio(self, slug: str = "") -> Studio:
        """Return a creator's studio for what only reads."""
        slug = slug or BLANK
        with self._lock:
            if slug not in self._shared:
                self._shared[slug] = self._open(self._copied(slug), Clock())
            return self._shared[slug]

    @contextmanager
    def fresh(self, slug: str = "", prepare: Prepare | None = None) -> Iterator[Studio]:
        """Yield a studio on a copy of the creator's home: what one case does, no other one sees.

        `prepare` is done once, by the rehearsal model, for all cases that begin where it ends. Raises Unavailable,
        RequestRefused at the end if the candidate's endpoint left any call of the case without an answer.
        """
        with self._lock:
            home = self._copied(slug or BLANK, prepare)
        studio = self._open(home, Clock())
        board = studio.__dict__.get("model")  # a case may put a script in its place
        try:
            yield studio
            if (lost := getattr(board, "unanswered", None)) is not None:
                raise lost
        finally:
            studio.close()
            shutil.rmtree(home, ignore_errors=True)

    def _copied(self, slug: str, prepare: Prepare | None = None) -> Path:
        copy = self._folder / f"case-{os.getpid()}-{next(self._numbers)}"
        shutil.copytree(self._home(slug, prepare), copy)
        return copy

    def _home(self, slug: str, prepare: Prepare | None = None) -> Path:
        """Return the home of a creator, made when it is first wanted, by whichever process wants it first.

        Nobody works in it: it is copied. A home holds its own lock files, and is one process's at a time.
        """
        name = f"{slug}.{prepare.__name__}" if prepare else slug
        home, homes = self._folder / "homes" / name, self._folder / "homes"
        homes.mkdir(parents=True, exist_ok=True)
        with FileLock(homes / f"{name}.lock"):
            if not home.is_dir():
                making = self._folder / f"making-{name}"
                shutil.rmtree(making, ignore_errors=True)
                if prepare is None:
                    self._furnish(slug, making)
                else:
                    shutil.copytree(self._home(slug), making)
                    self._prepared(making, prepare)
                making.rename(home)
        return home

    def _prepared(self, home: Path, prepare: Prepare) -> None:
        earlier = Clock()
        earlier.move(hours=-1)  # what is spent from NOW on is the case's own
        studio = Studio.open(self._settings(home), clock=earlier)
        try:
            prepare(studio)
        finally:
            studio.close()

    def _furnish(self, slug: str, home: Path) -> None:
        settings, clock = self._settings(home).model_copy(update={"workspace": slug}), Clock()
        if slug == BLANK:
            found(settings, Wanted(name=BLANK, timezone="UTC", locale="en"), clock=clock)
            return
        who = creator(slug, self.people)
        about = who.about
        wanted = Wanted(
            name=about.name, timezone=about.timezone, locale=about.locale, accounts=about.accounts,
            policy={"channels": list(about.channels)},
        )  # fmt: skip
        found(settings, wanted, clock=clock)
        studio = Studio.open(settings, clock=clock)
        try:
            failed = studio.import_paths([who.works]).failed
            if failed:
                raise RuntimeError(f"{slug}: {failed[0]['path']}: {failed[0]['error']}")
            studio.memory.voice.profile(studio.workspace.id)
        finally:
            studio.close()

    def _open(self, home: Path, clock: Clock) -> Studio:
        studio = Studio.open(self._settings(home), clock=clock, without=self.candidate.without)
        if self.candidate.config is not None:
            studio.__dict__["model"] = self._switchboard(studio)
        return studio

    def _switchboard(self, studio: Studio) -> Any:
        """Return the candidate's one endpoint, as a home has it that names no other: with prices, without fallback."""
        from evals.harness.asking import Noting

        config = self.candidate.config
        assert config is not None
        board = Noting((config,), purse=studio.memory.budgets, watch=studio.memory.privacy)
        if self.kept is not None:
            board.line(config).client.cache = self.kept
        return board

    @staticmethod
    def _settings(home: Path) -> Settings:
        """Every setting that decides anything is said, so that the environment has no part in a figure."""
        return Settings(
            home=home, workspace=None, database_url=None, chroma_url=None, embedding_model="minilm", models="",
            model=None, model_url=None, api_key=None, translator=None, user="owner", undo_seconds=0,
        )  # fmt: skip
