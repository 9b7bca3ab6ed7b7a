"""Connecting accounts: what `greenroom channels` does. Credentials are tried first, and kept only if they work."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from core.base import Instant, Noun
from core.channels import channels
from core.connections import Connection
from core.errors import GreenroomError, NotAllowed, NotConnected, NotFound, WrongUse
from core.members import is_agent
from core.proposals import Proposal

if TYPE_CHECKING:
    from app.studio import Studio
    from publishing.connecting import Wanted
    from publishing.credentials import Credentials, Secret
    from publishing.platform import Seen

_PLACE = ("service", "server", "site_url", "url", "author", "from_address", "user", "host")
"""Settings that say where an account is; another value means another place."""

State = Literal["connected", "disconnected", "not connected", "built in"]


class ChannelRow(Noun):
    """One account of a channel, or a channel without one."""

    channel: str
    label: str
    account: str | None
    state: State
    reason: str = ""
    facts: dict[str, Any] = Field(default_factory=dict)
    checked_at: Instant | None = None


class Tested(Noun):
    """What came of trying an account; nothing was sent."""

    ok: bool
    channel: str
    account: str
    facts: dict[str, Any] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    error: str | None = None


def list_channels(studio: "Studio") -> list[ChannelRow]:
    """Return every channel with its accounts, in the order in which channels are shown."""
    from publishing.connecting import NEEDS

    rows: list[ChannelRow] = []
    connected = studio.memory.connections.list(studio.workspace.id)
    labels = {each.name: each.label for each in channels()}
    for name, label in (labels | {name: need.label for name, need in NEEDS.items() if name not in labels}).items():
        mine = [_row(each, label) for each in connected if each.channel == name]
        account = studio.workspace.accounts.get(name)
        if not any(row.account == account for row in mine) and (account or not mine):
            mine.append(_unconnected(name, label, account))
        rows += mine
    return rows


def add_account(
    studio: "Studio",
    channel: str,
    account: str | None,
    given: Mapping[str, str],
    *,
    test: bool = True,
    keep: bool = False,
    secret: str | None = None,
) -> Tested:
    """Connect an account with the values given, by field name. A test that fails keeps nothing unless `keep`.

    `secret`: the owner's own, where they have one. An account that leads somewhere else than before voids what was
    approved for it. Raises BadInput for what is missing or can't be used, NotAllowed for who may not.
    """
    from publishing.connecting import wanted
    from publishing.credentials import Secret, Staged
    from publishing.settling import settled

    need, channel = wanted(channel), channel.strip().lower()
    by = _owner(studio, secret)
    if need.built_in:
        raise WrongUse(f"{need.label} is built in: there is nothing to connect.")
    named = (account or studio.workspace.accounts.get(channel) or "").strip()
    if not named:
        raise WrongUse("Which account?", f"Say it with --account: {need.account}.")
    settings, hidden = settled(need, given)
    staged = Staged(studio.workspace.id, channel, named, Secret(values=hidden), settings)
    done = _try(studio, staged, need, channel, named) if test else _untested(channel, named)
    if not (done.ok or keep):
        return done.model_copy(update={"notes": (*done.notes, "Nothing was kept; what was there before still is.")})
    space, tested = studio.workspace.id, test and done.ok
    before = studio.memory.connections.find(space, channel, named)
    voided = _void_if_elsewhere(studio, before, settings, by)  # first: no worker may send it there in between
    studio.credentials.connect(
        space, channel, named, staged.secret, settings=settings, facts=done.facts, tested=tested, by=by
    )
    return done.model_copy(update={"notes": (*done.notes, *voided, *_account_named(studio, channel, named))})


def test_account(studio: "Studio", channel: str, account: str | None) -> Tested:
    """Try a connected account, and keep what the platform says of itself. Raises NotFound without one."""
    from publishing.connecting import wanted

    need, channel = wanted(channel), channel.strip().lower()
    space = studio.workspace
    named = space.accounts.get(channel) or "" if need.built_in else _which(studio, channel, account).account
    done = _try(studio, studio.credentials, need, channel, named)
    if done.ok and not need.built_in:
        studio.memory.connections.checked(space.id, channel, named, done.facts)
    return done


def remove_account(studio: "Studio", channel: str, account: str | None, *, secret: str | None = None) -> Connection:
    """Forget an account and its secrets. What is approved for it waits until it is connected again.

    Raises NotFound; NotAllowed for who may not.
    """
    by = _owner(studio, secret)
    found = _which(studio, channel.strip().lower(), account)
    return studio.credentials.forget(found.workspace, found.channel, found.account, by=by)


def forget_accounts(studio: "Studio", workspace: str, *, by: str) -> None:
    """Forget every account of a workspace that is to go, and its secret; who asks was asked for their right already."""
    for each in studio.memory.connections.list(workspace):
        studio.credentials.forget(each.workspace, each.channel, each.account, by=by)


def examine_credentials(studio: "Studio") -> tuple[bool, str]:
    """Return whether accounts and their secrets are in order, and what to do where they are not."""
    rows = studio.memory.connections.list()
    ended = [f"{each.account} on {each.channel}: {each.reason}" for each in rows if each.state == "disconnected"]
    faults = studio.credentials.faults()
    if ended:
        faults.append(f"disconnected: {'; '.join(ended)}. Connect anew: greenroom channels add CHANNEL")
    accounts = "1 account" if len(rows) == 1 else f"{len(rows)} accounts"
    return not faults, "; ".join(faults) or f"{accounts}, secrets in {studio.credentials.where}"


def _try(studio: "Studio", credentials: "Credentials", need: "Wanted", channel: str, account: str) -> Tested:
    """Test an account; whatever goes wrong is said in words without a secret in them."""
    try:
        seen = _see(studio, credentials, channel, account)
        _refuse_another(need, account, seen)
    except GreenroomError as error:
        words = f"{error.message} {error.hint}".strip()
    except Exception as error:  # noqa: BLE001  a library's own words may quote what it was given
        words = f"The test broke off: {type(error).__name__}."
    else:
        return Tested(ok=True, channel=channel, account=account, facts=seen.facts, notes=seen.notes)
    secret = _secret(credentials, studio.workspace.id, channel, account)
    return Tested(ok=False, channel=channel, account=account, error=secret.scrubbed(words) if secret else words)


def _see(studio: "Studio", credentials: "Credentials", channel: str, account: str) -> "Seen":
    from publishing import PLATFORMS
    from publishing.backstage import Backstage

    if channel not in PLATFORMS:
        raise NotConnected(f"This version has no sender for {channel}, so it can't be tried.")
    home, memory = studio.settings.home, studio.memory
    backstage = Backstage(home=home, memory=memory, credentials=credentials, clock=studio.clock)
    return PLATFORMS[channel](backstage).test(studio.workspace.id, account)


def _refuse_another(need: "Wanted", account: str, seen: "Seen") -> None:
    """What is approved for one account may not go out on another, so its credentials are not taken either."""
    from publishing.settling import same_account

    if need.says_who and not same_account(account, seen.account):
        raise NotConnected(f"These credentials are for {seen.account}, not for {account}.", "Give the ones for that.")


def _secret(credentials: "Credentials", workspace: str, channel: str, account: str) -> "Secret | None":
    try:
        return credentials.get(workspace, channel, account)
    except NotConnected:
        return None


def _untested(channel: str, account: str) -> Tested:
    notes = (f"Not tried yet: greenroom channels test {channel}",)
    return Tested(ok=True, channel=channel, account=account, notes=notes)


def _account_named(studio: "Studio", channel: str, account: str) -> tuple[str, ...]:
    """Let proposals for the channel be for this account, if they are for none yet, as `init --account` does."""
    from app.founding import Wanted

    space = studio.memory.workspaces.get(studio.workspace.id)
    named = space.accounts.get(channel)
    if named is None:
        changed = space.model_copy(update=Wanted(accounts={channel: account}).changes(space))
        studio.memory.workspaces.replace(changed)
        return ()
    if named == account:
        return ()
    return (f"Proposals are for {named}; for this one instead: greenroom init --account {channel}={account}",)


def _which(studio: "Studio", channel: str, account: str | None) -> Connection:
    """Return the one connection that is meant. Raises NotFound for none, WrongUse where it could be several."""
    mine = [each for each in studio.memory.connections.list(studio.workspace.id) if each.channel == channel]
    if account is not None:
        return studio.memory.connections.get(studio.workspace.id, channel, account)
    if len(mine) > 1:
        raise WrongUse(f"Which account? {', '.join(each.account for each in mine)}.", "Say it with --account.")
    if not mine:
        raise NotFound(f"No account is connected on {channel}.", f"Connect one: greenroom channels add {channel}")
    return mine[0]


def _owner(studio: "Studio", secret: str | None) -> str:
    """Return who connects or forgets an account. Raises NotAllowed for all but owners; an agent never does."""
    if is_agent(studio.settings.user):
        raise NotAllowed("The agent connects no account: a person does.")
    who, proof = studio.speaker(None, secret)
    studio.memory.members.refuse(studio.workspace.id, who, proof, roles=("owner",), what="connect or forget accounts")
    return who


def _void_if_elsewhere(
    studio: "Studio", before: Connection | None, settings: Mapping[str, Any], by: str
) -> tuple[str, ...]:
    """Void what was approved for an account that leads somewhere else now: it was approved for the other place."""
    if before is None or all(before.settings.get(name) == settings.get(name) for name in _PLACE):
        return ()
    reason = f"{before.account} on {before.channel} was connected to another place since."

    def ground(proposal: Proposal) -> str | None:
        mine = (proposal.channel, proposal.account) == (before.channel, before.account)
        return reason if mine and proposal.state in ("approved", "scheduled") else None

    swept = studio.memory.voiding.sweep(before.workspace, ground, by=by)
    told = [f"{each.proposal}: the approval is void. {each.reason}" for each in swept.voided]
    return (*told, *(f"{each.proposal}: too late. {each.reason}" for each in swept.too_late))


def _row(of: Connection, label: str) -> ChannelRow:
    return ChannelRow(
        label=label, **of.model_dump(include={"channel", "account", "state", "reason", "facts", "checked_at"})
    )


def _unconnected(channel: str, label: str, account: str | None) -> ChannelRow:
    from publishing.connecting import NEEDS

    need = NEEDS.get(channel)
    if need is None:
        reason = "this version can't send there: copy the approved text with `greenroom show ID --text`"
        return ChannelRow(channel=channel, label=label, account=account, state="not connected", reason=reason)
    state: State = "built in" if need.built_in else "not connected"
    return ChannelRow(channel=channel, label=label, account=account, state=state)
