from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import BadInput
from tests.memory.importers.helpers import piece_of

VTT = """\ufeffWEBVTT - The horn at Færder
Language: en

NOTE recorded on deck

STYLE
::cue { color: red }

intro
00:00:01.000 --> 00:00:04.000 align:start position:0%
<v Ines Dahl>It is <i>early</i>.
The quay is wet.</v>

00:00:04.500 --> 00:00:06.000
<v.loud Ines Dahl>Nobody is up.</v>

00:00:09.000 --> 00:00:11.000
<v Ines Dahl>Then the horn.</v>

01:00:12.000 --> 01:00:14.500
<v Leif &amp; Co>Two blasts.</v> <v Ines Dahl>Two.
"""

SRT = """1\r
00:00:01,000 --> 00:00:03,000\r
INES: Good morning.\r
\r
2\r
00:00:03,200 --> 00:00:05,000\r
- LEIF: <i>Morning.</i>\r
{\\an8}It is low water.\r
\r
3\r
00:00:05,100 --> 00:00:07,000\r
Remember: mind the step.\r
\r
4\r
00:00:07,100 --> 00:00:08,000\r
INES: I will.\r
\r
5\r
00:00:08,100 --> 00:00:09,000\r
LEIF: Good.\r
"""


def test_reads_voices_pauses_and_times(tmp_path: Path) -> None:
    piece = piece_of(tmp_path, "2025-03-09-horn.vtt", VTT)
    assert piece.title == "The horn at Færder"
    assert piece.body == (
        "**Ines Dahl:** It is early. The quay is wet. Nobody is up.\n\nThen the horn.\n\n"
        "**Leif & Co:** Two blasts.\n\n**Ines Dahl:** Two."
    )
    assert (piece.format, piece.language, piece.extra["speakers"]) == ("transcript", "en", ["Ines Dahl", "Leif & Co"])
    assert piece.published_at == datetime(2025, 3, 9, tzinfo=UTC)
    assert [(start, piece.body[offset:].split()[0]) for start, offset in piece.extra["timestamps"]] == [
        (1.0, "It"), (4.5, "Nobody"), (9.0, "Then"), (3612.0, "Two"), (3612.0, "Two."),
    ]  # fmt: skip


def test_reads_names_before_colons_only_if_they_return(tmp_path: Path) -> None:
    piece = piece_of(tmp_path, "low-water.srt", SRT)
    assert piece.title == "Low water"
    assert piece.body == (
        "**INES:** Good morning.\n\n**LEIF:** Morning. It is low water. Remember: mind the step.\n\n"
        "**INES:** I will.\n\n**LEIF:** Good."
    )


def test_drops_what_rolling_captions_say_twice(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nthe ferry leaves at six\n\n"
        "00:02.000 --> 00:03.000\nthe ferry leaves at six\nfrom<00:02.500><c> the outer quay</c>\n\n"
        "00:03.000 --> 00:04.000\nfrom the outer quay\nno\n\n00:04.000 --> 00:05.000\nno\n"
    )
    assert piece_of(tmp_path, "a.vtt", text).body == "the ferry leaves at six from the outer quay no no"


def test_long_speech_gets_paragraphs_at_sentence_ends(tmp_path: Path) -> None:
    cues = (f"{n}\n00:{n:02}:00,000 --> 00:{n:02}:59,500\n" + f"word{n} " * 59 + "end." for n in range(5))
    paragraphs = piece_of(tmp_path, "a.srt", "\n\n".join(cues)).body.split("\n\n")
    assert [len(paragraph.split()) for paragraph in paragraphs] == [120, 120, 60]


@pytest.mark.parametrize("text", ["WEBVTT\n\nNOTE nothing\n", "just words", "1\n00:00:01,000 --> 00:00:02,000\n\n"])
def test_refuses_a_file_without_cues(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match="has no cues"):
        piece_of(tmp_path, "a.srt", text)
