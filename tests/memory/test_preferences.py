"""Rules in memory: learned once whoever learns first, apart where channels differ, on SQLite and PostgreSQL."""

import threading
from datetime import timedelta
from pathlib import Path

from core.drafts import Content, Draft
from core.preferences import Preference
from core.proposals import Proposal
from core.works import Workspace
from memory import Memory
from tests.counterparts.postgresql import PostgreSQLServer
from tests.memory.conftest import Clock
from tests.memory.making import NOON, waiting

DRAFTED = "We told users that the door is open again."
EDITED = DRAFTED.replace("users", "folks")


def edited(memory: Memory, number: int, body: str, channel: str = "mastodon", drafted: str = DRAFTED) -> Proposal:
    """Let a person edit a draft of a piece of its own; return the new proposal."""
    shown = placed(memory, f"d_{number}", drafted, brief_id=f"b_{number}", channel=channel)
    return edited_again(memory, shown, body)


def edited_again(memory: Memory, shown: Proposal, body: str) -> Proposal:
    decision = memory.decisions.claim("ines", shown.id, "edit", shown.sha, "owner", body=body)
    place = {"brief_id": shown.brief_id, "channel": shown.channel}
    new = placed(memory, f"{shown.draft_id}e", body, parent=shown.draft_id, **place)
    memory.decisions.mark_resumed(decision.id, new.id)
    return new


def placed(memory: Memory, draft_id: str, text: str, *, parent: str | None = None, **place: str) -> Proposal:
    made = waiting(memory, text, draft_id=draft_id, payload={"channel": place["channel"], "text": text}, **place)
    inputs = {"edited_by": "owner"} if parent else {}
    more = {"content": Content(text=text), "model": "fake-1", "created_at": NOON, "parent_id": parent, "inputs": inputs}
    memory.drafts.add(Draft.model_validate({"id": draft_id, "workspace": "ines", "locale": "en", **more, **place}))
    return made


def swap(memory: Memory) -> list[Preference]:
    return [each for each in memory.preferences.current("ines") if each.trait == "words"]


def test_a_rule_holds_where_it_is_followed(memory: Memory, clock: Clock) -> None:
    for number in range(8):
        clock.pass_by(days=1)
        follows = number % 2 == 0
        edited(memory, number, EDITED if follows else DRAFTED + " Come.", "mastodon" if follows else "linkedin")
    memory.preferences.learn("ines")
    assert [(each.channel, each.state) for each in swap(memory) if each.state == "active"] == [("mastodon", "active")]
    assert [each.new for each in memory.preferences.active("ines", "mastodon", "en-GB")] == ["folks"]
    assert memory.preferences.active("ines", "linkedin", "en") == []
    pairs = memory.preferences.exemplars("ines", "mastodon", "en")
    assert [(pair.drafted, pair.edited) for pair in pairs] == [(DRAFTED, EDITED)] * 3


def test_what_consent_was_revoked_for_is_no_exemplar(memory: Memory, clock: Clock) -> None:
    told = "Marit Vik told users that the door is open again."
    for number in range(3):
        clock.pass_by(days=1)
        edited(memory, number, told.replace("users", "folks"), drafted=told)
    memory.preferences.learn("ines")
    assert len(memory.preferences.exemplars("ines", "mastodon", "en")) == 3
    memory.consents.say("ines", "person:Marit Vik", granted=False, by="owner")
    assert memory.preferences.exemplars("ines", "mastodon", "en") == []
    assert [each.state for each in swap(memory)] == ["active"]  # the rule names nobody


def test_a_second_thought_belongs_to_the_same_edit(memory: Memory, clock: Clock) -> None:
    for number in range(2):
        clock.pass_by(days=1)
        first = edited(memory, number, DRAFTED.replace("users", "people"))
        memory.preferences.learn("ines")
        clock.pass_by(hours=1)
        edited_again(memory, first, EDITED)
        memory.preferences.learn("ines")
    found = {(each.old, each.new): len(each.support) for each in swap(memory)}
    assert found == {("users", "folks"): 2}  # of what they wrote in between, nothing is left


def test_two_processes_learn_from_an_edit_once(postgresql: PostgreSQLServer, tmp_path: Path) -> None:
    clock = Clock()
    memory = Memory.open(tmp_path, database_url=postgresql.new_database(), clock=clock)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    for number in range(3):
        clock.now += timedelta(days=1)
        edited(memory, number, EDITED)
    found: list[object] = []

    def learn() -> None:
        try:
            found.append(memory.preferences.learn("ines").edits)
        except Exception as error:
            found.append(error)

    threads = [threading.Thread(target=learn) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=str) == [0, 0, 0, 3]
    assert [each.state for each in swap(memory)] == ["active"]
    memory.close()


def test_titles_and_subjects_teach_too(memory: Memory, clock: Clock) -> None:
    for number, title in enumerate(
        ("Why The Old Door Opens Again", "Where The Tide Tables Went", "What Kelp Tells Every Coast")
    ):
        clock.pass_by(days=1)
        place = {"brief_id": f"b_{number}", "channel": "newsletter"}
        shown = placed(memory, f"d_{number}", DRAFTED, **place)
        drafted = memory.drafts.get(f"d_{number}")
        content = drafted.content.model_copy(update={"title": title, "subject": title + "!"})
        memory.drafts.add(drafted.model_copy(update={"id": f"t_{number}", "content": content}))
        titled = waiting(memory, DRAFTED + str(number), draft_id=f"t_{number}", **place)
        plain = title.capitalize()
        body = f"---\nsubject: {plain}\ntitle: {plain}\n---\n\n{DRAFTED}\n"
        decision = memory.decisions.claim("ines", titled.id, "edit", titled.sha, "owner", body=body)
        memory.decisions.mark_resumed(decision.id, shown.id)
    assert memory.preferences.learn("ines").edits == 3
    held = {each.trait: each.state for each in memory.preferences.current("ines")}
    assert held["headline_sentence_case"] == "active"
    assert "headline_shorter" not in held
    (rule,) = [each for each in memory.preferences.current("ines") if each.trait == "headline_sentence_case"]
    assert rule.because() == "from your edits of 21, 22 and 23 November"
