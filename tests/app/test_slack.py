"""The Slack door, real, against our strict fake of Slack: who may, once, what was shown, and shown everywhere."""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from app.studio import Studio
from tests.app.slack_harness import SECRETS, Open, open_slack, people, wait_for, with_slack
from tests.app.translating import TIN, post, small_studio
from tests.conftest import Clock
from tests.fakes.slack_fake import CHANNEL, SIGNING, TEAM, FakeSlack, FakeSocket, deliver, event_of, pressed, sign
from tests.making import make_studio

_COUNT = itertools.count(1)  # no two drafts say the same


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    clock = Clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    made = make_studio(tmp_path_factory.mktemp("slack"), clock, user="Ines")
    people(made)
    made = Studio(made.settings.model_copy(update={"secret": _secret("Ines")}), made.memory, clock=clock)
    yield made
    made.close()


@pytest.fixture(scope="module")
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


@pytest.fixture(scope="module")
def door(studio: Studio, slack: FakeSlack) -> Iterator[Open]:
    with open_slack(studio, slack) as opened:
        yield opened


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Studio]:
    """A studio with no other door open on it."""
    clock = Clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    made = small_studio(tmp_path, clock, user="Ines")
    people(made)
    yield Studio(made.settings.model_copy(update={"secret": _secret("Ines")}), made.memory, clock=clock)
    made.close()


def _secret(name: str) -> Any:
    return Settings(secret=SECRETS[name]).secret


def a_card(door: Open, channel: str = "bluesky") -> dict[str, Any]:
    """Return the card of a new draft, as it was announced in the channel."""
    proposal = post(door.studio, f"{TIN} {next(_COUNT)}", channel)
    wait_for(lambda: card_of(door, proposal.id))
    return card_of(door, proposal.id)


def card_of(door: Open, proposal_id: str) -> dict[str, Any]:
    return next((each for each in reversed(door.slack.cards()) if proposal_id in json.dumps(each["blocks"])), {})


def now(door: Open, card: dict[str, Any]) -> dict[str, Any]:
    return door.slack.messages[card["channel"], card["ts"]]


def says(message: dict[str, Any]) -> str:
    return json.dumps(message["blocks"], ensure_ascii=False)


def id_of(card: dict[str, Any]) -> str:
    return str(json.loads(buttons(card)[0]["value"])["id"])


def buttons(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for block in card["blocks"] if block["type"] == "actions" for each in block["elements"]]


def test_what_waits_is_announced_with_all_that_a_decision_needs(door: Open) -> None:
    card = a_card(door)
    proposal = door.studio.show(id_of(card))
    assert [each["action_id"][10:] for each in buttons(card)] == ["approve", "edit", "changes", "reject", "hold"]
    assert {json.loads(each["value"])["sha"] for each in buttons(card)} == {proposal.sha}
    quotes = [b["elements"][0]["elements"][0]["text"] for b in card["blocks"] if b["type"] == "rich_text"]
    assert "".join(quotes) == proposal.text
    assert all(word in says(card) for word in ("waits for you", "rehearsal", proposal.sha[:12]))


def test_an_approval_is_the_members_and_of_what_was_shown(door: Open) -> None:
    card = a_card(door)
    door.person("Mats").press(card, "approve")
    wait_for(lambda: "Mats approved this" in says(now(door, card)))
    decision = door.studio.memory.decisions.for_proposal(id_of(card))[0]
    assert (decision.by, decision.verb) == ("Mats", "approve")
    assert [each["action_id"] for each in buttons(now(door, card))] == ["greenroom_undo"]
    door.person("Mats").press(now(door, card), "undo")
    wait_for(lambda: len(buttons(now(door, card))) == 5)


def test_two_people_at_once_are_one_decision(door: Open) -> None:
    card = a_card(door)
    both = [
        threading.Thread(target=door.person(name).press, args=(card, verb))
        for name, verb in (("Ines", "approve"), ("Mats", "reject"))
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()
    wait_for(lambda: any("Your click changed nothing" in each["text"] for each in door.slack.whispers))
    assert len(door.studio.memory.decisions.for_proposal(id_of(card))) == 1
    assert len(buttons(now(door, card))) == 1


def test_a_stranger_a_viewer_and_another_workspaces_guest_decide_nothing(door: Open) -> None:
    card = a_card(door)
    door.person("U0NOBODY").press(card, "approve")
    guest = door.person("Ines")
    guest.team = "T0OTHER"
    guest.press(card, "approve")
    door.person("Vera").press(card, "approve")
    told = {"U0NOBODY": "I don't know you yet", "U0INES": "I don't know you yet", "U0VERA": "Vera"}
    for user, words in told.items():
        wait_for(lambda: any(e["to"] == user and words in e["text"] for e in door.slack.whispers))  # noqa: B023
    assert door.studio.memory.decisions.for_proposal(id_of(card)) == []
    assert len(buttons(now(door, card))) == 5


def test_a_hash_of_something_else_is_refused(door: Open) -> None:
    card = a_card(door)
    door.person("Ines").press(card, "approve", value=json.dumps({"id": id_of(card), "sha": "0" * 64}))
    wait_for(lambda: "changed since you saw it" in door.slack.words())
    door.person("Ines").press(card, "approve", value="<@U1> {")
    wait_for(lambda: "This button says nothing" in door.slack.words())
    assert door.studio.show(id_of(card)).state == "waiting"


def test_a_decision_elsewhere_replaces_the_buttons_within_a_second(door: Open) -> None:
    card = a_card(door)
    wait_for(lambda: card_of(door, id_of(card)))
    time.sleep(0.5)
    proposal = door.studio.show(id_of(card))
    door.studio.decide(proposal.id, "reject", proposal.sha)
    took = wait_for(lambda: "Ines rejected this" in says(now(door, card)))
    assert took < 1.0
    assert [each["action_id"] for each in buttons(now(door, card))] == ["greenroom_undo"]


def test_an_edit_is_checked_then_saved_as_a_new_version(door: Open) -> None:
    card, mats = a_card(door), door.person("Mats")
    view = form(door, lambda: mats.press(card, "edit"), "greenroom_edit")
    assert view["blocks"][-1]["element"]["initial_value"] == door.studio.document(id_of(card))
    mats.submit(view["id"], {"text0": "tide " * 90})
    wait_for(lambda: door.slack.views[view["id"]].get("submit", {}).get("text") == "Save anyway")
    again = door.slack.views[view["id"]]
    assert "Must be mended" in json.dumps(again["blocks"])
    assert again["blocks"][-1]["element"]["initial_value"] == "tide " * 90
    mats.submit(view["id"], {"text0": "The tin is <!channel> still *there* & here."})
    wait_for(lambda: "still *there* & here" in says(now(door, card)))
    new = door.studio.show(id_of(now(door, card)))
    assert (new.supersedes, new.state) == (id_of(card), "waiting")
    assert new.text == "The tin is <!channel> still *there* & here."
    assert "<!channel>" not in now(door, card)["text"]  # shown letter by letter, notified escaped


def test_changes_are_asked_for_in_a_form(door: Open) -> None:
    card, ines = a_card(door), door.person("Ines")
    view = form(door, lambda: ines.press(card, "changes"), "greenroom_changes")
    ines.submit(view["id"], {"note": "Shorter."})
    wait_for(lambda: [e.note for e in door.studio.memory.decisions.for_proposal(id_of(card))] == ["Shorter."])


def form(door: Open, press: Any, callback: str) -> dict[str, Any]:
    before = set(door.slack.views)
    press()
    wait_for(lambda: [v for k, v in door.slack.views.items() if k not in before and v["callback_id"] == callback])
    return next(v for k, v in door.slack.views.items() if k not in before and v["callback_id"] == callback)


def test_what_is_typed_into_a_form_that_comes_too_late_is_given_back(door: Open) -> None:
    card, mats = a_card(door), door.person("Mats")
    view = form(door, lambda: mats.press(card, "edit"), "greenroom_edit")
    proposal = door.studio.show(id_of(card))
    door.studio.decide(proposal.id, "reject", proposal.sha)
    mats.submit(view["id"], {"text0": "My long work of an hour."})
    wait_for(lambda: any("My long work of an hour." in each["text"] for each in door.slack.whispers))


def test_a_repeated_event_is_taken_once(door: Open) -> None:
    event = {
        "type": "message",
        "channel_type": "im",
        "channel": "D0INES",
        "user": "U0INES",
        "ts": "5.1",
        "text": "help",
    }
    door.slack.messages["D0INES", "5.1"] = {"channel": "D0INES", "ts": "5.1", "user": "U0INES", "blocks": []}
    ines = door.person("Ines")
    for retry in ({}, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}, {"X-Slack-Retry-Num": "2"}):
        ines.tell(event, "Ev1", **retry)
    wait_for(lambda: [each for each in door.slack.messages.values() if each.get("thread_ts") == "5.1"])
    time.sleep(0.3)
    assert len([each for each in door.slack.messages.values() if each.get("thread_ts") == "5.1"]) == 1


def test_the_agent_answers_in_the_thread_and_strangers_politely(door: Open) -> None:
    for user, ts in (("U0INES", "6.1"), ("U0NOBODY", "6.2")):
        door.slack.messages[CHANNEL, ts] = {"channel": CHANNEL, "ts": ts, "user": user, "blocks": []}
        event = {
            "type": "app_mention",
            "channel": CHANNEL,
            "user": user,
            "ts": ts,
            "text": "<@U0BOT> hello &lt;there&gt;",
        }
        door.person(user).tell(event, f"Ev{ts}")
    wait_for(lambda: answers(door, "6.1") not in ([], ["_One moment\u2026_"]))
    wait_for(lambda: "I don't know you yet" in "".join(answers(door, "6.2")))


def answers(door: Open, thread: str) -> list[str]:
    return [each["text"] for each in list(door.slack.messages.values()) if each.get("thread_ts") == thread]


def test_the_command_briefs_finds_and_lists(door: Open) -> None:
    ines = door.person("Ines")
    ines.command("find tide tables")
    wait_for(lambda: any("Who owns the tide tables" in each["text"] for each in door.slack.responses))
    ines.command("pending")
    wait_for(lambda: any("direct messages" in each["text"] for each in door.slack.responses))
    assert door.slack.cards("D0INES")
    ines.command("brief Announce <!channel> the kelp episode")
    wait_for(lambda: "for a decision in this thread" in door.slack.words(), 20)
    assert "Announce !channel the kelp" in door.slack.words()
    assert "<!" not in "".join(each.get("text", "") for each in door.slack.messages.values())
    ines.command("")
    wait_for(lambda: any("What I do here" in each["text"] for each in door.slack.responses))
    door.person("Vera").command("brief Anything")
    wait_for(lambda: any("may look here" in each["text"] for each in door.slack.responses))


def test_the_home_tab_lists_what_waits_and_stays_true(door: Open) -> None:
    card = a_card(door)
    for name in ("Ines", "U0NOBODY"):
        person = door.person(name)
        person.tell({"type": "app_home_opened", "user": person.user, "channel": "D1", "tab": "home"}, f"EvH{name}")
    wait_for(lambda: id_of(card) in json.dumps(door.slack.homes.get("U0INES", {})))
    wait_for(lambda: "I don't know you yet" in json.dumps(door.slack.homes.get("U0NOBODY", {})))
    proposal = door.studio.show(id_of(card))
    door.studio.decide(proposal.id, "reject", proposal.sha)
    wait_for(lambda: id_of(card) not in json.dumps(door.slack.homes["U0INES"]))


def test_signatures_wrong_and_stale_are_refused(door: Open) -> None:
    body = json.dumps(event_of({"type": "app_home_opened", "user": "U0EVE", "tab": "home"}, "EvX"))
    wrong = (
        sign(body, secret="0" * 32), sign(body, at=time.time() - 301), sign(body + " "), {},
        {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0="},
    )  # fmt: skip
    assert [deliver(door.url, body, each, "application/json")[0] for each in wrong] == [401, 401, 401, 401, 400]
    assert deliver(door.url, body, sign(body, SIGNING), "application/json")[0] == 200
    other = body.replace(TEAM, "T0OTHER")
    deliver(door.url, other, sign(other), "application/json")
    assert deliver(door.url, "{", sign("{"), "application/json")[0] in (400, 401, 404)


def test_a_long_text_is_whole_in_its_thread(door: Open) -> None:
    card, ines = a_card(door, "newsletter"), door.person("Ines")
    long = "\n\n".join(f"Paragraph {n}. " + "The tin & the tide. " * 30 for n in range(14))
    proposal = door.studio.show(id_of(card))
    document = door.studio.document(proposal.id)
    new = door.studio.decide(proposal.id, "edit", proposal.sha, body=f"{document}\n\n{long}").new_proposal
    assert new is not None
    wait_for(lambda: "goes on in this thread" in says(now(door, card)))
    row = door.studio.memory.slack_notes.places
    wait_for(lambda: [e for e in row(door.studio.workspace.id) if e.ts == card["ts"] and e.rest])
    place = next(e for e in row(door.studio.workspace.id) if e.ts == card["ts"])
    laid = [now(door, card), *(door.slack.messages[card["channel"], ts] for ts in place.rest)]
    shown = "".join(quote(each) for n, each in enumerate(laid) if n == 0 or "the rest of the text" in says(each))
    assert shown == new.text
    view = form(door, lambda: ines.press(now(door, card), "edit"), "greenroom_edit")
    assert sum(each["type"] == "input" for each in view["blocks"]) > 3
    ines.submit(view["id"], {"text0": view["blocks"][1]["element"]["initial_value"].replace("Paragraph", "Passage")})
    wait_for(lambda: "A mail needs a subject" in json.dumps(door.slack.views[view["id"]]["blocks"]))
    ines.submit(view["id"], {})  # what was typed stands in the form still
    wait_for(lambda: door.studio.show(new.id).superseded_by)
    newest = door.studio.show(str(door.studio.show(new.id).superseded_by))
    assert newest.text == new.text.replace("Paragraph", "Passage", newest.text.count("Passage"))


def quote(message: dict[str, Any]) -> str:
    parts = [each for each in message["blocks"] if each["type"] == "rich_text"]
    return "".join(part["elements"][0]["elements"][0]["text"] for part in parts)


def test_everything_was_acknowledged_in_time_while_slack_itself_was_slow(door: Open) -> None:
    from tests.fakes.http_fake import slow

    card, mats = a_card(door), door.person("Mats")
    door.slack.script("POST /api/chat.*", slow(1.5), times=2)
    mats.press(card, "hold")
    assert mats.took[-1] < 0.5
    wait_for(lambda: "on hold" in says(now(door, card)))


def test_a_click_after_a_restart_counts_and_what_changed_meanwhile_is_shown(alone: Studio) -> None:
    studio = alone
    with FakeSlack() as slack:
        with open_slack(studio, slack) as before:
            cards = [a_card(before), a_card(before, "mastodon")]
        proposal = studio.show(id_of(cards[0]))
        studio.decide(proposal.id, "hold", proposal.sha)
        notes, space = studio.memory.slack_notes, studio.workspace.id
        assert notes.begin(space, "event:EvCut", channel=CHANNEL, thread="")
        with open_slack(studio, slack) as after:
            wait_for(lambda: "on hold" in says(now(after, cards[0])))
            assert "I was restarted before I had finished" in slack.words()
            after.person("Ines").press(cards[1], "approve")
            wait_for(lambda: "approved this" in says(now(after, cards[1])))


def test_an_answer_that_is_no_json_leaves_no_card_as_it_was(alone: Studio) -> None:
    from tests.fakes.http_fake import refuse

    with FakeSlack() as slack, open_slack(alone, slack) as door:
        card = a_card(door)
        time.sleep(0.5)
        slack.script("POST /api/chat.update", refuse(502, b"<html>"), times=1)
        proposal = alone.show(id_of(card))
        alone.decide(proposal.id, "hold", proposal.sha)
        wait_for(lambda: "on hold" in says(now(door, card)))


def test_over_socket_mode_too(alone: Studio) -> None:
    studio = alone
    with FakeSlack() as slack, FakeSocket(slack) as socket, open_slack(studio, slack, over="socket") as door:
        card = a_card(door)
        socket.send("interactive", pressed(slack, card, "approve", "U0MATS"), "e1")
        wait_for(lambda: "Mats approved this" in says(now(door, card)))
        assert socket.acknowledged["e1"] < 1.0


def test_without_a_token_it_says_what_to_do(tmp_path: Path) -> None:
    import asyncio

    from app.slack_door.door import open_door
    from core.errors import NotConnected

    studio = small_studio(tmp_path, Clock(datetime(2026, 11, 20, tzinfo=UTC)))
    with pytest.raises(NotConnected, match="no bot token"):
        asyncio.run(open_door(studio))
    with FakeSlack() as slack:
        bad = with_slack(studio, slack)
        bad = Studio(
            bad.settings.model_copy(update={"slack_bot_token": _secret("Mats")}), studio.memory, clock=studio.clock
        )
        with pytest.raises(NotConnected, match="invalid_auth"):
            asyncio.run(open_door(bad))
    studio.close()
