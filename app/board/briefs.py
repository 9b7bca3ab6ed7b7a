"""Briefs that were started from the board's form: they run behind it, and the board says how far they are."""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from app.asking import Asking
from app.briefing import DEFAULT_CHANNELS, LONGEST_ASK
from app.sources import is_address
from core.channels import channel, channels
from core.errors import GreenroomError, WrongUse
from core.ids import new_id
from models import is_rehearsal

if TYPE_CHECKING:
    from app.accounts.who import Person
    from app.studio import Studio

log = logging.getLogger("greenroom.board")

AT_ONCE = 4
"""With a model that is waited for. The rehearsal model computes here, beside the pages: one brief after the other."""
KEPT = 20
LONGEST_SOURCE = 400_000


class Wish(Asking):
    """What the form asks for. `source`: a past work's id or an address; `material`: the words themselves."""

    ask: str = Field(default="", max_length=LONGEST_ASK)
    source: str = Field(default="", max_length=2000)
    material: str = Field(default="", max_length=LONGEST_SOURCE)
    channels: list[str] = Field(default_factory=list, max_length=30)
    locales: str = Field(default="", max_length=200)
    variants: int = Field(default=1, ge=1, le=5)
    angles: bool = False
    private: bool = False


@dataclass
class Job:
    """One brief on its way."""

    id: str
    ask: str
    says: str = "Starting"
    state: Literal["running", "done", "failed"] = "running"


class Jobs:
    """The briefs of this process, newest first. What they make is in the database; only the progress is not."""

    def __init__(self, studio: "Studio") -> None:
        self._studio = studio
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        at_once = 1 if is_rehearsal(studio.crew.context.model) else AT_ONCE
        self._workers = ThreadPoolExecutor(at_once, "briefs")

    def list(self) -> Sequence[Job]:
        """Return the briefs that run, and those that failed."""
        with self._lock:
            return [job for job in reversed(self._jobs.values()) if job.state != "done"]

    def get(self, job_id: str) -> Job | None:
        """Return one of them, or None."""
        with self._lock:
            return self._jobs.get(job_id)

    def start(self, wish: Wish, person: "Person") -> Job:
        """Begin a brief behind the page. Raises WrongUse, NotFound, BadInput for one that can't be begun."""
        if not (wish.ask.strip() or wish.source.strip() or wish.material.strip()):
            raise WrongUse("The brief is empty.", "Say what you want to announce or tell.")
        for name in wish.channels:
            channel(name)
        if (source := wish.source.strip()) and not is_address(source):
            self._studio.memory.works.get(self._studio.workspace.id, source)  # a web page names no files of ours
        who, _ = self._studio.speaker(person.by, person.secret)
        job = Job(new_id("job"), wish.ask.strip() or wish.source.strip() or "From the text you gave")
        with self._lock:
            self._jobs[job.id] = job
            for old in [key for key, each in self._jobs.items() if each.state != "running"][:-KEPT]:
                del self._jobs[old]
        self._workers.submit(self._run, job, wish, who)
        return job

    def dismiss(self, job_id: str) -> None:
        """Take a brief that failed off the list; a running one stays."""
        with self._lock:
            if (job := self._jobs.get(job_id)) and job.state == "failed":
                del self._jobs[job_id]

    def close(self) -> None:
        """Start none that waits any more; those that run end."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _run(self, job: Job, wish: Wish, who: str) -> None:
        def progress(step: str, done: bool) -> None:
            if not done:
                job.says = step

        try:
            self._studio.start(wish.ask, progress=progress, **_wished(wish), by=who)
            job.state = "done"
        except GreenroomError as error:
            job.says, job.state = f"{error.message} {error.hint}".strip(), "failed"
        except Exception:
            log.exception("a brief from the board broke off")
            job.says = "Something broke while this was drafted; the reason is in the log. Your request is kept here."
            job.state = "failed"


def _wished(wish: Wish) -> dict[str, Any]:
    locales = [each for each in wish.locales.replace(",", " ").split() if each]
    # words that were handed over are taken as words, whatever they look like
    given: dict[str, Any] = {"from_": wish.material, "said_by_a_model": True} if wish.material.strip() else {}
    if not given and wish.source.strip():
        given = {"from_": wish.source.strip()}
    return {
        **given,
        "channels": wish.channels or None,
        "locales": locales or None,
        "variants": wish.variants,
        "stop_at": "angles" if wish.angles else None,
        "private": wish.private,
    }


def choices(preferred: Sequence[str] = DEFAULT_CHANNELS) -> list[dict[str, Any]]:
    """Return the channels that a form offers, and whether each is chosen at first."""
    return [{"name": each.name, "label": each.label, "chosen": each.name in preferred} for each in channels()]
