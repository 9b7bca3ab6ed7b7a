import json
from pathlib import Path

import pytest

from memory.importers import Failure, collect
from tests.memory.importers.packing import unpacked, zipped

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Slow harbour</title><language>en</language>
{items}</channel></rss>"""
ITEM = """<item><title>Episode {n}</title><guid isPermaLink="false">ep-{n}</guid><description>&lt;p&gt;Notes {n}.&lt;/p&gt;
</description><enclosure url="https://cdn.example/ep{n}.mp3" length="1" type="audio/mpeg"/>{more}</item>"""
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ines>Good evening.\n\n00:05.000 --> 00:06.000\n<v Odd>It rained.\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\nFrom the SRT.\n"


def transcript(url: str, kind: str = "text/vtt") -> str:
    return f'<podcast:transcript url="{url}" type="{kind}"/>'


def feed(*more: str) -> str:
    return FEED.format(items="".join(ITEM.format(n=n, more=each) for n, each in enumerate(more, start=1)))


@pytest.mark.parametrize("packed", [False, True])
def test_what_was_said_is_the_piece_and_the_notes_its_excerpt(tmp_path: Path, packed: bool) -> None:
    files = {
        "show/feed.xml": feed(
            transcript("https://cdn.example/t/ep1.srt", "application/srt") + transcript("https://cdn.example/t/ep1.vtt"),
            "",
            transcript("https://cdn.example/t/ep3.vtt"),
        ),
        "show/t/ep1.vtt": VTT, "show/t/ep1.srt": SRT, "show/other.vtt": VTT,
    }  # fmt: skip
    path = zipped(tmp_path / "show.zip", files) if packed else unpacked(tmp_path / "all", files)
    harvest = collect([path])
    assert (harvest.failed, harvest.left_out) == ([], ())
    top = "show.zip/" if packed else ""
    found = {piece.source.removeprefix(top): piece for piece in harvest.pieces}
    first = found["show/feed.xml#ep-1"]
    assert (first.title, first.excerpt, first.format) == ("Episode 1", "Notes 1.", "feed")
    assert first.body == "**Ines:** Good evening.\n\n**Odd:** It rained."
    assert first.extra["audio"] == "https://cdn.example/ep1.mp3"
    assert first.extra["speakers"] == ["Ines", "Odd"]
    assert first.extra["transcript"] == f"{top}show/t/ep1.vtt"
    assert [found[f"show/feed.xml#ep-{n}"].body for n in (2, 3)] == ["Notes 2.", "Notes 3."]
    # The better one is used, another of the same episode is a file like any other, as is what no feed names.
    assert set(found) - {f"show/feed.xml#ep-{n}" for n in (1, 2, 3)} == {"show/other.vtt", "show/t/ep1.srt"}


@pytest.mark.parametrize(
    ("name", "content", "body"),
    [
        ("1.srt", SRT, "From the SRT."),
        ("1.txt", "Title\n\nPlain words.", "Plain words."),
        ("1.html", "<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        (
            "1.json",
            json.dumps({"version": "1.0.0", "segments": [
                {"speaker": "Ines", "startTime": 0, "endTime": 1, "body": "Good"}, {"speaker": "Ines", "body": "evening."},
                {"speaker": "Odd", "body": "It rained."}, 7,
            ]}),
            "**Ines:** Good evening.\n\n**Odd:** It rained.",
        ),
    ],
)  # fmt: skip
def test_every_form_of_transcript(tmp_path: Path, name: str, content: str, body: str) -> None:
    folder = unpacked(tmp_path / "a", {"feed.rss": feed(transcript(f"https://cdn.example/x/{name}")), name: content})
    assert [piece.body for piece in collect([folder / "feed.rss"]).pieces] == [body]
    assert [piece.body for piece in collect([folder]).pieces] == [body]


def test_a_bad_transcript_is_one_failure_and_the_notes_stay(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "a", {"feed.xml": feed(transcript("https://c.example/1.vtt")), "1.vtt": "WEBVTT\n"})
    harvest = collect([folder])
    assert [piece.body for piece in harvest.pieces] == ["Notes 1."]
    assert harvest.failed == [Failure(f"{folder}/1.vtt", "has no cues with times and text")]


def test_an_address_leads_to_no_other_folder(tmp_path: Path) -> None:
    unpacked(tmp_path, {"secret.txt": "Secret.", "a/feed.xml": feed(transcript("https://c.example/../../secret.txt"))})
    assert [piece.body for piece in collect([tmp_path / "a"]).pieces] == ["Notes 1."]
