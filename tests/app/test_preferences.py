"""From a decided edit to the next draft: learned from the decisions, told on the draft, taken back at a word."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from typer.testing import CliRunner

from app.cli import build
from app.preferring import as_json, rules, say
from app.studio import Studio
from core.errors import NotAllowed, NotFound
from core.preferences import Preference
from core.proposals import Proposal
from memory.tables import lessons, preferences
from tests.conftest import Clock
from tests.making import make_studio

NEWS = "Announce the {what} at the old harbour office"
SOURCE = (
    "# The {what}\n\nUsers asked for the {what} for years, and it is finally here for users of every age! "
    "Users who came last week said that the {what} is what they had been waiting for all the time!\n\n"
    "The door is wide, the lamp is new, and users may stay as long as they like on any day of the week!\n"
)
THINGS = ("reading room", "repair bench", "seed shelf", "night kitchen", "boat shed")


def drafted(studio: Studio, number: int, channel: str = "linkedin") -> Proposal:
    source = studio.settings.home / "source.md"
    source.write_text(SOURCE.format(what=THINGS[number]), encoding="utf-8")
    asked = studio.start(NEWS.format(what=THINGS[number]), from_=str(source), channels=[channel])
    return asked.proposals[0]


def as_folks(text: str) -> str:
    return text.replace("Users", "Folks").replace("users", "folks")


def edit(
    studio: Studio, proposal: Proposal, change: Callable[[str], str] = as_folks, by: str | None = None, **how: str
) -> str:
    studio.clock.now += timedelta(minutes=1)  # type: ignore[attr-defined]
    body = change(studio.document(proposal.id))
    done = studio.decide(proposal.id, "edit", proposal.sha, body=body, by=by, **how)
    assert done.new_proposal is not None
    return done.new_proposal.id


def swap(studio: Studio) -> Preference | None:
    found = [each for each in rules(studio, rejected=True) if (each.trait, each.old) == ("words", "users")]
    return found[0] if found else None


@pytest.fixture
def plain(tmp_path: Path, clock: Clock) -> Studio:
    """A studio without past works: drafts are made of their source alone."""
    return make_studio(tmp_path, clock, letters=False)


def test_three_edits_make_a_rule_that_the_next_draft_keeps_to_until_it_is_taken_back(plain: Studio) -> None:
    shown = [drafted(plain, number) for number in range(2)]
    for proposal in shown:
        edit(plain, proposal)
    asking = swap(plain)
    assert asking is not None and asking.state == "candidate"
    card = as_json(plain, asking)["card"]
    assert card["question"] == "Keep to “folks” rather than “users” from now on? (From your edits of 20 November.)"
    edit(plain, drafted(plain, 2))
    learned = swap(plain)
    assert learned is not None and learned.state == "active"
    assert [each.proposal_id for each in learned.support[:2]] == [proposal.id for proposal in shown]

    new = drafted(plain, 3)
    assert "folks" in new.text.lower() and "users" not in new.text.lower()
    assert new.payload["text"] == new.text and new.sha == new.recomputed_sha()  # what is shown is what is hashed
    notes = [each.message for each in new.findings if each.rule == "preference"]
    assert "A rule of yours changed this draft: “folks” rather than “users”, from your edits of 20 November." in notes
    draft = plain.memory.drafts.get(str(new.draft_id))
    as_written = plain.memory.drafts.get(str(draft.parent_id))
    assert "users" in as_written.content.text.lower()  # what the model wrote is kept
    assert all(draft.content.text[slice(*each.span)] for each in draft.receipts if each.span)
    request_notes = plain.memory.preferences.exemplars(plain.workspace.id, "linkedin", "en")
    assert len(request_notes) == 3 and "folks" in request_notes[0].edited.lower()

    edit(plain, new, lambda text: text + "\n\nCome soon.")
    held = swap(plain)
    assert held is not None and held.state == "active" and len(held.support) == 3  # left as we wrote it: no support
    for number in (3, 4):
        edit(plain, drafted(plain, number), lambda text: text.replace("folks", "users").replace("Folks", "Users"))
    assert swap(plain) is None  # taken back twice in a row
    history = plain.memory.preferences.history(plain.workspace.id, held.id)
    assert history[-1].state == "active" and history[-1].recorded_to is not None


def test_learning_again_comes_to_the_same_and_a_rejected_rule_stays_away(plain: Studio) -> None:
    for number in range(3):
        edit(plain, drafted(plain, number))
    before = [each.model_dump(exclude={"recorded_at"}) for each in rules(plain, rejected=True)]
    database = plain.memory.preferences._database
    with database.write() as conn:  # as if the process had died before it learned
        conn.execute(delete(lessons))
        conn.execute(delete(preferences))
    assert swap(plain) is None
    assert "users" not in drafted(plain, 3).text.lower()  # learned before the draft
    assert plain.memory.preferences.learn(plain.workspace.id).edits == 0
    plain.memory.preferences.learn(plain.workspace.id, again=True)
    assert [each.model_dump(exclude={"recorded_at"}) for each in rules(plain, rejected=True)] == before
    with database.read() as conn:
        assert len(conn.execute(select(lessons.c.decision_id)).all()) == 3

    learned = swap(plain)
    assert learned is not None
    assert say(plain, learned.id, "reject", by=None).state == "rejected"
    assert "users" in drafted(plain, 3).text.lower()
    assert say(plain, learned.id, "undo", by=None).state == "active"
    told = [entry.payload for entry in plain.memory.ledger.entries() if entry.kind == "preference"]
    assert [each["word"] for each in told] == ["reject", "undo"]
    states = [each.state for each in plain.memory.preferences.history(plain.workspace.id, learned.id)]
    assert states[-3:] == ["active", "rejected", "active"]  # nothing was overwritten


def test_a_change_request_and_an_accepted_card(plain: Studio) -> None:
    proposal = drafted(plain, 0)
    plain.decide(proposal.id, "changes", proposal.sha, note="shorter")
    asking = rules(plain)
    assert [(each.trait, each.state) for each in asking] == [("shorter", "candidate")]
    assert say(plain, asking[0].id, "accept", by=None).state == "active"


def test_only_people_who_may_teach(tmp_path: Path, clock: Clock) -> None:
    studio = make_studio(tmp_path, clock, letters=False)
    space = studio.workspace.id
    studio.memory.members.add(space, "cleo", "contributor", by="owner", new_secret="a long secret")
    cleo = {"by": "cleo", "secret": "a long secret"}
    made = [edit(studio, drafted(studio, number), **cleo) for number in range(3)]
    assert rules(studio) == []  # a contributor's wording is theirs until somebody approves it
    for proposal_id in made:
        proposal = studio.show(proposal_id)
        studio.decide(proposal.id, "approve", proposal.sha)
    learned = swap(studio)
    assert learned is not None and learned.state == "active"
    with pytest.raises(NotAllowed, match="owner or editor"):
        say(studio, learned.id, "reject", **cleo)
    with pytest.raises(NotAllowed):
        say(studio, learned.id, "accept", by="agent", secret="x")
    studio.close()


def test_no_workspace_learns_from_another(plain: Studio, tmp_path: Path, clock: Clock) -> None:
    from app.founding import Wanted, found

    for number in range(3):
        edit(plain, drafted(plain, number))
    learned = swap(plain)
    assert learned is not None
    settings = plain.settings.model_copy(update={"workspace": "other"})
    found(settings, Wanted(name="other", timezone="UTC", locale="en"), clock=clock)
    other = Studio.open(settings, clock=clock)
    assert other.workspace.id != plain.workspace.id
    assert rules(other) == [] and "users" in drafted(other, 3).text.lower()
    assert other.memory.preferences.exemplars(other.workspace.id, "linkedin", "en") == []
    with pytest.raises(NotFound):
        say(other, learned.id, "reject", by=None)
    other.close()


def test_the_terminal_lists_shows_and_takes_words(
    plain: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        edit(plain, drafted(plain, number))
    plain.close()
    monkeypatch.setenv("GREENROOM_HOME", str(plain.settings.home))

    def told(*words: str) -> dict:
        done = CliRunner().invoke(build(), ["preferences", *words, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    listed = told("list")["preferences"]
    swapped = next(each for each in listed if each["old"] == "users")
    assert (swapped["state"], swapped["says"]) == ("active", "“folks” rather than “users”")
    assert told("show", swapped["id"])["preference"]["support"][0]["proposal_id"].startswith("p_")
    text = tmp_path / "said.txt"
    text.write_text("Our users wait at the pier.\n", encoding="utf-8")

    def suggested() -> list[tuple[str, str]]:
        done = CliRunner().invoke(build(), ["assist", str(text), "--do", "style", "--json"])
        return [(each["after"], each["why"]) for each in json.loads(done.stdout)["suggestions"]]

    [(after, why)] = suggested()
    assert after == "folks" and why.startswith("A rule of yours: “folks” rather than “users”, from your edits of")
    assert told("reject", swapped["id"])["preference"]["state"] == "rejected"
    assert suggested() == []
    assert swapped["id"] not in [each["id"] for each in told("list")["preferences"]]
    assert told("undo", swapped["id"])["preference"]["state"] == "active"
    assert told("learn", "--again")["edits"] == 3
    assert CliRunner().invoke(build(), ["preferences", "accept", "pref_none"]).exit_code == 1
