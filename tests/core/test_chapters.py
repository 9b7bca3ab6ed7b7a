"""Chapters: what a platform asks of them, and times as a transcript has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.chapters import Moment, chapters_in, moments_in, problems, stamp
from core.drafts import Content
from core.rules import findings


def wrong(*lines: str) -> list[str]:
    return [message for message, _ in problems(chapters_in("\n".join(lines)))]


def test_good_chapters_have_no_problem() -> None:
    assert wrong("00:00 The tin", "04:14 Whose tables", "1:02:03 - What is left") == []
    assert [each.title for each in chapters_in("(00:00) The tin\n- 4:14 – Whose tables")] == ["The tin", "Whose tables"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("00:01 A", "00:30 B", "01:00 C"), "must begin at 00:00"),
        (("00:00 A", "00:30 B"), "show from 3 on"),
        (("00:00 A", "00:30 B", "00:20 C"), "not after the chapter before"),
        (("00:00 A", "00:30 B", "00:39 C"), "lasts 9 s"),
    ],
)
def test_what_keeps_them_from_showing_is_said(lines: tuple[str, ...], said: str) -> None:
    assert any(said in message for message in wrong(*lines))


@given(st.integers(0, 99 * 3600))
def test_a_time_reads_back(seconds: int) -> None:
    assert chapters_in(f"{stamp(seconds)} Here")[0].at == seconds


def test_times_in_a_transcript_run_forwards() -> None:
    text = r"\[00:10\] One. [00:05] Back. [01:00:00] Two."
    assert moments_in(text) == (Moment(10, 9), Moment(3600, text.index("[01") + 10))


def test_each_new_channel_says_what_is_wrong_with_its_own_form() -> None:
    def rules(channel: str, text: str, **fields: object) -> list[str]:
        return [each.rule for each in findings(channel, Content(text=text, title="T", **fields))]

    assert rules("youtube", "a < b") == ["forbidden_character", "no_sender"]
    assert rules("youtube", "00:00 A\n00:05 B\n01:00 C") == ["chapters", "no_sender"]
    assert "length" in rules("youtube", "é" * 2501)
    assert "length" in rules("youtube", "x", tags=("word " * 60, "y" * 250))
    assert "slides" in rules("carousel", "One slide.")
    assert "slides" in rules("carousel", "\n---\n".join(["One."] * 11))
    assert rules("carousel", f"One.\n---\n{'to and fro ' * 11}") == ["length", "no_sender"]
