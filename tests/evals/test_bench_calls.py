"""One brief makes few calls, which begin with the same bytes; and the count of them counts rightly."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from app.studio import Studio
from evals.bench.calls.counting import beside, cacheable, shared_bytes
from evals.bench.calls.running import _figures
from evals.bench.calls.server import KEY, MODEL, Asked, Script, serving
from models.tasks import Shared
from tests.conftest import Clock
from tests.fakes.embeddings_server import serving as embeddings_server
from tests.making import ASK, CHANNELS, make_studio


@pytest.fixture(scope="module")
def script() -> Script:
    """A server whose drafts need one round of mending."""
    return Script(flawed=1)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, script: Script) -> Iterator[Studio]:
    with serving(script) as url, embeddings_server() as vectors:
        made = make_studio(
            tmp_path_factory.mktemp("calls"), Clock(datetime(2026, 11, 20, 12, tzinfo=UTC)), endpoint=MODEL,
            model_url=url, api_key=SecretStr(KEY), embedding_model=f"openai:{vectors.model}",
            embedding_url=vectors.base_url, embedding_key=vectors.key,
        )  # fmt: skip
        yield made
        made.close()


@pytest.fixture(scope="module")
def asked(studio: Studio, script: Script) -> list[Asked]:
    """Every call of one brief: six channels, a round of mending, versions, another locale."""
    studio.start(ASK, channels=CHANNELS, variants=2, vary="hook", locales=["en", "de"])
    return script.asked


def test_one_call_for_the_angles_one_a_channel_and_one_for_each_round(asked: list[Asked]) -> None:
    tasks = [each.task for each in asked]
    assert tasks == ["plan", *["draft"] * 6, "revise", "vary", "localize", "backtranslate"]
    figures = _figures(asked, CHANNELS, 10)
    assert (figures["calls"], figures["without_locales"]) == (11, 9)
    assert figures["one_call_per_channel_and_step"]["calls"] == 24
    assert figures["prompt_tokens"] < figures["one_call_per_channel_and_step"]["prompt_tokens"] * 0.6


def test_the_calls_of_a_brief_begin_with_the_same_bytes_to_the_end_of_what_they_share(asked: list[Asked]) -> None:
    mine = [each for each in asked if each.task in ("plan", "draft", "revise", "vary")]
    told = {name: mine[0].data[name] for name in Shared.model_fields}
    assert told["works"] and told["voice"]["exemplars"]
    sent = [each.prompt[len(each.form) :].encode() for each in mine]
    end = sent[0].index(b', "remix"')
    assert {each[:end] for each in sent} == {sent[0][:end]}
    assert shared_bytes(asked) >= end
    for each in mine:  # the shared fields come first, and nothing of one channel before them
        assert list(each.data)[: len(told)] == list(told) and {name: each.data[name] for name in told} == told


def test_what_a_server_may_have_kept_is_counted_by_its_rule() -> None:
    long = "a" * 4 * 1300
    assert cacheable([long, long[:-4] + "bbbb", "a" * 4000, long]) == 1280 + 0 + 1280
    assert cacheable(["b" + long, long]) == 0


def test_a_design_of_single_calls_asks_for_each_draft_of_a_round() -> None:
    drafts = [{"draft_id": name, "channel": name} for name in ("x", "site")]
    revise = Asked("revise", {"ask": "a", "drafts": drafts}, "{}", "…")
    told = beside([revise], ("x", "site"))
    assert told["calls"] == 2 and told["prompt_tokens"] > 500
    assert json.dumps(revise.data["drafts"]) == json.dumps(drafts)  # what was counted is not changed
