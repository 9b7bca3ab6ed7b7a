"""What `greenroom doctor` looks at."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app import examining_machine as machine
from core.errors import GreenroomError

if TYPE_CHECKING:
    from app.studio import Studio

_FREE_BYTES = 500_000_000

PAST_DUE = timedelta(minutes=5)
"""How late a post may be before somebody is told."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `says` holds what to do where it is off."""

    name: str
    ok: bool
    says: str


def examine(studio: "Studio") -> list[Check]:
    """Return every check; one that fails to run counts as off, with its reason."""
    looks: tuple[tuple[str, Callable[[Studio], tuple[bool, str]]], ...] = (
        ("home", _home),
        ("settings", machine.settings),
        ("disk", _disk),
        ("database", machine.database),
        ("workspace", _workspace),
        ("ledger", _ledger),
        ("index", _index),
        ("index server", machine.index_server),
        ("forgetting", _forgetting),
        ("outbox", _outbox),
        ("credentials", _credentials),
        ("model", _model),
        ("budgets", _budgets),
        ("keys", machine.keys),
        ("web", machine.web),
        ("slack", machine.slack),
        ("clock", machine.clock),
        ("time zones", machine.zones),
    )
    return [_look(studio, name, look) for name, look in looks]


def _look(studio: "Studio", name: str, look: "Callable[[Studio], tuple[bool, str]]") -> Check:
    try:
        ok, says = look(studio)
    except GreenroomError as error:
        ok, says = False, f"{error.message} {error.hint}".strip()
    except Exception as error:  # noqa: BLE001 - what one look trips over is what somebody calls the doctor for
        ok, says = False, f"could not be looked at: {' '.join(str(error).split())[:300] or type(error).__name__}"
    return Check(name, ok, says)


def _home(studio: "Studio") -> tuple[bool, str]:
    home = studio.settings.home
    fine = os.access(home, os.W_OK)
    return fine, str(home) if fine else f"{home} can't be written to: mend its permissions, or set GREENROOM_HOME"


def _disk(studio: "Studio") -> tuple[bool, str]:
    free = shutil.disk_usage(studio.settings.home).free
    mend = "" if free > _FREE_BYTES else ": make room, or move the home (GREENROOM_HOME)"
    return free > _FREE_BYTES, f"{free / 1e9:.1f} GB free{mend}"


def _workspace(studio: "Studio") -> tuple[bool, str]:
    space = studio.workspace
    return True, f"{space.name} ({space.id}), {studio.memory.works.count(space.id)} works, zone {space.timezone}"


def _ledger(studio: "Studio") -> tuple[bool, str]:
    check = studio.verify_ledger()
    return check.ok, f"{check.entries} entries, unbroken" if check.ok else f"entry {check.first_bad}: {check.reason}"


def _index(studio: "Studio") -> tuple[bool, str]:
    waiting = studio.memory.index.pending_count(studio.workspace.id)
    if waiting:
        return False, f"{waiting} passages wait: greenroom reindex"
    used, wanted = studio.memory.embedding_model, studio.settings.embedding_model
    if used != wanted:
        return True, f"up to date, of {used}; the setting says {wanted}: greenroom reindex --model {wanted}"
    return True, "up to date"


def _forgetting(studio: "Studio") -> tuple[bool, str]:
    waiting = studio.memory.forgetting.unfinished()
    if not waiting:
        return True, "nothing is left to forget"
    holder = studio.memory.index.holder()
    who = f"process {holder.pid} ({holder.command}) goes on with it" if holder else "greenroom reindex goes on with it"
    return False, f"not wholly forgotten yet: {', '.join(waiting)}; {who}"


def _outbox(studio: "Studio") -> tuple[bool, str]:
    stuck = studio.publications(states=("needs_human", "unknown", "missed", "rejected"))
    cut_off = studio.memory.decisions.unresumed(studio.workspace.id)
    if cut_off:
        named = ", ".join(decision.proposal_id for decision in cut_off)
        return False, f"decided and not carried out yet: {named}; the worker, or greenroom publish-due, does it"
    if stuck:
        return False, f"{len(stuck)} need you: greenroom publications"
    return _in_time(studio)


def _in_time(studio: "Studio") -> tuple[bool, str]:
    """Nothing may wait past its time without anybody noticing: that is what a watchdog is for."""
    now = studio.clock()
    late = [p for p in studio.memory.publications.due(now, studio.workspace.id) if p.due_at < now - PAST_DUE]
    if not late:
        return True, "nothing stuck"
    last = studio.memory.heartbeats.last()
    seen = f"the last worker looked at {last.at:%Y-%m-%d %H:%M} UTC" if last else "no worker has ever looked"
    return False, f"{len(late)} past their time; {seen}: run greenroom worker (greenroom serve brings one along)"


def _credentials(studio: "Studio") -> tuple[bool, str]:
    from app.connecting import examine_credentials

    return examine_credentials(studio)


def _model(studio: "Studio") -> tuple[bool, str]:
    from app.modelling import model_check

    return model_check(studio)


def _budgets(studio: "Studio") -> tuple[bool, str]:
    from app.modelling import currency_of, errand

    currency_of(studio)
    told = studio.memory.budgets.alerts(errand(studio))
    return not told, " ".join(told) or "nothing is nearly used up"
