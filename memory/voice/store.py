"""Voice as memory's sub-face: profiles are measured from a workspace's works, and kept until the works change."""

from sqlalchemy import ColumnElement, delete, insert, select

from core.canonical import sha256
from core.drafts import VoiceScore
from core.errors import Busy
from memory.clock import Clock
from memory.consents import revoked_works
from memory.database import Database
from memory.tables import voice_profiles, works, workspaces
from memory.voice.background import load
from memory.voice.features import NAMES
from memory.voice.keeping import packed, unpacked
from memory.voice.portrait import portray
from memory.voice.profile import Voiceprint, VoiceProfile
from memory.voice.score import score
from memory.works import Works

RECIPE = 2
"""Raised when the same works would give another profile, so that kept ones are measured anew."""


class Voices:
    """A profile for each workspace, of what was imported: what went out through us may be a machine's draft.

    Works whose consent was revoked are no part of it: a profile quotes what it was measured from.
    """

    def __init__(self, database: Database, works: Works, clock: Clock) -> None:
        self._database = database
        self._works = works
        self._clock = clock

    def profile(self, workspace: str, channel: str | None = None) -> VoiceProfile:
        """Return the voice of a workspace's works, measured now if they changed since the last time.

        With a `channel`, of the register that it is written in, where the works show one.
        """
        return self._voiceprint(workspace).profile.on(channel)

    def score(self, workspace: str, text: str, locale: str | None = None, channel: str | None = None) -> VoiceScore:
        """Say how much a text sounds like a workspace's works; without a `locale` its language is guessed.

        With a `channel`, it is held against the works of that register alone, where there are enough of them.
        """
        return score(self._voiceprint(workspace), load(), text, locale, channel)

    def _voiceprint(self, workspace: str) -> Voiceprint:
        works_hash = self._works_hash(workspace)
        voiceprint = self._kept(workspace, works_hash)
        if voiceprint is None:
            revoked = self._revoked(workspace)
            mine = [each for each in self._works.list(workspace, kind="import") if each.id not in revoked]
            voiceprint = portray(mine, load(), self._names(workspace))
            self._keep(workspace, works_hash, voiceprint)
        return voiceprint

    def _works_hash(self, workspace: str) -> str:
        rows = select(works.c.id, works.c.content_hash).where(*_imported(workspace)).order_by(works.c.id)
        with self._database.read() as conn:
            revoked = revoked_works(conn, workspace)
            found = [list(row) for row in conn.execute(rows) if row.id not in revoked]
        return sha256([RECIPE, NAMES, load().made_of, self._names(workspace), found])

    def _revoked(self, workspace: str) -> frozenset[str]:
        with self._database.read() as conn:
            return revoked_works(conn, workspace)

    def _names(self, workspace: str) -> list[str]:
        """Return the names that the creator goes by: they say who of a transcript's speakers it is."""
        row = select(workspaces.c.name, workspaces.c.accounts).where(workspaces.c.id == workspace)
        with self._database.read() as conn:
            found = conn.execute(row).one_or_none()
        return [] if found is None else [found.name, *found.accounts.values()]

    def _kept(self, workspace: str, works_hash: str) -> Voiceprint | None:
        row = select(voice_profiles.c.data, voice_profiles.c.learnt).where(
            voice_profiles.c.workspace == workspace, voice_profiles.c.works_hash == works_hash
        )
        with self._database.read() as conn:
            found = conn.execute(row).one_or_none()
        return None if found is None else unpacked(found.data, found.learnt)

    def _keep(self, workspace: str, works_hash: str, voiceprint: Voiceprint) -> None:
        if not voiceprint.profile.works:
            return
        values = {
            "workspace": workspace,
            "works_hash": works_hash,
            "data": voiceprint.model_dump(mode="json"),
            "learnt": packed(voiceprint.ears),
            "measured_at": self._clock(),
        }
        try:
            with self._database.write() as conn:
                conn.execute(delete(voice_profiles).where(voice_profiles.c.workspace == workspace))
                conn.execute(insert(voice_profiles).values(values))
        except Busy:
            return  # another process imports: the profile serves as it is, and is kept the next time


def _imported(workspace: str) -> tuple[ColumnElement[bool], ...]:
    return works.c.workspace == workspace, works.c.kind == "import"
