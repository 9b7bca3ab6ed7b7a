"""Brand facts and outcomes at the terminal, and what a new fact means for what waits and what was approved."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import build
from app.studio import Studio, utc_now
from core.facts import state
from tests.making import ASK, make_studio


@pytest.fixture
def studio(tmp_path: Path) -> Any:
    """A studio whose clock goes: the commands beside it live in the same time."""
    made = make_studio(tmp_path, utc_now)
    yield made
    made.close()


def run(studio: Studio, *words: str, fails: int = 0) -> dict[str, Any]:
    result = CliRunner().invoke(build(), [*words, "--json", "--home", str(studio.settings.home)])
    assert result.exit_code == fails, result.output
    return dict(json.loads(result.stdout))


def test_a_fact_is_added_checked_replaced_and_ended(studio: Studio, tmp_path: Path) -> None:
    fact = run(studio, "facts", "add", "banned", "leverage", "--matching", "forms", "--instead", "use")["fact"]
    file = tmp_path / "draft.txt"
    file.write_text("We are leveraging the tide.", encoding="utf-8")
    checked = run(studio, "check", str(file), "--channel", "bluesky")
    found = [f for f in checked["findings"] if f["rule"] == "banned_word"]
    assert (checked["ok"], [f["span"] for f in found]) == (False, [[7, 17]])
    run(studio, "facts", "replace", fact["id"], "--severity", "note")
    assert run(studio, "check", str(file), "--channel", "bluesky")["ok"]
    run(studio, "facts", "end", fact["id"])
    assert run(studio, "facts", "list")["facts"] == []
    assert len(run(studio, "facts", "history", fact["id"])["versions"]) >= 2
    wrong = run(studio, "facts", "add", "banned", "(", "--matching", "pattern", fails=2)
    assert "no regular expression" in wrong["error"]["message"]


def test_a_sheet_goes_out_and_in_and_a_bad_line_loses_nothing(studio: Studio, tmp_path: Path) -> None:
    run(studio, "facts", "add", "keep", "Ferder")
    run(studio, "facts", "add", "term", "tide table", "--locale", "es", "--instead", "tabla de mareas")
    sheet = tmp_path / "facts.csv"
    assert run(studio, "facts", "export", str(sheet))["facts"] == 2
    assert run(studio, "facts", "export", str(sheet), fails=2)["error"]["kind"] == "bad_input"
    assert run(studio, "facts", "import", str(sheet))["unchanged"] == 2
    bad = tmp_path / "bad.csv"
    bad.write_text("kind,term,matching\nbanned,synergy,\nbanned,[,pattern\n", encoding="utf-8")
    assert "bad.csv, line 3" in run(studio, "facts", "import", str(bad), fails=2)["error"]["message"]
    assert len(run(studio, "facts", "list")["facts"]) == 2
    source, target = tmp_path / "en.md", tmp_path / "es.md"
    source.write_text("The tide table of Ferder.", encoding="utf-8")
    target.write_text("El calendario del faro.", encoding="utf-8")
    found = run(studio, "localize-check", str(source), str(target), "--to", "es")["findings"]
    assert [f["rule"] for f in found] == ["do_not_translate", "glossary"]


def test_a_fact_new_since_the_approval_takes_it_back_and_what_waits_is_told(studio: Studio) -> None:
    first, second = studio.start(ASK, channels=["bluesky", "site"]).proposals
    studio.decide(first.id, "approve", first.sha)
    added = run(studio, "facts", "add", "banned", "biscuit tin", "--instead", "tea tin")
    assert [each["proposal"] for each in added["voided"]] == [first.id]
    assert "“biscuit tin” is not said here" in studio.show(first.id).reason
    shown = studio.show(second.id)
    assert ("banned_word", "waiting") in [(f.rule, shown.state) for f in shown.findings]
    assert studio.memory.proposals.get(studio.workspace.id, second.id).sha == shown.sha
    studio.decide(second.id, "approve", second.sha)  # it was told, and a person decides
    assert studio.memory.grounds.lost(studio.show(second.id)) is None
    assert [each.proposal_id for each in studio.publish_due().published] == [second.id]


def test_the_sender_asks_too_should_a_fact_be_kept_and_nothing_be_swept(studio: Studio) -> None:
    (proposal,) = studio.start(ASK, channels=["site"]).proposals
    studio.decide(proposal.id, "approve", proposal.sha)
    studio.memory.facts.add(studio.workspace.id, state({"kind": "banned", "term": "biscuit tin"}), by="owner")
    assert studio.publish_due().published == ()
    assert studio.show(proposal.id).state == "stale"


def test_a_draft_is_asked_for_with_the_brand_and_with_what_was_turned_down(studio: Studio) -> None:
    from tools.material import draft_request

    run(studio, "facts", "add", "disclosure", "Acme", "--needs", "#ad")
    for ask, note in (("Announce the kelp walk", "Too cute."), (ASK, "No biscuits in the first line.")):
        (proposal,) = studio.start(ask, channels=["bluesky"]).proposals
        studio.decide(proposal.id, "reject", proposal.sha, note=note)
    result = studio.start(ASK, channels=["bluesky"])
    brief, plan = studio.crew.brief(result.brief_id)
    request = draft_request(studio.crew.context, brief, plan, channel="bluesky", variant=1)
    assert request.brand == ("Where “Acme” stands, “#ad” must stand too.",)
    assert {each.said for each in request.turned_down} == {"Too cute.", "No biscuits in the first line."}
    (best,) = studio.memory.turned_down.like(studio.workspace.id, ASK, k=1)
    assert best.note == "No biscuits in the first line."


def test_outcomes_come_from_a_sheet_and_are_told_with_the_work(studio: Studio, tmp_path: Path) -> None:
    work = studio.works()[0]
    sheet = tmp_path / "stats.csv"
    sheet.write_text(f'piece,date,likes,views\n{work.source},2026-11-01,212,"1,204"\n', encoding="utf-8")
    assert run(studio, "outcomes", "import", str(sheet)) == {"added": 2, "corrected": 0, "unchanged": 0}
    assert run(studio, "outcomes", "add", work.id, "likes", "220", "--at", "2026-11-02")["added"] == 1
    assert run(studio, "outcomes", "show", work.id)["did"] == "1,204 views, 220 likes"
    sheet.write_text(f"piece,metric,value\n{work.id},likes,many\n", encoding="utf-8")
    assert "stats.csv, line 2: likes" in run(studio, "outcomes", "import", str(sheet), fails=2)["error"]["message"]
    sheet.write_text("piece,metric,value\nnowhere,likes,1\n", encoding="utf-8")
    assert "'nowhere' is no work" in run(studio, "outcomes", "import", str(sheet), fails=2)["error"]["message"]
    shown = run(studio, "works", "show", work.id)
    assert (shown["did"], [v["version"] for v in shown["versions"]], shown["near_duplicates"]) == (
        "1,204 views, 220 likes",
        [1],
        [],
    )


def test_what_was_turned_down_or_recalled_is_not_quoted_to_a_model_once_consent_was_revoked(studio: Studio) -> None:
    space, memory = studio.workspace.id, studio.memory
    (proposal,) = studio.start(ASK, channels=["bluesky"]).proposals
    studio.decide(proposal.id, "reject", proposal.sha, note="No biscuits in the first line.")
    assert memory.turned_down.like(space, ASK, k=1)
    _, plan = studio.crew.brief(proposal.brief_id)
    recalled = {work.work_id for work in plan.recalled}
    cited = {receipt.work_id for receipt in proposal.receipts if receipt.work_id} & recalled
    assert cited
    for work_id in cited:
        memory.consents.say(space, f"work:{work_id}", granted=False, by="owner")
    assert memory.turned_down.like(space, ASK, k=1) == ()
    _, plan = studio.crew.brief(proposal.brief_id)
    assert {work.work_id for work in plan.recalled} == recalled - cited
