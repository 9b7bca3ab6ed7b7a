"""Makes workspaces."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from app.settings import Settings
from app.speaking import speaker
from app.studio import Studio, utc_now
from core.channels import channel
from core.errors import BadInput, NotFound
from core.locales import checked
from core.policy import read_policy
from core.works import Workspace
from memory.voiding import Swept

DEFAULT_NAME = "My studio"
SAMPLE = Path(__file__).parents[1] / "evals" / "sample" / "tidewater"


@dataclass(frozen=True)
class Wanted:
    """What somebody said about a workspace; None: nothing."""

    name: str | None = None
    timezone: str | None = None
    locale: str | None = None
    accounts: dict[str, str] | None = None
    site_url: str | None = None
    policy: dict[str, Any] | None = None

    def changes(self, space: Workspace) -> dict[str, Any]:
        """Return what this says, checked, as fields of the workspace; BadInput names what can't be."""
        locale = checked(self.locale) if self.locale is not None else None
        said = {"name": self.name, "locale": locale, "site_url": _address(self.site_url)}
        changes: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
        if self.timezone is not None:
            changes["timezone"] = zone(self.timezone)
        if self.accounts is not None:
            for name in self.accounts:
                channel(name)
            changes["accounts"] = space.accounts | self.accounts
        if self.policy is not None:
            for name in read_policy(self.policy).channels:
                channel(name)
            changes["policy"] = self.policy
        return changes


def _address(url: str | None) -> str | None:
    if url is not None and not re.fullmatch(r"https?://[^\s/]+(/[^\s?#]*)?", url):
        raise BadInput(
            f"{url!r} is no address of a site.", "Write it as https://example.org or https://example.org/blog"
        )
    return url


def found(settings: Settings, wanted: Wanted, *, clock: Callable[[], datetime] = utc_now) -> Workspace:
    """Make a workspace and choose it. One that is there already is chosen, and takes on only what was said."""
    return founded(settings, wanted, clock=clock)[0]


def founded(
    settings: Settings, wanted: Wanted, *, clock: Callable[[], datetime] = utc_now, secret: str | None = None
) -> tuple[Workspace, Swept]:
    """Make a workspace, as `found`; also return what a changed account made void.

    Raises NotAllowed where the workspace has members and who asks is none of its owners.
    """
    studio = Studio.open(settings, clock=clock)
    swept = Swept()
    try:
        spaces = studio.memory.workspaces
        space_id = settings.workspace or slug(wanted.name or DEFAULT_NAME)
        try:
            space = spaces.get(space_id)
            changed = space.model_copy(update=wanted.changes(space))
            if changed != space:
                swept = _change(studio, space, changed, secret)
        except NotFound:
            fresh = Workspace(id=space_id, name=wanted.name or DEFAULT_NAME, timezone=zone(None), created_at=clock())
            changed = fresh.model_copy(update=wanted.changes(fresh))
            spaces.add(changed)
        spaces.choose(changed.id)
        return changed, swept
    finally:
        studio.close()


def _change(studio: Studio, old: Workspace, new: Workspace, secret: str | None) -> Swept:
    """Store a changed workspace, by one of its owners; what is approved for an account that it left is void."""
    memory = studio.memory
    who, proof = speaker(studio.settings, memory, old.id, None, secret)
    memory.members.refuse(old.id, who, proof, roles=("owner",), what="change it")
    memory.workspaces.replace(new)
    if (old.name, old.accounts) == (new.name, new.accounts):
        return Swept()
    return memory.voiding.sweep(old.id, memory.grounds.account, by=who)


def _sample() -> dict[str, Any]:
    import yaml

    told: dict[str, Any] = yaml.safe_load((SAMPLE / "workspace.yaml").read_text(encoding="utf-8"))
    return told


def sample_brief(space: Workspace) -> tuple[str, str] | None:
    """Return what the sample creator wants to tell next, and the notes for it; None in a workspace of one's own."""
    sample = _sample()
    if (space.name, space.accounts) != (sample["name"], sample["accounts"]):
        return None
    return sample["ask"], (SAMPLE / "brief-source.md").read_text(encoding="utf-8")


def found_sample(settings: Settings) -> tuple[Workspace, Path]:
    """Make the sample creator's workspace; it becomes the chosen one only where none is chosen yet."""
    sample = _sample()
    studio = Studio.open(settings)
    chosen = studio.memory.workspaces.current()
    studio.close()
    facts = {key: sample[key] for key in ("name", "timezone", "locale", "accounts")}
    space = found(settings.model_copy(update={"workspace": None}), Wanted(**facts))
    if chosen and chosen != space.id:
        again = Studio.open(settings)
        again.memory.workspaces.choose(chosen)
        again.close()
    return space, SAMPLE / "works"


_SPELLED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
"""Latin letters that are no letter with a mark, and so have no plain one in Unicode's tables."""

HASHED = 8  # hexadecimal digits


def slug(name: str) -> str:
    """Return a name as an id: ASCII letters, digits, hyphens.

    Where hardly a letter of it is Latin (余白, Мастерская) its id is neutral, and the same for the same name.
    BadInput for a name without letters and digits.
    """
    folded = unicodedata.normalize("NFC", name).strip().casefold()
    said = [sign for sign in folded if sign.isalnum()]
    if not said:
        raise BadInput(f"No id can be made of the name {name!r}.", "Give one with: --workspace my-studio")
    plain = unicodedata.normalize("NFKD", folded.translate(_SPELLED)).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")
    if 2 * sum(sign.isascii() or sign in _SPELLED_SIGNS or _is_marked(sign) for sign in said) >= len(said):
        return made
    return f"workspace-{hashlib.sha256(folded.encode()).hexdigest()[:HASHED]}"


_SPELLED_SIGNS = frozenset(map(chr, _SPELLED))


def _is_marked(sign: str) -> bool:
    """Say whether a letter is a plain one with marks: é, ş, ñ."""
    return unicodedata.normalize("NFKD", sign)[0].isascii()


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
