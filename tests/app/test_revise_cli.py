"""`greenroom revise` as a person and a script use it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.app.test_cli import Run, runner
from tests.making import ASK, write_letters


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small creator's letters in it."""
    folder = tmp_path_factory.mktemp("revise")
    run = runner(folder / "home")
    run("init", "--name", "Small harbour", "--timezone", "Europe/Oslo")
    run("import", str(write_letters(folder / "letters")))
    return folder / "home"


@pytest.fixture
def run(home: Path) -> Run:
    return runner(home)


@pytest.fixture
def site(run: Run) -> dict[str, Any]:
    """A page that is approved for a time far away."""
    words = ("brief", ASK, "--channels", "site", "--at", "2036-11-24 08:30", "--json")
    [made] = json.loads(run(*words).stdout)["proposals"]
    run("decide", made["id"], "approve", "--sha", made["sha"])
    found: dict[str, Any] = made
    return found


def test_a_new_text_makes_a_new_version_and_the_approval_is_void(
    run: Run, site: dict[str, Any], tmp_path: Path
) -> None:
    body = tmp_path / "body.md"
    body.write_text(run("show", site["id"], "--text").stdout + "\nThe lid still does not close.\n", encoding="utf-8")
    done = json.loads(run("revise", site["id"], "--body-file", str(body), "--note", "the lid", "--json").stdout)
    assert set(done) == {"proposal", "voided"}
    new, voided = done["proposal"], done["voided"]
    assert (new["state"], new["supersedes"], new["at"]) == ("waiting", site["id"], site["at"])
    assert "The lid still does not close." in new["text"]
    assert (voided["proposal"], voided["reason"]) == (site["id"], "owner changed its text: the lid.")
    assert voided["decision"].startswith("dec_")
    [old] = json.loads(run("show", site["id"], "--json").stdout)["proposals"]
    assert (old["state"], old["superseded_by"]) == ("superseded", new["id"])
    rows = json.loads(run("publications", "--json").stdout)["publications"]
    assert [(p["state"], p["reason"]) for p in rows if p["proposal_id"] == site["id"]] == [
        ("cancelled", "owner changed its text: the lid.")
    ]
    stale = json.loads(run("decide", site["id"], "approve", "--sha", site["sha"], "--json", code=4).stdout)
    assert new["id"] in stale["error"]["message"]
    approved = json.loads(run("decide", new["id"], "approve", "--sha", new["sha"], "--json").stdout)
    assert approved["publication"]["state"] == "scheduled"
    assert json.loads(run("ledger", "verify", "--json").stdout)["ok"] is True


def test_a_new_time_is_read_where_the_workspace_is(run: Run, site: dict[str, Any]) -> None:
    new = json.loads(run("revise", site["id"], "--at", "2036-12-01 09:00", "--json").stdout)["proposal"]
    assert (new["at"], new["grace_minutes"], new["state"]) == ("2036-12-01T08:00:00Z", 120, "waiting")
    again = json.loads(run("revise", new["id"], "--at", "none", "--json").stdout)
    assert (again["proposal"]["at"], again["voided"]) == (None, None)  # the second one only waited
    run("decide", again["proposal"]["id"], "approve", "--sha", again["proposal"]["sha"])
    published = json.loads(run("publish-due", "--json").stdout)["published"]
    assert again["proposal"]["id"] in [p["proposal_id"] for p in published]
    late = json.loads(run("revise", again["proposal"]["id"], "--at", "2036-12-01 09:00", "--json", code=5).stdout)
    assert "too late" in late["error"]["message"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["--at", "2001-01-01 09:00"], 2),
        (["--at", "auto"], 2),
        (["--at", "whenever"], 2),
        (["--account", "@nobody.example"], 2),
        (["--body-file", "no-such-file.md"], 2),
        (["--at", "none", "--as", "Ines"], 5),
    ],
)
def test_what_can_not_be_costs_no_approval(run: Run, site: dict[str, Any], words: list[str], code: int) -> None:
    done = run("revise", site["id"], *words, "--json", code=code)
    assert json.loads(done.stdout)["error"]["message"]
    [same] = json.loads(run("show", site["id"], "--json").stdout)["proposals"]
    assert same["state"] == "scheduled"


def test_a_person_sees_what_it_cost_and_how_to_approve_it(run: Run, site: dict[str, Any]) -> None:
    shown = run("revise", site["id"], "--at", "2036-12-02 09:00").stdout
    assert f"The approval of {site['id']} is void. owner changed its time." in shown
    assert "greenroom decide p_" in shown


def test_another_account_voids_what_was_for_the_old_one_and_says_how_many(tmp_path: Path) -> None:
    run = runner(tmp_path / "home")
    run("init", "--name", "Small harbour")
    run("import", str(write_letters(tmp_path / "letters")))
    posts = json.loads(run("brief", ASK, "--channels", "bluesky,site", "--json").stdout)["proposals"]
    run("decide", posts[0]["id"], "approve", "--sha", posts[0]["sha"])
    done = json.loads(run("init", "--name", "Small harbour", "--account", "bluesky=@small.example", "--json").stdout)
    why = "The account of this channel was changed since: it is @small.example, not Small harbour."
    assert [(each["proposal"], each["reason"]) for each in done["voided"]] == [(posts[0]["id"], why)]
    assert done["too_late"] == []
    new = json.loads(run("revise", posts[0]["id"], "--json").stdout)["proposal"]
    assert new["account"] == "@small.example"
    said = run("init", "--name", "Small harbour", "--account", "bluesky=@other.example").stdout
    assert "for another account, and are out of date now: 1." in said
