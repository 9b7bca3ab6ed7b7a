from datetime import UTC, datetime
from pathlib import Path

from memory.importers import collect
from tests.memory.importers.packing import left_out, unpacked, zipped

HEADER = (
    "Video ID,Approx Duration (ms),Video Audio Language,Video Category,Video Description (Original),Channel ID,"
    "Tag 1,Tag 2,Video Title (Original),Privacy,Video State,Video Create Timestamp,Video Publish Timestamp\n"
)


def row(id: str, title: str, privacy: str = "Public", description: str = "", language: str = "en") -> str:
    stamp = "2024-10-06T08:00:00+00:00"
    return f'{id},60000,{language},People,"{description}",UC1,fog,horn,"{title}",{privacy},Processed,{stamp},{stamp}\n'


SBV = "0:00:00.599,0:00:04.160\nTwo blasts mean\nI am turning.\n\n0:00:08.000,0:00:09.000\nOne means wait.\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\nHello from the pier.\n"
TOP = "Takeout/YouTube and YouTube Music/"
FILES = {
    f"{TOP}video metadata/videos.csv": HEADER
    + row("aaaaaaaaaaa", "Fog: what it means", description="About fog.\nhttps://t.example")
    + row("bbbbbbbbbbb", "Kelp", description="Brown and wet.")
    + row("ccccccccccc", "Secret", "Unlisted") + row("ddddddddddd", "Mine", "Private")
    + row("eeeeeeeeeee", "Only a title") + row("fffffffffff", "By number"),
    f"{TOP}channels/channel.csv": "Channel ID,Channel Title (Original),Channel Visibility\nUC1,Tidewater Films,Public\n",
    f"{TOP}videos/Fog_ what it means.sbv": SBV,
    f"{TOP}videos/Fog_ what it means.nb.srt": SRT,
    f"{TOP}videos/fffffffffff.en.srt": SRT,
    f"{TOP}videos/Secret.srt": SRT,
    f"{TOP}videos/Another day.srt": SRT,
    f"{TOP}videos/Fog_ what it means.mp4": b"\x00",
    f"{TOP}history/watch-history.html": "<html><body><p>Watched something.</p></body></html>",
    f"{TOP}comments/comments.csv": "Comment ID,Comment Text\n1,Nice\n",
    f"{TOP}subscriptions/subscriptions.csv": "Channel Id,Channel Title\nUC2,Leif\n",
}  # fmt: skip


def test_takes_public_videos_with_their_captions(tmp_path: Path) -> None:
    harvest = collect([zipped(tmp_path / "takeout-20241006-001.zip", FILES)])
    assert harvest.failed == []
    found = {piece.source: piece for piece in harvest.pieces}
    fog = found["youtube:aaaaaaaaaaa"].model_dump()
    assert fog | {"extra": {}} == {
        "source": "youtube:aaaaaaaaaaa",
        "title": "Fog: what it means",
        "body": "Two blasts mean I am turning.\n\nOne means wait.",
        "format": "youtube",
        "published_at": datetime(2024, 10, 6, 8, tzinfo=UTC),
        "authors": ("Tidewater Films",),
        "tags": ("fog", "horn"),
        "excerpt": "About fog. https://t.example",
        "url": "https://www.youtube.com/watch?v=aaaaaaaaaaa",
        "language": "en",
        "license": None,
        "extra": {},
    }
    assert fog["extra"]["timestamps"] == [[0.599, 0], [8.0, 31]]
    assert {key: piece.body for key, piece in found.items() if key != "youtube:aaaaaaaaaaa"} == {
        "youtube:bbbbbbbbbbb": "Brown and wet.",
        "youtube:eeeeeeeeeee": "Only a title",
        "youtube:fffffffffff": "Hello from the pier.",
        f"takeout-20241006-001.zip/{TOP}videos/Another day.srt": "Hello from the pier.",
    }
    assert left_out(harvest) == {"unlisted videos": 1, "private videos": 1, "captions in a further language": 1}


def test_unpacked_from_any_of_its_folders(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "t", FILES)
    for path in (folder, folder / "Takeout", folder / TOP):
        assert {p.source for p in collect([path]).pieces if p.source.startswith("youtube:")} == {
            f"youtube:{letter * 11}" for letter in "abef"
        }
    alone = collect([folder / TOP / "video metadata/videos.csv"]).pieces
    assert [piece.body for piece in alone][:2] == ["About fog.\nhttps://t.example", "Brown and wet."]
