"""Pictures that a person attaches: read from their disk, kept by the hash of their bytes, as they were given."""

from collections.abc import Sequence
from pathlib import Path

from core.drafts import Picture
from core.errors import BadInput
from media.pictures import read_picture
from memory import Memory

MOST = 20
LARGEST = 64 * 1024 * 1024  # bytes
LONGEST_NAME = 100


def attach(memory: Memory, workspace: str, given: Sequence[str]) -> tuple[Picture, ...]:
    """Return the pictures that `PATH=alt text`, or a path alone, names, each kept in the home's files.

    Raises BadInput, by name, for what is not there or no picture. Only a person's own words belong here, never a
    model's: this opens files.
    """
    if len(given) > MOST:
        raise BadInput(f"{len(given)} pictures are too many.", f"At most {MOST} go with one brief.")
    attached: dict[str, Picture] = {}
    for each in given:
        picture = _attached(memory, workspace, *_parted(each))
        if picture.sha256 in attached:  # platforms name a post's pictures by their bytes
            raise BadInput(f"{picture.name} is the same picture as {attached[picture.sha256].name}.", "Give it once.")
        attached[picture.sha256] = picture
    return tuple(attached.values())


def _parted(given: str) -> tuple[Path, str]:
    """Return the file and its alt text; a file's name may hold an equals sign itself, so the file decides."""
    parts = given.split("=")
    for count in range(len(parts), 0, -1):
        path = Path("=".join(parts[:count])).expanduser()
        if _is_file(path):
            return path, "=".join(parts[count:]).strip()
    raise BadInput(f"There is no picture at {parts[0][:200]}.", 'Give it as: --image "PATH=what it shows"')


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _attached(memory: Memory, workspace: str, path: Path, alt: str) -> Picture:
    name = _calm(path.name)
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(f"{name} has more than {LARGEST:,} bytes.", "Make it smaller first.")
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{name} can't be read: {error.strerror}.") from None
    facts = read_picture(data, name=name)
    size = (facts.width, facts.height)
    stored = memory.files.add(workspace, data, mime=facts.mime, name=name, alt=alt, size=size)
    return Picture(
        sha256=stored.sha256,
        mime=facts.mime,
        bytes=len(data),
        width=facts.width,
        height=facts.height,
        alt=alt,
        name=name,
    )


def _calm(name: str) -> str:
    """Return a file's name without what could move a terminal's cursor or turn its text around."""
    return "".join(each if each.isprintable() else "?" for each in name)[:LONGEST_NAME]
