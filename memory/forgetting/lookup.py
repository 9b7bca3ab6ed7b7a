"""From what somebody asks for to the rows that are meant."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from core.errors import NotAllowed, NotFound, WrongUse
from core.members import is_agent
from core.works import Work
from memory.authority import find_member
from memory.forgetting.case import Case
from memory.forgetting.names import Name
from memory.forgetting.people import has_part, is_alone, names_them, said_by, without_them
from memory.forgetting.wish import Wish
from memory.forgetting.works import hashes_of, texts_of, versions_of, works_of
from memory.quotes import Quotes
from memory.tables import briefs, members, proposals, workspaces

_LIST = "`greenroom works` lists them."


def look_up(conn: Connection, wish: Wish) -> Case:
    """Return the case of a wish. Raises NotFound where there is nothing of it; NotAllowed for a present member."""
    if conn.execute(select(workspaces.c.id).where(workspaces.c.id == wish.workspace)).first() is None:
        raise NotFound(f"There is no workspace “{wish.workspace}”.", "Nothing was changed.")
    if wish.kind == "person":
        return _of_person(conn, wish)
    chosen = _chosen(works_of(conn, wish.workspace), wish)
    whole = tuple(version for work in chosen for version in versions_of(conn, work))
    case = Case(wish, whole=whole, quotes=Quotes(texts_of(whole)), hashes=hashes_of(whole))
    if wish.kind == "workspace":
        for table in (briefs, proposals):
            case.threads |= set(conn.scalars(select(table.c.id).where(table.c.workspace == wish.workspace)))
        case.alone = conn.execute(select(workspaces.c.id).where(workspaces.c.id != wish.workspace)).first() is None
    return case


def is_from(work: Work, source: str) -> bool:
    """Say whether a work came from a source: named exactly, or as what its path or address begins with."""
    return any(_begins(where, source) for where in (work.source, work.url or ""))


def _begins(where: str, source: str) -> bool:
    """A beginning ends where a word ends: `post-1` is not the beginning of `post-10`."""
    rest = where[len(source) :]
    return bool(source) and where.startswith(source) and not (rest and source[-1].isalnum() and rest[0].isalnum())


def _chosen(there: list[Work], wish: Wish) -> list[Work]:
    if wish.kind == "workspace":
        return there
    if wish.kind == "source":
        read = set(wish.sources)
        found = [work for work in there if work.source in read or is_from(work, wish.named)]
        if not found:
            raise NotFound(f"No work here came from {wish.named!r}. Nothing was changed.", _LIST)
        return found
    found = [work for work in there if work.id in wish.works]
    if missing := set(wish.works) - {work.id for work in found}:
        raise NotFound(f"There is no work {', '.join(sorted(missing))} in this workspace.", _LIST)
    return found


def _of_person(conn: Connection, wish: Wish) -> Case:
    if not wish.named.strip() or is_agent(wish.named):
        raise WrongUse("That is nobody's name. Nothing was changed.")
    name = Name(wish.named)
    _refuse_present(conn, wish, name)
    whole: list[Work] = []
    shared: list[tuple[Work, ...]] = []
    mentions: list[str] = []
    for work in works_of(conn, wish.workspace):
        versions = versions_of(conn, work)
        if is_alone(work, name) or _nothing_left(work, name):
            whole += versions
        elif any(has_part(each, name) for each in versions) or (wish.mentions and _names(versions, name)):
            shared.append(versions)
        elif _names(versions, name):
            mentions.append(work.id)
    said = [text for versions in shared for text in said_by(versions, name)]
    before = hashes_of(version for versions in shared for version in versions)
    return Case(
        wish,
        whole=tuple(whole),
        shared=tuple(shared),
        quotes=Quotes([*texts_of(whole), *said]),
        name=name,
        mentions=mentions,
        hashes=hashes_of(whole) | before,
    )


def _nothing_left(work: Work, name: Name) -> bool:
    return has_part(work, name) and not without_them(work, name, mentions=False).body.strip()


def _names(versions: Iterable[Work], name: Name) -> bool:
    return any(names_them(version, name) for version in versions)


def _refuse_present(conn: Connection, wish: Wish, name: Name) -> None:
    for member in conn.scalars(select(members.c.name).where(members.c.workspace == wish.workspace)):
        found = find_member(conn, wish.workspace, member)
        if name.is_(member) and found is not None and found.removed_at is None:
            raise NotAllowed(
                f"{member} is a member of this workspace. Nothing was changed.",
                f"Remove them first: greenroom members remove {member!r}",
            )
