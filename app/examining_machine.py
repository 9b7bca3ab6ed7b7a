"""What `greenroom doctor` looks at beyond the workspace: settings, keys, servers, clock, time zones, web, Slack."""

import stat
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

if TYPE_CHECKING:
    from app.studio import Studio

AHEAD = timedelta(minutes=2)
"""How far two clocks may differ before somebody is told: sessions, times and idempotency all go by it."""

OLD_ZONES = timedelta(days=730)
"""After how long without an update the rules of some zone have probably changed."""

SLACK_S = 5.0
"""How long Slack is waited for."""


def settings(_studio: "Studio") -> tuple[bool, str]:
    """Look for settings that nothing reads: a slip in a name is silent otherwise."""
    from app.settings import unread_variables

    unread = unread_variables()
    if unread:
        return False, f"nothing reads {', '.join(unread)}: a slip in the name? docs/settings.md lists them all"
    return True, "every GREENROOM_ variable is known"


def keys(studio: "Studio") -> tuple[bool, str]:
    """Look whether anybody else on this machine can read the keys."""
    home = studio.settings.home
    kept = [file for folder in ("keys", "vault") for file in sorted((home / folder).rglob("*")) if file.is_file()]
    loose = [file for file in kept if stat.S_IMODE(file.stat().st_mode) & 0o077]
    if loose:
        named = " ".join(str(file) for file in loose)
        return False, f"others on this machine can read keys: chmod 600 {named}"
    return True, f"{len(kept)} key files, yours alone; keep a copy: greenroom backup"


def database(studio: "Studio") -> tuple[bool, str]:
    """Ask the database for its time: whether it answers, how fast, and whether its clock is ours."""
    told = studio.memory.pulse()
    where = f"{told.engine}, answers in {told.seconds * 1000:.0f} ms"
    apart = abs(told.at - datetime.now(UTC))
    if apart > AHEAD + timedelta(seconds=told.seconds):
        return False, f"{where}; its clock and ours are {apart.total_seconds():.0f} s apart: set both by NTP"
    return True, where


def index_server(studio: "Studio") -> tuple[bool, str]:
    """Ask a shared Chroma whether it lives; the embedded one is looked at by its lock."""
    url = studio.settings.chroma_url
    if not url:
        holder = studio.memory.index.holder()
        return True, f"embedded, held by process {holder.pid} ({holder.command})" if holder else "embedded, free"
    import httpx2

    try:
        answer = httpx2.get(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=3.0)
    except httpx2.HTTPError as error:
        return False, f"{url} does not answer ({type(error).__name__}): start it, or leave CHROMA_URL out"
    fine = answer.status_code == 200
    return fine, f"{url} lives" if fine else f"{url} answers {answer.status_code}: is it a Chroma server?"


def clock(studio: "Studio") -> tuple[bool, str]:
    """Look whether this machine's clock goes back behind what is written down already."""
    now, entries = studio.clock(), studio.memory.ledger.last()
    if entries is not None and entries.at > now + AHEAD:
        return False, f"the ledger's last entry is of {entries.at:%Y-%m-%d %H:%M} UTC, which is to come: set the clock"
    return True, f"{now:%Y-%m-%d %H:%M} UTC"


def zones(studio: "Studio") -> tuple[bool, str]:
    """Look whether the workspace's zone is known, and how old the rules of zones are."""
    known = len(available_timezones())
    zone = studio.workspace.timezone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return False, f"{zone} is not known here: pip install -U tzdata, or greenroom init --timezone"
    try:
        released = version("tzdata")  # 2026.2 is the second release of that year
        made = datetime(int(released.split(".")[0]), 1, 1, tzinfo=UTC)
    except (PackageNotFoundError, ValueError):
        return bool(known), f"{known} time zones known"
    if studio.clock() - made > OLD_ZONES:
        return False, f"the rules of time zones are of {released}: pip install -U tzdata"
    return True, f"{known} time zones known, rules of {released}"


def web(studio: "Studio") -> tuple[bool, str]:
    """Look whether the web could be served as it is set up, and who could sign in."""
    from app.accounts.rules import Rules, hosts_of, needs_login, refuse_without_accounts

    settings_ = studio.settings
    rules = Rules.of(settings_)
    hosts_of(settings_)
    if not needs_login(settings_):
        return True, "this machine only, one owner, no login"
    refuse_without_accounts(studio, settings_.user)
    if not rules.https:
        return False, f"people sign in at {rules.origin} without https: put a proxy with a certificate before it"
    return True, f"people sign in at {rules.origin}"


def slack(studio: "Studio") -> tuple[bool, str]:
    """Ask Slack whether it knows the app, where one is set up, and look whether anything of its settings is missing."""
    chosen = studio.settings
    if chosen.slack_bot_token is None:
        return True, "not set up"
    if chosen.slack_app_token is None and chosen.slack_signing_secret is None:
        return False, "neither an app token (Socket Mode) nor a signing secret (--port) is set: docs/slack.md"
    import asyncio

    from app.slack_door.door import team_of

    try:
        return True, f"connected to {asyncio.run(asyncio.wait_for(team_of(studio), SLACK_S))}"
    except TimeoutError:
        return False, f"Slack does not answer within {SLACK_S:.0f} s: is the network there?"
