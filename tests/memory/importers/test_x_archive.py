import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from memory.importers import Failure, collect
from tests.memory.importers.packing import bodies, left_out, script, unpacked, zipped

ACCOUNT = [
    {"account": {"email": "i@t.example", "username": "tidewater", "accountId": "77", "accountDisplayName": "Ines"}}
]


def tweet(number: int, text: str, **more: Any) -> dict[str, Any]:
    entities = {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []}
    return {
        "tweet": {
            "id_str": str(number), "id": str(number), "full_text": text, "truncated": False, "lang": "en",
            "created_at": f"Sun Oct 06 08:00:{number % 60:02d} +0000 2024", "retweeted": False, "favorite_count": "3",
            "entities": entities | more.pop("entities", {}), **more,
        }
    }  # fmt: skip


def reply(number: int, text: str, to: int, whom: str = "77") -> dict[str, Any]:
    return tweet(number, text, in_reply_to_status_id_str=str(to), in_reply_to_user_id_str=whom)


def archive(*parts: list[dict[str, Any]], notes: list[Any] | None = None) -> dict[str, str]:
    names = ["data/tweets.js", *(f"data/tweets-part{n}.js" for n in range(1, len(parts)))]
    files = {name: script("tweets", n, rows) for n, (name, rows) in enumerate(zip(names, parts, strict=True))}
    return files | {
        "data/account.js": script("account", 0, ACCOUNT),
        "data/note-tweet.js": script("note_tweet", 0, notes or []),
        "data/direct-messages.js": script("direct_messages", 0, [{"dmConversation": {"text": "private"}}]),
        "data/deleted-tweets.js": script("deleted_tweets", 0, [tweet(5, "Taken back.")]),
        "data/README.txt": "This is what X writes about the archive.",
        "Your archive.html": "<html><body><p>A viewer.</p></body></html>",
        "assets/js/main.js": "x",
    }


def test_takes_own_posts_with_links_as_they_lead(tmp_path: Path) -> None:
    post = tweet(
        100, "Fog &amp; horn: https://t.co/a #fog https://t.co/m",
        entities={
            "urls": [{"url": "https://t.co/a", "expanded_url": "https://t.example/fog", "display_url": "t.example/fog"}],
            "hashtags": [{"text": "fog", "indices": ["3", "7"]}],
            "media": [{"url": "https://t.co/m", "media_url_https": "https://x/m.jpg"}],
        },
        extended_entities={"media": [{"url": "https://t.co/m", "ext_alt_text": "A pier in fog"}]},
    )  # fmt: skip
    harvest = collect([zipped(tmp_path / "twitter-2024.zip", archive([post]))])
    assert harvest.failed == []
    (piece,) = harvest.pieces
    assert piece.model_dump() == {
        "source": "x:100",
        "title": "",
        "body": "Fog & horn: https://t.example/fog #fog",
        "format": "x",
        "published_at": datetime(2024, 10, 6, 8, 0, 40, tzinfo=UTC),
        "authors": ("Ines",),
        "tags": ("fog",),
        "excerpt": "",
        "url": "https://x.com/tidewater/status/100",
        "language": "en",
        "license": None,
        "extra": {"pictures": 1, "likes": "3", "alt texts": ["A pier in fog"]},
    }


def test_joins_threads_across_parts_and_leaves_out_what_is_no_writing_of_ones_own(tmp_path: Path) -> None:
    first = [
        reply(12, "@tidewater Three.", 11), tweet(10, "One."), reply(11, "Two.", 10),
        tweet(20, "RT @leif: Not mine."), reply(30, "@leif Yes.", 29, "88"), reply(31, "And more.", 30),
        tweet(40, "https://t.co/m", entities={"media": [{"url": "https://t.co/m"}]}),
        tweet(50, "Old", edit_info={"initial": {"editTweetIds": ["50", "51"]}}),
        tweet(51, "New", edit_info={"edit": {"initialTweetId": "50", "editControlInitial": {"editTweetIds": ["50", "51"]}}}),
    ]  # fmt: skip
    path = zipped(tmp_path / "x.zip", archive(first, [reply(13, "Four.", 12), reply(61, "Its start is gone.", 60)]))
    assert bodies(path) == {
        "x:10": "One.\n\nTwo.\n\nThree.\n\nFour.", "x:51": "New", "x:61": "Its start is gone.",
    }  # fmt: skip
    harvest = collect([path])
    assert left_out(harvest) == {
        "reposts of others": 1, "replies to others": 2, "posts without words": 1, "earlier versions of edited posts": 1,
    }  # fmt: skip
    assert harvest.pieces[0].extra["posts"] == 4


def test_a_long_post_is_taken_in_full(tmp_path: Path) -> None:
    long = "Start of a long note about the harbour that goes on and on. " * 6 + "https://t.co/b"
    note = {"noteTweet": {
        "noteTweetId": "999", "createdAt": "2024-10-06T08:00:07.000Z", "updatedAt": "2024-10-06T08:00:07.000Z",
        "core": {"text": long, "urls": [{"shortUrl": "https://t.co/b", "expandedUrl": "https://t.example/b"}]},
    }}  # fmt: skip
    other = {
        "noteTweet": {"noteTweetId": "998", "createdAt": "2024-10-06T08:00:07.000Z", "core": {"text": "Another one."}}
    }
    path = zipped(tmp_path / "x.zip", archive([tweet(67, long[:270] + "… https://t.co/xx")], notes=[other, note]))
    assert bodies(path) == {"x:67": long.replace("https://t.co/b", "https://t.example/b")}
    assert left_out(collect([path])) == {"long posts whose short form is not in the archive": 1}


def test_unpacked_named_alone_or_without_an_account_it_is_the_same(tmp_path: Path) -> None:
    files = archive([tweet(1, "One."), reply(2, "Two.", 1)])
    folder = unpacked(tmp_path / "twitter", files)
    for path in (folder, folder / "data", folder / "data/tweets.js"):
        assert bodies(path) == {"x:1": "One.\n\nTwo."}
    (folder / "data/account.js").unlink()
    assert bodies(folder) == {"x:1": "One.\n\nTwo."}
    assert bodies(unpacked(tmp_path / "old", {"tweet.js": script("tweet", 0, [tweet(3, "Old.")])})) == {"x:3": "Old."}


def test_bad_entries_and_a_broken_file_are_named(tmp_path: Path) -> None:
    broken = (
        "window.YTD.tweets.part0 = [\n" + json.dumps(tweet(1, "One.")) + ',\n7,\n{"tweet": {}},\n{"tweet": nonsense}]'
    )
    path = unpacked(tmp_path / "x", {"data/tweets.js": broken})
    harvest = collect([path])
    assert [piece.body for piece in harvest.pieces] == ["One."]
    file = path / "data/tweets.js"
    assert harvest.failed == [
        Failure(f"{file}:3", "is no entry"),
        Failure(f"{file}:4", "is a post without a number or a text"),
        Failure(f"{file}:5", "is not valid JSON (Expecting value)"),
    ]
