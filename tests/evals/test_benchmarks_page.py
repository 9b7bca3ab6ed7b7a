"""The page of benchmarks: what is committed is what the kept figures make, and nothing on it is made up on the way."""

import json
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from evals.machine import machine
from evals.page import taking
from evals.page.drawing import PEERS, Kept, drawn, peers
from evals.page.markdown import flat, milliseconds, share
from evals.page.plots import Bar, Plot
from evals.page.plots import drawn as plotted
from evals.page.taking import BENCHES, KEPT, Left, command_of, take

ROOT = Path(__file__).parents[2]
_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let a bench be this script instead of the product's command."""

    def become(script: str) -> None:
        monkeypatch.setattr(taking, "_GREENROOM", (taking.sys.executable, "-c", script))

    return become


def test_the_page_and_its_pictures_are_what_the_kept_figures_make() -> None:
    made = drawn(ROOT)
    assert {path: (ROOT / path).read_text(encoding="utf-8") for path in made} == made, "run: make benchmarks ONLY=none"
    kept = {path.relative_to(ROOT) for path in (ROOT / KEPT).glob("*.svg")}
    assert kept == {path for path in made if path.suffix == ".svg"}  # none is left of what nobody draws any more


def test_what_is_kept_says_when_how_and_on_what_and_names_no_place() -> None:
    paths = sorted((ROOT / KEPT).glob("*.json"))
    assert {path.stem for path in paths} <= set(BENCHES)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        record = json.loads(text)
        assert set(record) == {
            "bench", "command", "taken", "version", "machine", "seconds", "held", "figures",
        }  # fmt: skip
        assert (record["bench"], record["command"]) == (path.stem, command_of(BENCHES[path.stem]["run"]))
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", record["taken"]) and set(record["machine"]) == set(machine())
        assert "/home/" not in text and "/tmp/" not in text


def test_every_bench_of_the_page_is_a_command() -> None:
    import typer

    from app.cli import build

    group: Any = typer.main.get_command(build())
    known = set(group.commands["bench"].commands)
    assert {about["run"].split()[0] for about in BENCHES.values()} <= known
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert set(re.findall(r"greenroom bench (\w+)", page)) <= known


def test_a_bench_is_run_and_kept_with_its_day_and_machine(tmp_path: Path, bench: Any) -> None:
    bench("import json, sys; print(json.dumps({'said': sys.argv[1:]}))")
    data = tmp_path / "data"
    (data / "slop").mkdir(parents=True)
    (data / "slop" / "slop.jsonl.gz").touch()
    with pytest.raises(Left, match="a path of this machine"):  # what it was given stands in its figures
        take("slop", tmp_path, data)
    record = json.loads(take("timing", tmp_path, data).read_text())
    assert record["figures"] == {"said": ["bench", "timing", "--json"][1:]}
    assert (record["command"], record["held"]) == ("greenroom bench timing", True)


def test_without_its_data_or_its_figures_a_bench_is_left_and_the_last_ones_stay(tmp_path: Path, bench: Any) -> None:
    (tmp_path / KEPT).mkdir(parents=True)
    last = tmp_path / KEPT / "voice.json"
    last.write_text("the last ones")
    with pytest.raises(Left, match=r"voice\.jsonl\.gz"):
        take("voice", tmp_path, tmp_path / "nowhere")
    assert last.read_text() == "the last ones"
    bench('print(\'{"error": {"kind": "bad"}}\'); raise SystemExit(2)')
    with pytest.raises(Left, match="ended with 2"):
        take("timing", tmp_path, tmp_path)
    assert not (tmp_path / KEPT / "timing.json").exists()


def test_a_promise_that_was_not_kept_is_kept_and_said(tmp_path: Path, bench: Any) -> None:
    bench('print(\'{"unapproved": 1, "doors": {}}\'); raise SystemExit(1)')
    take("gate", tmp_path, tmp_path)
    page = drawn(tmp_path)[Path("docs/benchmarks.md")]
    assert "| unapproved | 1 |" in page and "**What this bench promises was not kept.**" in page


def test_what_was_not_measured_has_no_figures_and_says_how_to_take_them(tmp_path: Path) -> None:
    page = drawn(tmp_path)[Path("docs/benchmarks.md")]
    assert all(f"*No figures of it are kept: `make benchmarks ONLY={name}` takes them.*" in page for name in BENCHES)
    assert not Kept(tmp_path).pictures()


def test_every_peer_names_how_it_is_known_and_its_source() -> None:
    source = "Kong et al. 2023, https://arxiv.org/abs/2305.04490"
    assert f"| PromptRank (T5) | .317 | .379 | .271 | .378 | published | {source} |" in peers("tags")
    for about in PEERS.values():
        for each in about["rows"]:
            assert len(each["figures"]) == len(about["columns"]) and each["how"] and each["source"]


def test_a_picture_says_in_words_what_it_shows_and_follows_dark_pages() -> None:
    plot = Plot("Found, <R@10>", (Bar("peer & co", 0.5, ".500", ours=False), Bar("Greenroom", 0.75, ".750")), most=1.0,
                goal=(0.7, "asked for: .700"))  # fmt: skip
    tree = ElementTree.fromstring(plotted(plot))
    assert tree.findtext(f"{_SVG}title") == "Found, <R@10>"
    assert tree.findtext(f"{_SVG}desc") == "peer & co: .500; Greenroom: .750. The dashed line: asked for: .700."
    widths = {each.get("class"): float(each.get("width", "0")) for each in tree.iter(f"{_SVG}rect")}
    assert widths["other"] * 1.5 == pytest.approx(widths["ours"], abs=0.2)
    assert "prefers-color-scheme:dark" in (tree.findtext(f"{_SVG}style") or "")


def test_numbers_are_written_as_people_read_them() -> None:
    assert [share(each) for each in (0.8306, 1.0, 0.0, None)] == [".831", "1.000", ".000", ""]
    assert [milliseconds(each) for each in (7.13, 84.4, 1967.7)] == ["7.1 ms", "84 ms", "1.97 s"]
    assert flat({"runs": 2, "by": {"kill_9": 1}, "bad": [], "first": ["a", "b"], "rows": [{}]}) == (
        "|  |  |\n|---|---|\n| runs | 2 |\n| by, kill 9 | 1 |\n| first | a, b |"
    )


def test_a_name_that_is_no_bench_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    from make_benchmarks import main

    assert main(["--only", "sped"]) == 2
    assert "There is no bench 'sped' on the page. These are: recall, locomo," in capsys.readouterr().err
