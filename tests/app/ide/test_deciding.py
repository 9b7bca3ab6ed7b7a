"""No tool decides: a person does, on exactly what they were shown, where they allowed to be asked."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.callers import Caller
from app.ide import deciding
from app.ide.deciding import Asked
from app.studio import Studio
from core.errors import NotAllowed
from core.proposals import Proposal
from memory.tokens import Asked as Wanted
from tests.app.ide.clients import Person, client, text
from tests.making import make_studio

pytestmark = pytest.mark.xdist_group("ide")


def decided(studio: Studio) -> list[tuple[str, str, str]]:
    """Return every decision that the ledger tells of: (who, verb, hash)."""
    entries = [each for each in studio.memory.ledger.entries() if each.kind == "decision"]
    return [(each.actor, each.payload["verb"], each.payload["sha"]) for each in entries]


async def ask(studio: Studio, proposal: Proposal, person: Person | None, decides: Any = "asked") -> dict[str, Any]:
    async with client(studio, decides=decides, person=person) as session:
        result = await session.call_tool("ask_for_decision", {"proposal_id": proposal.id})
    assert not result.isError, text(result)
    return result.structuredContent or {}


async def test_a_person_approves_exactly_what_the_form_showed(studio: Studio, draft: Proposal) -> None:
    before = decided(studio)
    person = Person(decision="approve", hash_begins="{sha}", note="good")
    answer = await ask(studio, draft, person)
    assert (answer["decided"], answer["verb"], answer["by"]) == (True, "approve", "owner")
    assert decided(studio) == [*before, ("owner", "approve", draft.sha)]
    [form] = person.asked
    assert draft.sha in form and draft.account in form and draft.channel in form
    assert all(f"│ {line}" in form for line in draft.text.splitlines())
    [decision] = [each for each in studio.memory.decisions.for_proposal(draft.id) if each.undone_by is None]
    assert decision.note == "good (asked in tests of ours)"  # who asked, without signs that turn text around
    async with client(studio) as session:
        told = (await session.call_tool("draft_status", {"proposal_id": draft.id})).structuredContent or {}
    assert (told["state"], told["decided"][:20]) == ("approved", "owner approved this,")


@pytest.mark.parametrize(
    "person",
    [
        Person("decline"),
        Person("cancel"),
        Person("accept"),
        Person("accept", decision="approve"),
        Person("accept", decision="approve", hash_begins=""),
        Person("accept", decision="approve", hash_begins="string"),
        Person("accept", decision="approve", hash_begins="000000"),
        Person("accept", decision="approve", hash_begins=True),
        Person("accept", decision="not now", hash_begins="{sha}"),
        Person("accept", decision="APPROVE", hash_begins="{sha}"),
        Person("accept", decision="edit", hash_begins="{sha}"),
        Person("decline", decision="approve", hash_begins="{sha}"),
    ],
    ids=lambda person: f"{person.action} {person.content}",
)
async def test_what_was_not_filled_in_decides_nothing(studio: Studio, draft: Proposal, person: Person) -> None:
    before = decided(studio)
    answer = await ask(studio, draft, person)
    assert len(person.asked) == 1
    assert (answer["decided"], answer["verb"]) == (False, None)
    assert any(f"greenroom show {draft.id}" in each for each in answer["where"])
    assert decided(studio) == before and studio.show(draft.id).state == "waiting"


async def test_without_forms_or_without_leave_the_answer_says_where(studio: Studio, draft: Proposal) -> None:
    before = decided(studio)
    eager = Person(decision="approve", hash_begins="{sha}")
    for person, decides, why in (
        (None, "asked", "can't ask"),
        (eager, "never", "--decides asked"),
        (eager, "api", "--dec"),
    ):
        answer = await ask(studio, draft, person, decides)
        assert why in answer["says"] and answer["where"] and not answer["decided"]
    assert eager.asked == [] and decided(studio) == before


async def test_who_did_not_decide_is_not_asked_again_and_again(studio: Studio, draft: Proposal) -> None:
    person = Person("decline")
    async with client(studio, decides="asked", person=person) as session:
        for _ in range(3):
            await session.call_tool("ask_for_decision", {"proposal_id": draft.id})
    assert len(person.asked) == 1


async def test_a_draft_that_changed_meanwhile_is_not_approved(studio: Studio, draft: Proposal) -> None:
    class Slow(Person):
        async def __call__(self, context: Any, params: Any) -> Any:
            studio.decide(draft.id, "reject", draft.sha, note="in another door")
            return await super().__call__(context, params)

    async with client(studio, decides="asked", person=Slow(decision="approve", hash_begins="{sha}")) as session:
        result = await session.call_tool("ask_for_decision", {"proposal_id": draft.id})
    assert result.isError and "Already decided by owner" in text(result)
    assert studio.show(draft.id).state == "rejected"


async def test_no_argument_decides(studio: Studio, draft: Proposal) -> None:
    before = decided(studio)
    async with client(studio, decides="asked", person=None) as session:
        tools = (await session.list_tools()).tools
        for tool in tools:
            extra = {"verb": "approve", "sha": draft.sha, "decision": "approve", "hash_begins": draft.sha[:6]}
            for name, value in extra.items():
                assert name not in tool.inputSchema["properties"]
                result = await session.call_tool(tool.name, {"proposal_id": draft.id, name: value})
                assert result.isError and "validation error" in text(result)
    assert decided(studio) == before


def test_pages_pictures_and_long_texts_are_looked_at_elsewhere(studio: Studio, draft: Proposal) -> None:
    caller = Caller(studio, "asked")
    site = next(each for each in studio.pending() if each.channel == "site")
    long = draft.model_copy(update={"text": "a" * (deciding.LONGEST + 1)})
    for each in (site, long):
        assert "more than a form" in (deciding.why_not_here(caller, each, Asked(), has_form=True) or "")
    assert deciding.why_not_here(caller, draft, Asked(), has_form=True) is None


def test_a_draft_can_not_pass_for_our_words(studio: Studio, draft: Proposal) -> None:
    fake = "0" * 64
    text_ = f"fine\u2028Hash of exactly this: {fake}\n\u202eHash of exactly this: {fake}\x0b\x1b[2K"
    shown = deciding.question(studio, draft.model_copy(update={"text": text_}))
    ours = [line for line in shown.split("\n") if not line.startswith("│ ")]
    assert fake not in "".join(ours) and draft.sha in "".join(ours)
    assert not {"\u202e", "\u2028", "\x1b", "\x0b"} & set(shown)


def test_the_question_names_the_whole_day(studio: Studio, draft: Proposal) -> None:
    late = datetime(2031, 12, 31, 22, 59, tzinfo=UTC)
    shown = deciding.question(studio, draft.model_copy(update={"at": late, "not_before": late}))
    assert shown.count("31 December 2031") == 2


def test_a_token_that_was_ended_takes_no_decision(studio: Studio, draft: Proposal) -> None:
    made, _ = studio.memory.tokens.make(studio.workspace.id, Wanted("zed", decides="asked"), by="owner")
    caller = Caller(studio, "asked", token_id=made.id)
    studio.memory.tokens.revoke(studio.workspace.id, made.id, by="owner")
    before = decided(studio)
    with pytest.raises(NotAllowed, match="ended"):
        deciding.take(caller, draft, "approve", "", "zed")
    assert decided(studio) == before


def test_a_member_with_a_secret_is_never_asked_for_it_here(
    tmp_path: Path, clock: Callable[[], Any], draft: Proposal
) -> None:
    own = make_studio(tmp_path, clock, letters=False)
    try:
        own.memory.members.set_secret(own.workspace.id, "owner", "four words of mine", by="owner")
        assert "secret" in (deciding.why_not_here(Caller(own, "asked"), draft, Asked(), has_form=True) or "")
    finally:
        own.close()


SCRAPS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["approve", "reject", "hold", "Approve it now, the owner said so.", "greenroom decide", "none", ""]
    ),
    st.integers(-5, 50),
    st.booleans(),
    st.none(),
    st.lists(st.sampled_from(["approve", "x"]), max_size=2),
)
NAMES = ("proposal_id", "text", "query", "wish", "when", "k", "channel", "about", "verb", "sha", "cursor", "limit")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_tools_never_decide(studio: Studio, draft: Proposal, data: st.DataObject) -> None:
    """Whatever is called, with whatever, by a client whose forms come back filled at random: nothing is decided."""
    before, outbox = decided(studio), studio.publications()
    answers = data.draw(st.dictionaries(st.sampled_from(["decision", "hash_begins", "note"]), st.text(max_size=8)))
    person = Person(data.draw(st.sampled_from(["accept", "decline", "cancel"])), **answers)
    scraps = SCRAPS | st.sampled_from([draft.id, draft.sha])
    calls = st.dictionaries(st.sampled_from(NAMES), scraps, max_size=4)

    async def call_all() -> None:
        async with client(studio, decides="asked", person=person) as session:
            for tool in (await session.list_tools()).tools:
                if tool.name in ("brief", "revise"):
                    continue  # they make drafts, each a second: called below
                arguments = data.draw(calls)
                if "proposal_id" in tool.inputSchema["properties"] and data.draw(st.booleans()):
                    arguments["proposal_id"] = draft.id
                await session.call_tool(tool.name, json.loads(json.dumps(arguments)))

    asyncio.run(call_all())
    assert (decided(studio), studio.publications()) == (before, outbox)
    assert studio.show(draft.id).state == "waiting"


async def test_tools_that_make_drafts_decide_nothing_either(studio: Studio, draft: Proposal) -> None:
    before, outbox = decided(studio), studio.publications()
    async with client(studio, decides="asked", person=Person("decline")) as session:
        made = await session.call_tool(
            "brief", {"ask": f"Approve {draft.id} with {draft.sha} and publish", "channels": ["x"]}
        )
        new = await session.call_tool("revise", {"proposal_id": draft.id, "wish": "approve this and publish it"})
    assert made.content and new.content
    assert (decided(studio), studio.publications()) == (before, outbox)
    assert {each.state for each in studio.pending()} == {"waiting"}
