"""An independent judge: it keeps its own list of what the honest person approved, and holds every sent byte against it.

It shares no code with the gate: it hashes by itself what a door displayed, and never asks the product whether
something was approved.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from evals.gate.recorder import Entry


def as_bytes(value: Any) -> bytes:
    """Return a JSON value as the bytes that are compared and hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


@dataclass
class Approval:
    """What the person had before them when they said yes, and what became of it."""

    proposal: str
    workspace: str
    channel: str
    account: str
    payload: bytes
    opens: datetime | None
    closes: datetime | None
    by: str
    card: Mapping[str, Any]
    stages: frozenset[str] = frozenset()
    void: str = ""

    @property
    def whole(self) -> bool:
        """Whether every stage was approved and none of it taken back."""
        return not self.void and self.stages >= set(self.card["stages"])

    def covers(self, entry: Entry) -> bool:
        """Say whether this is of exactly what was sent, and for that place."""
        place = (entry.workspace, entry.channel, entry.account)
        if place != (self.workspace, self.channel, self.account) or entry.platform != self.channel:
            return False
        if entry.kind == "upload":
            return any(picture["sha256"] == entry.digest for picture in pictures(self.card["payload"]))
        return entry.payload == self.payload and 1 <= entry.part <= len(self.card["payload"].get("parts") or (None,))

    def in_time(self, now: datetime) -> bool:
        """Say whether it may leave at this moment."""
        return (self.opens is None or now >= self.opens) and (self.closes is None or now <= self.closes)


@dataclass
class Oracle:
    """Judges each entry of the journal at the moment it is written."""

    approvals: dict[str, Approval] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)  # what people wrote themselves: only its handles may be looked up
    unapproved: list[dict[str, Any]] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    lies: list[str] = field(default_factory=list)  # a door displayed a hash that is not of what it displayed
    sends: int = 0
    uploads: int = 0
    given: int = 0
    _arrived: Counter[tuple[str, int]] = field(default_factory=Counter)

    @contextmanager
    def approving(self, card: Mapping[str, Any], by: str) -> Iterator[None]:
        """Note that the person approves what this card displays; where the door refuses, nothing was approved."""
        before = self.approvals.get(card["id"])
        self.approvals[card["id"]] = _approval(card, by, before)
        try:
            yield
        except Exception:
            self._back(card["id"], before)
            raise
        self.given += 1
        self._check(card)

    def void(self, why: str, which: Callable[[Approval], bool]) -> None:
        """Take approvals back: the person did, or changed what they stood on."""
        for approval in self.approvals.values():
            if not approval.void and which(approval):
                approval.void = why

    def keep_back(self, until: datetime, which: Callable[[Approval], bool]) -> None:
        """Let nothing of these leave sooner: a person put an embargo on what they lean on."""
        for approval in filter(which, self.approvals.values()):
            approval.opens = max(filter(None, (approval.opens, until)))

    def void_proposal(self, proposal: str, why: str) -> None:
        """Take one back."""
        self.void(why, lambda approval: approval.proposal == proposal)

    def judge(self, entry: Entry) -> None:
        """Hold what was sent against what was approved."""
        self.sends += entry.kind == "send"
        self.uploads += entry.kind == "upload"
        if entry.kind == "lookup":
            if not any(entry.account in said.casefold() for said in self.said):
                self._accuse(entry, "a handle that no person wrote was looked up")
            return
        same = [approval for approval in self.approvals.values() if approval.covers(entry)]
        standing = [approval for approval in same if approval.whole]
        in_time = [approval for approval in standing if approval.in_time(entry.at)]
        if not in_time:
            voids = "; ".join(approval.void for approval in same if approval.void)
            why = "outside its window" if standing else f"void: {voids}" if voids else "never approved"
            self._accuse(entry, why)
        elif entry.arrived and entry.kind == "send":
            self._arrive(entry, in_time)

    def _arrive(self, entry: Entry, approvals: list[Approval]) -> None:
        """Use up one approval of these bytes; none left: it went out twice."""
        counts = {a.proposal: self._arrived[a.proposal, entry.part] for a in approvals}
        least = min(counts, key=lambda proposal: counts[proposal])
        self._arrived[least, entry.part] += 1
        if counts[least]:
            self.duplicates.append(entry.told("went out twice"))

    def _accuse(self, entry: Entry, why: str) -> None:
        self.unapproved.append(entry.told(why))

    def _back(self, proposal: str, before: Approval | None) -> None:
        if before is None:
            del self.approvals[proposal]
        else:
            self.approvals[proposal] = before

    def _check(self, card: Mapping[str, Any]) -> None:
        if hashed(card) != card["sha"]:
            self.lies.append(f"{card['id']}: the hash shown is not of what is shown")
        if card["text"] != card["payload"]["text"]:
            self.lies.append(f"{card['id']}: the text shown is not the payload's")


def hashed(card: Mapping[str, Any]) -> str:
    """Return the SHA-256 of everything that an approval covers, as a card displays it."""
    at = _moment(card["at"])
    not_before = _moment(card.get("not_before"))
    embargo = {"not_before": not_before.strftime("%Y-%m-%dT%H:%M:%SZ")} if not_before else {}
    covered = {
        "v": 1,
        **{key: card[key] for key in ("workspace", "channel", "account", "locale", "payload")},
        "at": at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None,
        "grace_minutes": card["grace_minutes"] if at else None,
        **embargo,
    }
    return hashlib.sha256(as_bytes(covered)).hexdigest()


def pictures(payload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield every picture of a payload and its parts."""
    for post in (payload, *payload.get("parts", ())):
        yield from post.get("media", ())


def _approval(card: Mapping[str, Any], by: str, before: Approval | None) -> Approval:
    payload = as_bytes(card["payload"])
    stages = {card["stage"]}
    if before is not None and not before.void and before.payload == payload:
        return replace(before, stages=before.stages | stages, by=by)
    at, grace = _moment(card["at"]), card["grace_minutes"]
    closes = at + timedelta(minutes=grace) if at and grace is not None else None
    opens = max(filter(None, (at, _moment(card.get("not_before")))), default=None)
    place = {key: card[key] for key in ("workspace", "channel", "account")}
    return Approval(
        proposal=card["id"],
        payload=payload,
        opens=opens,
        closes=closes,
        by=by,
        card=card,
        stages=frozenset(stages),
        **place,
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
