"""Export, import of an export, pairs for fine-tuning and the audit, as a person and a script use them."""

import json
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from app.cli import build
from tests.making import ASK, make_studio
from tests.memory.exporting import files_of

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EVIL = '<script src="https://evil.example/x.js"></script><img src=x onerror=alert(1)>'


Run = Callable[..., Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small creator with a post that is live, after an edit, and one that waits for its time."""
    folder = tmp_path_factory.mktemp("exports")
    made = make_studio(folder, lambda: NOW)
    evil = folder / "letters" / "2021-05-06 evil.txt"
    evil.write_text(f"## {EVIL}\n\nThe tides and the harbours of the old days, and what was said of them.")
    made.import_paths([folder / "letters"])
    [site] = made.start(ASK, channels=["site"]).proposals
    document = made.document(site.id).replace("biscuit tin", "tin box")
    edited = made.decide(site.id, "edit", site.sha, body=document).new_proposal
    assert edited is not None
    made.decide(edited.id, "approve", edited.sha)
    assert len(made.publish_due().published) == 1
    [later] = made.start(ASK, channels=["site"], when=datetime(2026, 11, 24, 8, 0, tzinfo=UTC)).proposals
    made.decide(later.id, "approve", later.sha)
    made.close()
    return made.settings.home


def runner(home: Path) -> Run:
    """Return a function that runs a command on a home, through the product's own command line, and reads its JSON."""

    def run(*words: str, code: int = 0) -> Any:
        said = StringIO()
        with redirect_stdout(said):
            ended = build()([*words, "--json", "--home", str(home)], standalone_mode=False) or 0
        assert ended == code, (words, ended, said.getvalue())
        return json.loads(said.getvalue())

    return run


@pytest.fixture
def run(home: Path) -> Run:
    return runner(home)


def test_a_workspace_moves_to_another_home_and_nothing_goes_out_there(run: Run, tmp_path: Path) -> None:
    made = run("export", str(tmp_path / "out"))
    assert (made["works"], made["missing"]) == (5, [])
    assert run("export", str(tmp_path / "out"), code=2)["error"]["kind"] == "wrong_use"
    assert run("export", "verify", str(tmp_path / "out"))["ledger_entries"] > 2
    new = runner(tmp_path / "new")
    back = new("import", str(tmp_path / "out"))
    assert (back["imported"], back["works"], back["failed"]) == (5, 5, [])
    assert back["export"]["restored"]["stilled"] == {"approvals": 1, "cancelled": 1, "for_a_person": 0}
    assert "cancelled" in back["export"]["notes"][0]
    assert new("works")["works"] == run("works")["works"]
    assert new("recall", "tide tables")["results"][0]["title"] == "Who owns the tide tables"
    assert new("publish-due")["published"] == []
    states = sorted(each["state"] for each in new("publications")["publications"])
    assert states == ["cancelled", "published"]
    assert new("ledger", "verify")["ok"]
    again = new("import", str(tmp_path / "out"))
    assert (again["imported"], again["unchanged"], again["export"]["restored"]) == (0, 5, None)
    new("export", str(tmp_path / "again"))
    changed = {"ledger", "decisions", "proposals", "publications"}  # what was stilled, and nothing else
    one, two = files_of(tmp_path / "out"), files_of(tmp_path / "again")
    assert {name for name in one if one[name] != two.get(name)} == {f"data/tables/{name}.jsonl" for name in changed}
    assert one.keys() == two.keys()


def test_an_export_is_named_by_itself(run: Run, tmp_path: Path) -> None:
    run("export", str(tmp_path / "out"), "--no-media")
    (tmp_path / "letter.md").write_text("A letter.")
    refused = run("import", str(tmp_path / "out"), str(tmp_path / "letter.md"), code=2)["error"]["message"]
    assert "import it by itself" in refused
    shutil.copy(tmp_path / "letter.md", tmp_path / "out/data/metadata.jsonld")
    damaged = runner(tmp_path / "new")("import", str(tmp_path / "out"), code=1)["error"]
    assert (damaged["kind"], "data/metadata.jsonld" in damaged["message"]) == ("damaged", True)


def test_into_a_workspace_in_use_only_works_are_taken(run: Run, tmp_path: Path) -> None:
    run("export", str(tmp_path / "out"))
    new = runner(tmp_path / "new")
    new("init", "--name", "Attic")
    (tmp_path / "letter.md").write_text("A letter of my own.")
    new("import", str(tmp_path / "letter.md"))
    back = new("import", str(tmp_path / "out"))
    assert (back["imported"], back["works"], back["export"]["workspace"]) == (5, 6, "attic")
    assert "Only works and pictures" in back["export"]["notes"][0]
    assert (new("pending")["proposals"], new("publications")["publications"]) == ([], [])
    assert new("recall", "tide tables")["results"][0]["title"] == "Who owns the tide tables"


def test_pairs_for_fine_tuning_are_consented_and_counted(home: Path, run: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "pairs.jsonl")
    strict = run("export", "--fine-tuning", file)
    [unknown] = strict["left_out"]
    assert (strict["kinds"], strict["left_out"][unknown]) == ({"approved texts": 2, "edits": 1}, 5)
    assert "rights are not known" in unknown
    assert run("export", "--fine-tuning", file, code=2)["error"]["kind"] == "wrong_use"
    works = {work["title"]: work["id"] for work in run("works")["works"]}
    run("consent", "revoke", f"work:{works['Kelp, by weight']}")
    run("consent", "revoke", "person:Olav")
    mine = run("export", "--fine-tuning", file, "--mine", "--replace")
    assert mine["kinds"]["works"] == 3
    assert sum(mine["left_out"].values()) >= 2 and unknown not in mine["left_out"]
    lines = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
    assert len(lines) == mine["examples"]
    assert {tuple(said["role"] for said in line["messages"]) for line in lines} == {("system", "user", "assistant")}
    answers = "\n".join(line["messages"][-1]["content"] for line in lines)
    assert "Olav" not in answers and "burned the kelp" not in answers
    edit = next(line for line in lines if line["messages"][1]["content"].startswith("Edit this"))
    assert "biscuit tin" in edit["messages"][1]["content"] and "tin box" in edit["messages"][2]["content"]


class Page(HTMLParser):
    """What a page would load, and its outline."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [str(value) for name, value in attrs if name in ("src", "href", "srcset", "onerror")]


def test_the_audit_says_what_to_mend_and_changes_nothing_unasked(run: Run, tmp_path: Path) -> None:
    before = run("works")["works"]
    first = run("audit", "--fix", "--html", str(tmp_path / "audit.html"))
    assert first["works"] == 5
    assert first["mend_first"][0]["gap"] == "rights"
    assert first["suggestions"]["new"] == first["suggestions"]["open"] > 0
    assert run("works")["works"] == before
    text = (tmp_path / "audit.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert page.loads == []
    assert "script" not in page.tags and "img" not in page.tags
    assert page.tags.count("h1") == 1 and page.tags.count("h2") >= 3 and "main" in page.tags
    assert "First: rights unclear" in text
    offered = {
        each["field"]: each for each in run("audit", "suggestions")["suggestions"] if each["field"] != "language"
    }
    evil = next(work for work in before if "evil" in work["source"])
    assert offered["tags"]["work_id"] == evil["id"] and "harbours" in offered["tags"]["value"]
    done = run("audit", "accept", offered["tags"]["id"])["suggestions"]
    assert [(each["state"], each["version"]) for each in done] == [("accepted", 2)]
    assert "harbours" in run("works", "show", evil["id"])["tags"]
    undone = run("audit", "undo", offered["tags"]["id"])["suggestions"]
    assert (undone[0]["state"], run("works", "show", evil["id"])["tags"]) == ("undone", [])
    accepted = run("audit", "accept", "--all")["suggestions"]
    assert {each["field"] for each in accepted} == {"language"}
    assert run("audit", "--fix")["suggestions"] == {"new": 0, "open": 0}
    assert run("audit", "accept", code=2)["error"]["kind"] == "wrong_use"
    assert run("audit", "nonsense", code=2)["error"]["kind"] == "wrong_use"
