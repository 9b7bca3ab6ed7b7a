"""A small studio, a post in it and its translation, for tests of the way from a draft to approved segments.

Each studio is a copy of one home that was founded once, and a post is written without the graph: both are what the
whole way makes, in a tenth of the time.
"""

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from agent.freezing import freeze_at
from app.segment_rows import Review
from app.segmenting import edit, open_grid
from app.settings import Settings
from app.studio import Studio
from core.briefs import Brief, Plan
from core.drafts import Content, Draft, VoiceScore
from core.ids import new_id
from core.links import links_in
from core.proposals import Proposal
from tests.making import make_studio

TIN = "The tin held tide tables until 1987. It rusted on a shelf. The lid does not close. Nobody owns the tide."
LATA = (
    "La lata guardó tablas de mareas hasta 1987.",
    "Se oxidó en un estante.",
    "La tapa no cierra.",
    "La marea no es de nadie.",
)
_FOUNDED = tempfile.TemporaryDirectory(prefix="greenroom-test-")  # removed when the tests end


@cache
def _home() -> Path:
    folder = Path(_FOUNDED.name)
    make_studio(folder, lambda: datetime(2026, 11, 20, 12, 0, tzinfo=UTC), letters=False).close()
    return folder / "home"


def small_studio(tmp_path: Path, clock: Callable[[], datetime], *, endpoint: str | None = None, **more: Any) -> Studio:
    """Open a studio without past works on a home of its own; the caller closes it."""
    home = tmp_path / "home"
    if not home.exists():
        shutil.copytree(_home(), home)
    return Studio.open(Settings(home=home, model=endpoint, **more), clock=clock)


def post(
    studio: Studio, text: str = TIN, channel: str = "mastodon", voice: VoiceScore | None = None, **more: Any
) -> Proposal:
    """Return a waiting proposal that says exactly this, of a brief of its own."""
    memory, space, now = studio.memory, studio.workspace, studio.clock()
    brief = Brief(id=new_id("b"), workspace=space.id, channels=(channel,), created_at=now, **{"ask": "The tin", **more})
    memory.briefs.add(brief)
    memory.briefs.record_plan(Plan(brief_id=brief.id, phase="chosen"))
    draft = Draft(
        id=new_id("d"), brief_id=brief.id, workspace=space.id, channel=channel, locale="en", model="rehearsal",
        content=Content(text=text, links=tuple(links_in(text))), created_at=now, voice=voice,
    )  # fmt: skip
    memory.drafts.add(draft)
    made = freeze_at(studio.crew, brief, draft, space, at=None, grace=None, suggested=None)
    memory.proposals.add(made)
    studio.threads.open(made)
    return made


def translate(studio: Studio, source: Proposal, words: tuple[str, ...] = LATA, to: str = "es", **by: Any) -> Review:
    """Open a grid and let a person fill it, sentence by sentence."""
    found = open_grid(studio, source.id, to)
    for number, target in enumerate(words, start=1):
        found = edit(studio, found.looked.draft.id, str(number), target, **by)
    return found
