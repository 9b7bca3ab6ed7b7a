"""What a brief is made from: a past work, a file, an article by its address, or words that were handed over."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from core.briefs import Origin
from core.chapters import Moment, moments_in
from core.errors import BadInput, NotFound

if TYPE_CHECKING:
    from core.works import Workspace
    from media.web.asking import Limits
    from memory import Memory

LONGEST_PATH = 1000
APART_S = 10  # between two times that are kept: no chapter is shorter
MOST_MOMENTS = 2000


class Given(NamedTuple):
    """The material of a brief."""

    title: str = ""
    text: str = ""
    work_id: str | None = None
    origin: Origin | None = None


NOTHING = Given()


def read_source(
    memory: "Memory", workspace: "Workspace", given: str | None, clock: Callable[[], datetime], *, said_by_a_model: bool
) -> Given:
    """Return the material that `given` names.

    A model may name a work or quote material; it never opens a file and never has an address fetched, since what it
    asks for would tell a stranger what it was told. Raises BadInput for what can't be read.
    """
    if not given:
        return Given()
    try:
        work = memory.works.get(workspace.id, given)
    except NotFound:
        pass
    else:
        return Given(work.title, work.body, work.id, _transcript(work.body, work.extra))
    if is_address(given):
        if said_by_a_model:
            raise BadInput("An address is fetched only when a person gives it.", "Use: greenroom brief --from ADDRESS")
        return from_address(given, workspace, clock)
    if said_by_a_model:
        return Given(text=given, origin=_transcript(given, {}))
    path = Path(given).expanduser()
    if len(given) > LONGEST_PATH or not path.is_file():
        raise BadInput(
            f"{given[:80]} is neither a past work's id nor a file nor an address.", "List works with: greenroom works"
        )
    return from_file(path)


def is_address(given: str) -> bool:
    """Say whether it is written as a web address."""
    return given.strip().lower().startswith(("http://", "https://")) and len(given.split()) == 1


def from_address(
    url: str, workspace: "Workspace", clock: Callable[[], datetime], limits: "Limits | None" = None
) -> Given:
    """Return the article at an address, with what the page says about itself."""
    from media.web.article import article
    from media.web.fetching import fetch

    page = fetch(url, clock, limits)
    found = article(page)
    origin = Origin(
        kind="article",
        url=found.url,
        authors=found.authors,
        site=found.site,
        published_at=found.published_at,
        license=found.license,
        fetched_at=page.fetched_at,
        own=_is_own(found.url, workspace.site_url),
    )
    return Given(found.title, found.text, None, origin)


def from_file(path: Path) -> Given:
    """Return the first piece of a file, with a transcript's times."""
    from memory.importers import collect
    from memory.importers.facts import title_from_name

    harvest = collect([path])
    pieces = list(harvest.pieces)
    if not pieces:
        reason = harvest.failed[0].error if harvest.failed else "nothing to read in it"
        raise BadInput(f"{path}: {reason}")
    first = pieces[0]
    title = "" if first.title == title_from_name(first.source) else first.title  # a file's name is no title to quote
    return Given(title, first.body, None, _transcript(first.body, first.extra))


def _transcript(body: str, extra: dict[str, Any]) -> Origin | None:
    """Return the times of a transcript: those of its cues, else those that stand in its words."""
    cues = extra.get("timestamps")
    found = [Moment(int(at), int(offset)) for at, offset in cues] if isinstance(cues, list) else moments_in(body)
    moments = _apart(found)
    return Origin(kind="transcript", moments=tuple(moments)) if moments else None


def _apart(moments: "list[Moment] | tuple[Moment, ...]") -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for at, offset in moments:
        if not kept or at - kept[-1][0] >= APART_S:
            kept.append((at, offset))
    return kept[:MOST_MOMENTS]


def _is_own(url: str, site_url: str | None) -> bool:
    return bool(site_url) and urlsplit(url).hostname == urlsplit(site_url or "").hostname
