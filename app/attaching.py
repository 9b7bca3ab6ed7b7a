"""Pictures that a person attaches: read from their disk, kept by the hash of their bytes, as they were given."""

from collections.abc import Sequence
from pathlib import Path

from core.drafts import Attached
from core.errors import BadInput
from media.focus import focus_from
from media.metadata import read_said
from memory import Memory

MOST = 20
LARGEST = 64 * 1024 * 1024  # bytes
LONGEST_NAME = 100


def attach(memory: Memory, workspace: str, given: Sequence[str]) -> tuple[Attached, ...]:
    """Return the pictures that `PATH=alt text`, or a path alone, names, each kept in the home's files.

    `PATH@0.3,0.6` also says which point of it stays in sight where a channel cuts it. Without an alt text, the one that
    stands in the file itself is taken (IPTC's AltTextAccessibility).

    Raises BadInput, by name, for what is not there or no picture. Only a person's own words belong here, never a
    model's: this opens files.
    """
    if len(given) > MOST:
        raise BadInput(f"{len(given)} pictures are too many.", f"At most {MOST} go with one brief.")
    attached: dict[str, Attached] = {}
    for each in given:
        path, alt, point = _parted(each)
        picture = keep(memory, workspace, path, path.name, alt, point)
        if picture.sha256 in attached:  # platforms name a post's pictures by their bytes
            raise BadInput(f"{picture.name} is the same picture as {attached[picture.sha256].name}.", "Give it once.")
        attached[picture.sha256] = picture
    return tuple(attached.values())


def _parted(given: str) -> tuple[Path, str, str]:
    """Return the file, its alt text and its point; a file's name may hold signs like ours, so the file decides."""
    parts = given.split("=")
    for count in range(len(parts), 0, -1):
        name, alt = "=".join(parts[:count]), "=".join(parts[count:]).strip()
        path = Path(name).expanduser()
        if _is_file(path):
            return path, alt, ""
        before, _, point = name.rpartition("@")
        path = Path(before).expanduser()
        if before and "=" not in point and _is_file(path):
            return path, alt, point
    raise BadInput(f"There is no picture at {parts[0][:200]}.", 'Give it as: --image "PATH=what it shows"')


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def keep(memory: Memory, workspace: str, path: Path, name: str, alt: str = "", point: str = "") -> Attached:
    """Return the picture that lies at `path`, kept in the home's files; `name` is what its person calls it.

    Raises BadInput, by name. As `attach`, it is for a person's own words alone.
    """
    name = _calm(name)
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(f"{name} has more than {LARGEST:,} bytes.", "Make it smaller first.")
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{name} can't be read: {error.strerror}.") from None
    focus = focus_from(point) if point else None
    said = read_said(data, name=name)
    facts, alt = said.facts, alt or said.words.alt
    size = (facts.width, facts.height)
    stored = memory.files.add(workspace, data, mime=facts.mime, name=name, alt=alt, size=size)
    return Attached(
        sha256=stored.sha256,
        mime=facts.mime,
        bytes=len(data),
        width=facts.width,
        height=facts.height,
        alt=alt,
        name=name,
        focus=(focus.x, focus.y) if focus else None,
    )


def _calm(name: str) -> str:
    """Return a file's name without what could move a terminal's cursor or turn its text around."""
    return "".join(each if each.isprintable() else "?" for each in name)[:LONGEST_NAME]
