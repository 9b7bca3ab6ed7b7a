"""Payloads of threads, and the lines that a policy adds: all of it there before anybody approves."""

import pytest

from core.channels import channels
from core.drafts import Content, Picture
from publishing import compose
from publishing.wire.compose import COMPOSERS
from tests.publishing.making import INES, context

THREADED = [place.name for place in channels() if place.threads]
PICTURE = Picture(sha256="a" * 64, mime="image/png", bytes=9, width=1, height=1, alt="A boat", name="boat.png")
TEXT = "One #tides\n\n---\n\nTwo https://tide.example/2"


def signed(**lines: object) -> object:
    return context(INES.model_copy(update={"policy": lines}), provenance={"model": "gpt-x"})


@pytest.mark.parametrize("channel", THREADED)
def test_a_thread_has_for_each_post_what_a_single_post_has(channel: str) -> None:
    payload = compose(channel, Content(text=TEXT), context())
    single = compose(channel, Content(text="One #tides"), context())
    assert (payload["channel"], payload["text"], set(payload)) == (channel, TEXT, {"channel", "text", "parts"})
    first, second = payload["parts"]
    assert first == {name: value for name, value in single.items() if name != "channel"}
    assert second["text"] == "Two https://tide.example/2"
    assert second.get("status", second["text"]) == second["text"]
    assert "parts" not in single


@pytest.mark.parametrize("channel", THREADED)
def test_a_stray_line_of_hyphens_is_no_thread_and_is_not_sent(channel: str) -> None:
    assert compose(channel, Content(text="---\nOne\n---\n"), context()) == compose(
        channel, Content(text="One"), context()
    )


def test_where_there_are_no_threads_a_rule_stays_a_rule() -> None:
    for channel in ("linkedin", "site", "newsletter", "instagram"):
        payload = compose(channel, Content(text=TEXT, title="Tides"), context())
        assert payload["text"] == TEXT
        assert "parts" not in payload


def test_a_thread_s_pictures_go_with_its_first_post() -> None:
    for channel in THREADED:
        first, second = compose(channel, Content(text=TEXT, pictures=(PICTURE,)), context())["parts"]
        assert first["media"] == [PICTURE.model_dump(mode="json")]
        assert "media" not in second


@pytest.mark.parametrize("channel", COMPOSERS)
def test_a_signature_is_the_last_line_of_its_channel_s_text_alone(channel: str) -> None:
    line = "Ines, from the harbour"
    draft = Content(text="The tin.", title="The tin", subject="The tin")
    payload = compose(channel, draft, signed(signature={channel: line}))
    assert payload["text"] == f"The tin.\n\n{line}"
    shown = payload.get("page") or payload.get("html") or payload.get("commentary") or payload["text"]
    assert line in shown
    assert compose(channel, draft, signed(signature={"somewhere": line}))["text"] == "The tin."
    twice = compose(channel, draft.model_copy(update={"text": payload["text"]}), signed(signature={channel: line}))
    assert twice["text"] == payload["text"]


def test_the_signature_stands_below_the_disclosure_and_both_in_the_last_post() -> None:
    around = signed(signature={"mastodon": "Ines"}, disclosure="Drafted with software.")
    payload = compose("mastodon", Content(text="One\n---\nTwo"), around)
    assert payload["text"] == "One\n---\nTwo\n\nDrafted with software.\n\nInes"
    assert [post["status"] for post in payload["parts"]] == ["One", "Two\n\nDrafted with software.\n\nInes"]
    assert payload["disclosure"] == {"ai": True, "line": "Drafted with software."}
