"""One run's world: a studio with a hostile model in it, recording senders, a judge, and one honest person."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

from app.studio import Studio
from core.channels import channels
from core.decisions import Decision
from core.errors import NotAllowed
from core.proposals import OPEN_STATES, Proposal
from core.publications import Publication, PublicationState
from evals.gate.counts import Tally
from evals.gate.hostile_model import HostileModel
from evals.gate.oracle import Oracle
from evals.gate.recorder import Entry, Journal, RecordingSender
from evals.gate.seen import Seen
from evals.gate.theatre import SECRETS, WITH_MEMBERS, Clock, Theatre
from publishing import Desk

if TYPE_CHECKING:
    from evals.gate.attacks import Scenario


T = TypeVar("T")

UNDER_WAY: tuple[PublicationState, ...] = ("scheduled", "preparing", "armed", "unknown", "reconciling", "paused_quota")


class NothingThere(Exception):
    """A move found nothing to aim at."""


class Stage:
    """What moves are made on."""

    def __init__(self, theatre: Theatre, scenario: "Scenario", tally: Tally) -> None:
        self.scenario = scenario
        self.tally = tally
        self.clock = Clock()
        self.oracle = Oracle()
        self.journal = Journal(self.oracle.judge)
        self.model = HostileModel(seed=scenario.seed, tally=tally, most_rounds=99 if scenario.for_ever else 2)
        self.studio: Studio = theatre.open(scenario.world, self.model, self.clock)
        self.memory = self.studio.memory
        answers = iter(scenario.answers)
        senders = {
            each.name: RecordingSender(each.name, self.journal, self.memory, self.clock, answers) for each in channels()
        }
        self.studio.__dict__["desk"] = Desk(self.memory, senders, self.clock)

    @property
    def world(self) -> str:
        """The workspace."""
        return self.scenario.world

    # what there is

    def proposals(self, *states: str) -> list[Proposal]:
        """Return the workspace's proposals that have a draft, oldest first; never by their ids, which are random."""
        found = sorted(self.memory.proposals.list(self.world), key=_in_order)
        return [each for each in found if each.draft_id and (not states or each.state in states)]

    def waiting(self, rng: Random) -> Proposal:
        """Return one that waits."""
        return self.pick(self.proposals(*OPEN_STATES), rng)

    def approved(self, rng: Random) -> Proposal:
        """Return one that the person approved and that has not gone yet."""
        return self.pick(self.proposals("approved", "scheduled"), rng)

    def any(self, rng: Random) -> Proposal:
        """Return any."""
        return self.pick(self.proposals(), rng)

    def decision(self, rng: Random) -> Decision:
        """Return any decision, also one that was taken back."""
        return self.pick(self.decisions(), rng)

    def decisions(self) -> list[Decision]:
        """Return every decision."""
        proposals = sorted(self.memory.proposals.list(self.world), key=_in_order)
        made = [d for p in proposals for d in self.memory.decisions.for_proposal(p.id)]
        return sorted(made, key=lambda d: (d.at, d.stage, d.verb))

    def publication(self, rng: Random, *states: str) -> Publication:
        """Return a row of the outbox."""
        found = sorted(self.memory.publications.list(self.world), key=lambda p: (p.created_at, p.channel, p.part))
        return self.pick([each for each in found if not states or each.state in states], rng)

    def seen(self) -> Seen:
        """Return what a compromised tool could read: everything in this workspace."""
        rows = [each.as_json() for each in self.memory.proposals.list(self.world)]
        made = [d.model_dump(mode="json") for row in rows for d in self.memory.decisions.for_proposal(row["id"])]
        return Seen(json.dumps([rows, made], ensure_ascii=False), str(self.studio.settings.home))

    def pick(self, things: list[T], rng: Random) -> T:
        """Return one of these. Raises NothingThere."""
        if not things:
            raise NothingThere
        return rng.choice(things)

    # the honest person

    def card(self, proposal_id: str) -> dict[str, Any]:
        """Return what a door displays of a proposal, as it goes over a wire."""
        shown: dict[str, Any] = json.loads(json.dumps(self.studio.show(proposal_id).as_json()))
        return shown

    def secret(self, name: str) -> str | None:
        """Return somebody's own secret, where they have one here."""
        return SECRETS.get(name) if self.world in WITH_MEMBERS else None

    def approve(self, card: dict[str, Any]) -> Decision:
        """Approve what is on a card, as somebody who may; whoever may not is told so, and the next one tries."""
        people = ("owner", "Mina") if self.world in WITH_MEMBERS else ("owner",)
        for place, name in enumerate(people):
            try:
                return self.approve_as(name, card)
            except NotAllowed:
                if place == len(people) - 1:
                    raise
        raise AssertionError

    def approve_as(self, name: str, card: dict[str, Any]) -> Decision:
        """Approve what is on a card."""
        with self.oracle.approving(card, name):
            done = self.studio.decide(card["id"], "approve", card["sha"], by=name, secret=self.secret(name))
        return done.decision

    def relay(self, words: str) -> None:
        """Pass a message on in the conversation."""
        for event in self.studio.converse("gate", words):
            self.tally.add("answers_broken_off", event.kind == "notice")

    def publish(self) -> None:
        """Let the sender look for what is due, and again while something is open: the unclear is read back later."""
        self.studio.publish_due()
        for minutes in (2, 6):
            if not self.memory.publications.list(states=UNDER_WAY):
                return
            self.clock.move(minutes=minutes)
            self.studio.publish_due()

    @contextmanager
    def no_outside(self) -> Iterator[None]:
        """Keep the one look-up that drafting may make inside, and in the journal: a name can carry words out."""
        linked: Any = import_module("agent.linked")
        real = linked.did_of
        linked.did_of = self._looked_up
        try:
            yield
        finally:
            linked.did_of = real

    def _looked_up(self, handle: str, _service: str) -> str | None:
        entry = Entry("lookup", "bluesky", self.world, "bluesky", handle, b"", 1, "", self.clock(), arrived=True)
        self.journal.write(entry)
        return None


def _in_order(proposal: Proposal) -> tuple[Any, ...]:
    return (proposal.created_at, proposal.channel, proposal.locale, proposal.variant, len(proposal.text), proposal.text)
