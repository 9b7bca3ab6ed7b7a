"""Without a language model a draft leaves out what is not said here, whole passages at a time: no quote is cut."""

from app.studio import Studio
from core.facts import state

ASK = "Announce a recording of the fog signal at Ferder"


def test_a_passage_with_a_banned_word_gives_way_and_what_is_announced_stays(studio: Studio) -> None:
    (before,) = studio.start(ASK, channels=["bluesky"]).proposals
    assert "dogs" in before.text
    studio.memory.facts.add(studio.workspace.id, state({"kind": "banned", "term": "dogs"}), by="owner")
    (after,) = studio.start(ASK, channels=["bluesky"]).proposals
    assert "dogs" not in after.text
    assert "a recording of the fog signal at Ferder" in after.text
    assert after.text.count("“") == after.text.count("”") > 0
    assert not [each for each in after.findings if each.severity == "error"]


def test_what_the_brief_itself_says_is_left_to_the_person(studio: Studio) -> None:
    studio.memory.facts.add(studio.workspace.id, state({"kind": "banned", "term": "recording"}), by="owner")
    (waits,) = studio.start(ASK, channels=["bluesky"]).proposals
    assert "a recording of the fog signal at Ferder" in waits.text
    assert [each.rule for each in waits.findings if each.severity == "error"] == ["banned_word"]
