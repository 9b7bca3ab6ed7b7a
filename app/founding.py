"""Makes workspaces."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from app.settings import Settings
from app.studio import Studio, utc_now
from core.errors import BadInput, NotFound
from core.works import Workspace

SAMPLE = Path(__file__).parents[1] / "evals" / "sample" / "tidewater"


def found(
    settings: Settings,
    *,
    name: str,
    timezone: str | None,
    locale: str,
    id_: str | None = None,
    accounts: dict[str, str] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Workspace:
    """Make a workspace and choose it; one that is there already is only chosen."""
    studio = Studio.open(settings)
    try:
        space_id = id_ or slug(name)
        try:
            space = studio.memory.workspaces.get(space_id)
        except NotFound:
            space = Workspace(
                id=space_id,
                name=name,
                timezone=zone(timezone),
                locale=locale,
                accounts=accounts or {},
                created_at=clock(),
            )
            studio.memory.workspaces.add(space)
        studio.memory.workspaces.choose(space.id)
        return space
    finally:
        studio.close()


def found_sample(settings: Settings) -> tuple[Workspace, Path]:
    """Make the sample creator's workspace; it becomes the chosen one only where none is chosen yet."""
    import yaml

    sample: dict[str, Any] = yaml.safe_load((SAMPLE / "workspace.yaml").read_text(encoding="utf-8"))
    studio = Studio.open(settings)
    chosen = studio.memory.workspaces.current()
    studio.close()
    space = found(settings, **{key: sample[key] for key in ("name", "timezone", "locale", "accounts")})
    if chosen and chosen != space.id:
        again = Studio.open(settings)
        again.memory.workspaces.choose(chosen)
        again.close()
    return space, SAMPLE / "works"


def slug(name: str) -> str:
    """Return a name as an id: ASCII letters, digits, hyphens; BadInput where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48]
    if not made:
        raise BadInput(f"No id can be made of the name {name!r}.", "Give one with: --workspace my-studio")
    return made


def zone(name: str | None) -> str:
    """Return a checked IANA zone; without a name, this machine's, else UTC."""
    wanted = name or _this_machines()
    try:
        return ZoneInfo(wanted).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = sorted(z for z in available_timezones() if z.lower().endswith(wanted.lower().split("/")[-1]))[:3]
        hint = f"Did you mean {', '.join(near)}?" if near else "Use an IANA name such as Europe/Oslo."
        raise BadInput(f"There is no time zone called {wanted!r}.", hint) from None


def _this_machines() -> str:
    link = Path("/etc/localtime")
    if link.is_symlink():
        _, found, name = str(link.resolve()).partition("zoneinfo/")
        if found and name in available_timezones():
            return name
    return "UTC"
