"""The report page: one file that needs nothing else, says hostile texts as words, and can be read by everybody."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evals.harness.records import RunRecord
from evals.report.page import worst, write_history, write_page
from evals.report.table import NOTHING_SHARED
from tests.app.board_server import axe
from tests.app.conftest import browser as _browser
from tests.app.test_board_browser import WIDER, violations
from tests.evals.harness.making import AT, candidate_of, good, rows_of, run_of, task_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

browser = _browser
HOSTILE = "</pre></style><script>window.ran = 1</script><img src=x onerror='window.ran = 2'>\"'><b> &amp; {{ 7 * 7 }}"
LONG = "unbroken" * 60
VOID = {"meta", "img", "br", "hr", "input", "link"}


def hostile(what: str = HOSTILE) -> RunRecord:
    """A run whose every text is hostile, or too long for a line."""
    texts = dict.fromkeys(("asked", "expected", "got", "why"), f"{what}\n{LONG}")
    values = {f"c{at:02}": {"good": 1.0, "slips": 0.5, "length": 3.0, "safe": float(at != 1)} for at in range(6)}
    rows = rows_of({**values, f"a-case-{'of-a-long-name-' * 12}": {"good": 0.0}}, **texts)
    task = task_of(rows)
    named = task.model_copy(update={"says": what, "card": task.card.model_copy(update={"what": what})})
    figures = tuple(each.model_copy(update={"says": f"{each.says} {what}"}) for each in named.figures)
    first = candidate_of(named.model_copy(update={"figures": figures}), label=f"big {what}", model=f"big/1 {what}")
    return run_of(first, candidate_of(good(*(0.0,) * 6), good(1.0).model_copy(update={"name": "more"}), label="small"))


class Outline(HTMLParser):
    """Reads a page strictly: what is opened is closed in its order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [told for name, told in self.found if name == tag]

    @property
    def said(self) -> str:
        return " ".join(" ".join(self.words).split())


def page_of(run: RunRecord, folder: Path, baseline: RunRecord | None = None) -> Outline:
    return Outline(write_page(run, folder, baseline=baseline).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Outline:
    return page_of(hostile(), tmp_path_factory.mktemp("page"))


def test_it_is_one_page_in_order(page: Outline) -> None:
    assert [len(page.all(tag)) for tag in ("html", "title", "main", "h1")] == [1, 1, 1, 1]
    assert page.all("html")[0]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [told["id"] for _, told in page.found if "id" in told]
    assert len(set(ids)) == len(ids)
    jumps = [str(told["href"]) for told in page.all("a")]
    assert len(set(jumps)) == 3 and {jump.removeprefix("#") for jump in jumps} <= set(map(str, ids))


def test_it_fetches_nothing_and_runs_nothing(page: Outline) -> None:
    assert {tag for tag, _ in page.found} & {"script", "link", "img", "iframe", "object", "base", "form"} == set()
    for _, told in page.found:
        assert not [name for name in told if name.startswith("on")]
        assert not {"src", "srcset", "action"} & set(told) and str(told.get("href") or "#").startswith("#")
    assert "url(" not in page.said and "@import" not in page.said


def test_hostile_texts_are_words(page: Outline) -> None:
    assert page.said.count("<script>window.ran = 1</script>") > 10 and "{{ 7 * 7 }}" in page.said
    assert "49" not in page.said


def test_figures_stand_in_tables_with_headers(page: Outline) -> None:
    assert all(told.get("scope") in ("col", "row") for told in page.all("th"))
    assert {str(told["scope"]) for told in page.all("th")} == {"col", "row"}
    assert all(told.get("aria-label") for told in page.all("svg"))
    assert len(page.all("caption")) == len(page.all("table")) == 5


def test_what_colour_says_is_said_in_words_too(page: Outline) -> None:
    assert "✖ broken" in page.said  # a promise
    assert "↓ worse" in page.said
    assert "not measured: no case of this run says anything of it" in page.said


def test_the_worst_cases_lie_open_to_whoever_asks(page: Outline) -> None:
    assert len(page.all("details")) == len(page.all("summary")) == 3 + 3 + 3  # and a card for each of three tasks
    rows = rows_of({"a": {"good": 1.0}, "b": {"good": 0.0}, "c": {"good": 0.0, "slips": 1.0}})
    task = task_of((*rows, *rows_of({"d": {}}, error="The product failed")))
    assert [(row.id, why) for row, why in worst(task)] == [("d", "it failed"), ("c", "good, slips"), ("b", "good")]


def test_a_baseline_is_compared_before_the_candidates(tmp_path: Path) -> None:
    old, new = run_of(candidate_of(good(*(0.0,) * 6))), run_of(candidate_of(good(*(1.0,) * 6)))
    assert "↑ better" in page_of(new, tmp_path, old).said
    assert "No figure shows a difference." in page_of(old, tmp_path, old).said
    other = run_of(candidate_of(good(None, None, 1.0)))
    apart = page_of(run_of(candidate_of(good(1.0, 1.0))), tmp_path, other).said
    assert NOTHING_SHARED in apart and "No figure shows" not in apart
    assert "What changed" not in page_of(old, tmp_path).said


def test_a_part_of_the_cases_is_not_called_the_whole_and_own_prompts_are_named(tmp_path: Path) -> None:
    whole = candidate_of(good(1.0))
    own = whole.model_copy(update={"prompts": "/home/ines/plainer"})
    assert "Whole datasets" in page_of(run_of(whole), tmp_path).said
    part = page_of(run_of(whole, own, limit=8), tmp_path).said
    assert "Whole" not in part and "at most 8 of our cases a task" in part
    assert "What changed: big (big-1) → big (big-1) with plainer/" in part and "/home/ines/plainer" in part


def test_the_history_draws_each_figure_over_runs(tmp_path: Path) -> None:
    runs = [
        run_of(candidate_of(good(*values), label=HOSTILE), at=AT + timedelta(days=day))
        for day, values in enumerate(((0.0, 1.0), (1.0, 1.0), (0.0, 0.0)))
    ]
    told = Outline(write_history(runs, tmp_path / "history.html").read_text(encoding="utf-8"))
    assert (len(told.all("h1")), len(told.all("main")), len(told.all("svg")), len(told.all("circle"))) == (1, 1, 1, 3)
    assert "2026-11-20" in told.said and "2026-11-22" in told.said and "0.500" in told.said
    one = Outline(write_history(runs[:1], tmp_path / "one.html").read_text(encoding="utf-8"))
    assert len(one.all("circle")) == 1


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(browser: "Browser", tmp_path: Path) -> None:
    script, found = axe(), list[Any]()
    run = hostile()
    first = write_page(run, tmp_path, baseline=run_of(candidate_of(good(*(0.9,) * 6))))
    runs = [run, run.model_copy(update={"at": AT + timedelta(days=1)})]
    for path in (first, write_history(runs, tmp_path / "history.html")):
        page = browser.new_page(reduced_motion="reduce")
        asked = list[str]()
        page.on("request", lambda request, asked=asked: asked.append(request.url))  # type: ignore[misc]
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
            found += [(path.name, width, *each) for each in violations(page, script)]
            assert not page.evaluate(WIDER), f"{path.name} is wider than {width} px"
            assert page.evaluate("window.ran") is None
        assert set(asked) == {path.as_uri()}
        page.close()
    assert found == []


def test_what_no_reader_sees_is_named_on_the_page(tmp_path: Path) -> None:
    """An attack that hides was shown as nothing, and one that turns the order of letters as other words."""
    asked = "x \x1b[31m \u202eevil\u202c \u200b\U000e0041 می\u200cخواهم\tb\r\nc"
    task = task_of(rows_of({"a": {"good": 0.0}}, asked=asked))
    said = page_of(run_of(candidate_of(task)), tmp_path).said
    assert "x ⟨U+001B⟩[31m ⟨U+202E⟩evil⟨U+202C⟩ ⟨U+200B⟩⟨U+E0041⟩ می\u200cخواهم b c" in said
