"""The review queue: what each key does, what stands on a small screen, and a real terminal around it."""

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.text import Text

from app.review.keys import BACKSPACE, ENTER, ESCAPE, INTERRUPT, first_key
from app.review.queue import Kept, Queue
from app.review.screen import KEYS, draw
from app.studio import Studio
from tests.app.translating import post, small_studio
from tests.conftest import Clock

HOSTILE = "\x1b[2J\x1b]0;owned\x07 [red]not markup[/] \x9b31m نص عربي \u202eevil\r\n" + "line\n" * 60


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = small_studio(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def queue(studio: Studio, tmp_path: Path) -> Queue:
    for number in range(4):
        post(studio, f"The tin number {number} held tide tables.")
    made = Queue(studio, Kept(tmp_path / "kept"))
    made.look()
    return made


def press(queue: Queue, keys: str) -> None:
    for key in keys:
        queue.press(key)


def test_one_key_decides_and_u_takes_it_back(queue: Queue, studio: Studio) -> None:
    ids = [each.id for each in queue.items]
    press(queue, "ar")
    assert [studio.show(each).state for each in ids[:2]] == ["approved", "rejected"]
    press(queue, "h")
    assert (studio.show(ids[2]).state, queue.now and queue.now.id) == ("held", ids[3])
    press(queue, "u")
    assert (studio.show(ids[2]).state, queue.now and queue.now.id) == ("waiting", ids[2])
    press(queue, "uj")
    assert [each.verb for each in studio.memory.decisions.for_proposal(ids[0])] == ["approve"]


def test_words_are_kept_until_they_are_sent(queue: Queue, studio: Studio) -> None:
    press(queue, "Rnot like this")
    queue.press("up")  # an arrow is no letter
    queue.press(ESCAPE)
    again = Queue(studio, queue.kept)  # after a Ctrl+C, a crash
    again.look()
    press(again, "R")
    assert again.typed == "not like this"
    again.press(BACKSPACE)
    again.press(ENTER)
    rejected = queue.items[0]
    assert studio.memory.decisions.for_proposal(rejected.id)[0].note == "not like thi"
    assert queue.kept.read(rejected.id, "reject") == ""
    press(again, "c")
    again.press(ENTER)
    assert again.asking == "changes" and "Say what should change" in again.said


def test_what_others_decide_leaves_and_is_told(queue: Queue, studio: Studio) -> None:
    shown = queue.items[0]
    studio.decide(shown.id, "reject", shown.sha)
    press(queue, "a")  # the key was pressed before anybody saw it
    assert studio.show(shown.id).state == "rejected"
    assert "decided" in queue.said
    shown = queue.items[0]
    studio.decide(shown.id, "reject", shown.sha)
    queue.look()
    assert queue.said.startswith("You rejected this")


@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 16), (132, 40), (80, 8)])
def test_a_screen_holds_and_obeys_no_draft(studio: Studio, tmp_path: Path, width: int, height: int) -> None:
    post(studio, HOSTILE)
    queue = Queue(studio, Kept(tmp_path))
    queue.look()
    for key in ("", " ", "?", "x", "H", "w"):
        queue.press(key)
        drawn = draw(queue, width, height)
        plain = [Text.from_ansi(line).plain for line in drawn.split("\n")]
        assert len(plain) <= height
        assert max(map(cell_len, plain)) <= width
        assert not re.search(r"\x1b(?!\[[\d;]*m)|[\x07\r\x80-\x9f]", drawn)
    queue.press(ESCAPE)
    queue.press("k")
    text = "\n".join(Text.from_ansi(line).plain for line in draw(queue, 80, 24).split("\n"))
    assert "[red]not markup[/]" in text and "more lines: space" in text and KEYS[:30] in text


def test_keys_are_told_apart() -> None:
    assert first_key(b"\x1b[A\x1b[B") == ("up", b"\x1b[B")
    assert first_key("é!".encode()) == ("é", b"!")
    assert first_key(b"\x1b") == (ESCAPE, b"")
    assert first_key(b"\x1b[99~x") == ("", b"")
    assert first_key(b"\xff\xfea") == ("", b"\xfea")
    assert first_key(b"\x03") == (INTERRUPT, b"")


def test_a_real_terminal_is_given_back_as_it_was(studio: Studio) -> None:
    ids = [post(studio, f"The tin number {number} held tide tables.").id for number in range(2)]
    studio.close()
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    before = termios.tcgetattr(theirs)
    command = [sys.executable, "-c", "from app.cli import main; main()", "review", "--home", str(studio.settings.home)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ | {"TERM": "xterm"})
    seen = until(ours, "waits for you, this is 1|wait for you, this is 1")
    os.write(ours, b"h")
    seen += until(ours, "Held")
    os.write(ours, b"pasted: aaaaaaaa")
    seen += until(ours, "one key at a time")
    os.write(ours, b"\x03")
    seen += until(ours, "for you\\.")
    assert process.wait(30) == 0
    assert termios.tcgetattr(theirs)[:4] == before[:4]
    assert "\x1b[?1049l" in seen
    again = Studio.open(studio.settings)
    assert sorted(again.show(each).state for each in ids) == ["held", "waiting"]
    again.close()


def until(fd: int, pattern: str) -> str:
    seen, ends = "", time.monotonic() + 60
    while not re.search(pattern, Text.from_ansi(seen.replace("\r", "")).plain):
        assert time.monotonic() < ends, seen[-2000:]
        if select.select([fd], [], [], 0.2)[0]:
            seen += os.read(fd, 65536).decode("utf-8", "replace")
    return seen
