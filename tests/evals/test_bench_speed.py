"""The bench of speed, small: both sides ask the same of one server, and its waiting shows in both."""

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from evals.bench.calls.server import KEY
from evals.bench.speed import pairs
from evals.bench.speed.replaying import Replaying, replaying
from evals.bench.speed.running import through_the_server
from evals.openai_fake import openai_server

WAIT_MS = 150


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a conversation and a brief for two channels come to, with a server that waits."""
    home = tmp_path_factory.mktemp("speed")
    chats, briefs = through_the_server(home, 2, [WAIT_MS], lambda *_: None, ("bluesky", "x"))
    [chat], [brief] = chats, briefs
    return chat, brief


def test_the_bare_calls_of_a_brief_are_the_products_own(figures: tuple[dict[str, Any], dict[str, Any]]) -> None:
    brief = figures[1]
    assert (brief["calls"], brief["proposals"]) == (3, 2)  # the angles, then both drafts at once
    assert brief["prompt_tokens"]["ours"] == brief["prompt_tokens"]["bare"] > 3000
    assert brief["steps_ms"]["Writing a draft"] >= WAIT_MS


def test_the_servers_waiting_is_in_both_and_the_product_adds_to_it(
    figures: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    for told, waits in zip(figures, (1, 2), strict=True):  # a brief's drafts wait together, after its angles
        assert told["bare_ms"]["median"] >= waits * WAIT_MS
        assert told["ours_ms"]["median"] > told["bare_ms"]["median"]
        assert told["ratio"] > 1 and told["added_ms"]["count"] == 2
        assert told["own_work_ms"]["ours"]["median"] > told["own_work_ms"]["bare"]["median"]


def test_ratios_are_made_pair_by_pair() -> None:
    times = [(20.0, 10.0), (90.0, 30.0), (8.0, 2.0)]
    took = [(pairs.Took(ours, ours / 2), pairs.Took(bare, 1.0)) for ours, bare in times]
    assert pairs.told(took) == {
        "ratio": 3.0,
        "ratio_p95": 3.9,
        "added_ms": {"count": 3, "median": 10.0, "p95": 55.0},
        "ours_ms": {"count": 3, "median": 20.0, "p95": 83.0},
        "bare_ms": {"count": 3, "median": 10.0, "p95": 28.0},
        "own_work_ms": {
            "ours": {"count": 3, "median": 10.0, "p95": 41.5},
            "bare": {"count": 3, "median": 1.0, "p95": 1.0},
        },
    }


def test_the_order_alternates_and_own_work_is_what_was_computed() -> None:
    order: list[str] = []

    def waits() -> float:
        order.append("waits")
        time.sleep(0.2)
        return 5.0

    def works() -> float:
        order.append("works")
        ends = time.process_time() + 0.1
        while time.process_time() < ends:
            pass
        return 2.0

    for number in range(2):
        first, second = pairs.in_turn(waits, works, number)
        assert (first.clock, second.clock) == (5.0, 2.0)
        assert first.own_work < 50 and second.own_work >= 100
    assert order == ["waits", "works", "works", "waits"]


def test_what_was_not_recorded_is_refused_and_no_figure_is_made_of_it() -> None:
    request = '<request task="draft">\n{"channel": "x"}\n</request>'
    body = {"model": "m", "messages": [{"role": "user", "content": request}]}
    with openai_server(KEY, lambda key: Replaying(key, {"plan": "{}"}, 0)) as server:
        answer = httpx.post(
            f"{server.base_url}/chat/completions", json=body, headers={"Authorization": f"Bearer {KEY}"}
        )
    assert (answer.status_code, answer.json()["error"]["message"]) == (418, "no answer was recorded for draft x")


def test_the_server_runs_in_another_process_and_ends_with_the_block() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    with replaying({}, 0.0) as url:
        answer = httpx.post(f"{url}/chat/completions", json=body, headers={"Authorization": f"Bearer {KEY}"})
        first = json.loads(answer.text.split("data: ")[2])
        assert first["choices"][0]["delta"]["content"] == "The "
    with pytest.raises(httpx.ConnectError):
        httpx.post(f"{url}/chat/completions", json=body, timeout=5)


@pytest.mark.parametrize("name", ["recall", "briefs"])
def test_recall_is_measured_under_both_names(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from app.cli import build

    empty = tmp_path / "qrels.tsv"
    empty.write_text("query_post\tpast_post\n")
    with pytest.raises(SystemExit):
        build()(["bench", name, str(tmp_path / "none.jsonl"), str(empty)])
    assert "none.jsonl" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("delays", ["soon", "0,-5", ""])
def test_delays_that_are_none_are_refused(delays: str, capsys: pytest.CaptureFixture[str]) -> None:
    from app.cli import build

    with pytest.raises(SystemExit):
        build()(["bench", "speed", "--delays", delays])
    assert "is no list of milliseconds. For example: --delays 0,1000" in " ".join(capsys.readouterr().err.split())
