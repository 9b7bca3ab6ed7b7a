"""The `newsletter` commands as a person and a script use them."""

import json
from pathlib import Path

import pytest

from tests.app.test_cli import Run, runner


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = runner(tmp_path / "home")
    run("init", "--name", "Ines", "--timezone", "Europe/Oslo")
    return run


def test_a_list_comes_in_with_its_consent_and_goes_out_whole(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "\ufeffName,Address,locale\nAda,ada@example.org,de\nX,not one,\nBea,BEA@Example.net,\nA,ada@example.org,\n"
    )
    assert "consent" in run("newsletter", "import", str(file), code=2).stderr
    source = ("--source", "signed up at the fair, kept by Ines")
    done = json.loads(run("newsletter", "import", str(file), *source, "--json").stdout)
    assert (done["added"], done["already"]) == (["ada@example.org", "BEA@example.net"], 1)
    assert [each["line"] for each in done["refused"]] == [3]
    run("newsletter", "unsubscribe", "ada@example.org")
    again = json.loads(run("newsletter", "import", str(file), *source, "--json").stdout)
    assert (again["added"], again["already"], again["stay_away"]) == ([], 1, ["ada@example.org"] * 2)
    header, first, *_ = run("newsletter", "export").stdout.splitlines()
    assert header == "address,state,locale,asked_at,confirmed_at,left_at,source,reason"
    assert first.startswith("ada@example.org,unsubscribed,de,")
    assert "signed up at the fair, kept by Ines (brought in by owner)" in first
    run("newsletter", "remove", "bea@example.net")
    shown = json.loads(run("newsletter", "list", "--json").stdout)
    assert shown["counts"] == {"unsubscribed": 1}
    assert "is not on the list" in run("newsletter", "remove", "bea@example.net", code=1).stderr


def test_a_person_is_asked_and_confirms_with_evidence(run: Run) -> None:
    assert json.loads(run("newsletter", "add", "ada@example.org", "--json").stdout)["state"] == "asked"
    assert "evidence" in run("newsletter", "confirm", "ada@example.org", code=2).stderr
    done = run("newsletter", "confirm", "ada@example.org", "--note", "answered the mail")
    assert done.stdout == "ada@example.org: confirmed.\n"
    assert "no e-mail address" in run("newsletter", "add", "nonsense", code=2).stderr


def test_mails_are_settled_by_people_with_evidence(run: Run) -> None:
    for words in (("recipients", "pub_1"), ("settle", "pub_1", "a@b.example", "accepted", "--note", "x")):
        assert "There is no publication pub_1" in run("newsletter", *words, code=1).stderr
    assert "evidence" in run("newsletter", "settle", "pub_1", "a@b.example", "accepted", code=2).stderr
    assert (
        "nothing that can become"
        in run("newsletter", "settle", "pub_1", "a@b.example", "lost", "--note", "x", code=2).stderr
    )
    assert "--all" in run("newsletter", "resend", "pub_1", "--note", "x", code=2).stderr
    refused = run("newsletter", "resend", "pub_1", "--all", "--note", "x", code=5, GREENROOM_USER="agent").stderr
    assert "person" in refused
