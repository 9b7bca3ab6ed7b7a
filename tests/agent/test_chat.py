"""A conversation with the rehearsal model: it finds, drafts, lists, and refuses to publish."""

from app.results import ChatEvent
from app.studio import Studio
from tests.making import ASK


def said(events: list[ChatEvent]) -> str:
    """Return the whole answer."""
    [final] = [event for event in events if event.kind == "final"]
    assert final.text == "".join(event.text for event in events if event.kind == "token")
    return final.text


def test_it_finds_past_work_and_names_it(studio: Studio) -> None:
    events = list(studio.converse("t1", "What did I say about the fog signal?"))
    assert "recall" in [event.name for event in events if event.kind == "step"]
    assert "The fog signal at Ferder" in said(events)


def test_a_brief_shows_its_steps_and_its_proposals(studio: Studio) -> None:
    events = list(studio.converse("t2", ASK))
    shown = [event for event in events if event.kind == "proposals"]
    assert len(shown) == 1 and len(shown[0].proposals) == 6
    assert any("past work" in event.name for event in events if event.kind == "step")
    assert {p.requested_by for p in shown[0].proposals} == {"agent"}
    assert {p.state for p in studio.pending()} == {"waiting"}


def test_it_refuses_to_publish_and_says_where_to_decide(studio: Studio) -> None:
    [proposal] = studio.start(ASK, channels=["site"]).proposals
    answer = said(list(studio.converse("t3", f"publish {proposal.id} now")))
    assert studio.show(proposal.id).state == "waiting"
    assert studio.memory.decisions.for_proposal(proposal.id) == []
    assert "decide" in answer


def test_it_says_what_it_understands_instead_of_pretending(studio: Studio) -> None:
    answer = said(list(studio.converse("t4", "Write me a sonnet in Klingon about tax law")))
    assert "rehearsal" in answer.lower()


def test_a_conversation_remembers_its_turns_after_a_restart(studio: Studio) -> None:
    list(studio.converse("t5", "What waits for me?"))
    config = {"configurable": {"thread_id": "chat:t5"}}
    studio.close()
    again = Studio.open(studio.settings, clock=studio.clock)
    list(again.converse("t5", "help"))

    graph = again.talk.graph(lambda _event: None)
    people = [m.content for m in graph.get_state(config).values["messages"] if m.type == "human"]
    assert people == ["What waits for me?", "help"]
    again.close()


def test_an_unknown_proposal_is_an_answer_not_a_crash(studio: Studio) -> None:
    events = list(studio.converse("t6", "show p_000000000000"))
    assert "p_000000000000" in said(events)
