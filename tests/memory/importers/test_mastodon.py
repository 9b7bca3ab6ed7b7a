import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from memory.importers import Failure, collect
from tests.memory.importers.packing import bodies, left_out, tarred, unpacked, zipped

ME = "https://fjord.example/users/ines"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACTOR = {
    "@context": ["https://www.w3.org/ns/activitystreams"], "id": ME, "type": "Person", "preferredUsername": "ines",
    "name": "Ines Dahl", "outbox": "outbox.json", "likes": "likes.json", "icon": {"type": "Image", "url": "avatar.png"},
}  # fmt: skip


def create(number: int, content: str, **more: Any) -> dict[str, Any]:
    to, cc = more.pop("to", [PUBLIC]), more.pop("cc", [f"{ME}/followers"])
    note = {
        "id": f"{ME}/statuses/{number}", "type": "Note", "summary": None, "inReplyTo": None,
        "published": f"2024-10-06T08:00:{number:02d}Z", "url": f"https://fjord.example/@ines/{number}", "attributedTo": ME,
        "to": to, "cc": cc, "sensitive": False, "content": content, "contentMap": {"en": content}, "attachment": [],
        "tag": [], **more,
    }  # fmt: skip
    return {"id": f"{note['id']}/activity", "type": "Create", "actor": ME, "to": to, "cc": cc, "object": note}


def answer(number: int, content: str, to: str) -> dict[str, Any]:
    return create(number, content, inReplyTo=to)


def boost(number: int) -> dict[str, Any]:
    target = "https://elsewhere.example/users/leif/statuses/1"
    return {"id": f"{ME}/statuses/{number}/activity", "type": "Announce", "actor": ME, "object": target, "to": [PUBLIC]}


def archive(*items: Any) -> dict[str, str | bytes]:
    outbox = {
        "@context": "https://www.w3.org/ns/activitystreams", "id": "outbox.json", "type": "OrderedCollection",
        "totalItems": len(items), "orderedItems": list(items),
    }  # fmt: skip
    likes = {"id": "likes.json", "type": "OrderedCollection", "orderedItems": ["https://elsewhere.example/1"]}
    return {
        "outbox.json": json.dumps(outbox), "actor.json": json.dumps(ACTOR), "likes.json": json.dumps(likes),
        "bookmarks.json": json.dumps(likes), "avatar.png": b"\x89PNG", "media_attachments/files/1/a.jpg": b"\xff\xd8",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["archive-20241006-ab.tar.gz", "archive.tar", "archive-20241006-ab.zip"])
def test_takes_a_post_with_all_that_it_says(tmp_path: Path, name: str) -> None:
    content = '<p>Fog.<br>Two blasts. <a href="#" class="hashtag">#<span>fog</span></a></p><p>Wet.</p>'
    post = create(
        1, content, summary="weather", tag=[{"type": "Hashtag", "name": "#fog"}, {"type": "Mention", "name": "@a"}],
        attachment=[{"type": "Document", "mediaType": "image/jpeg", "url": "/media_attachments/a.jpg", "name": "A pier"}],
    )  # fmt: skip
    pack = zipped if name.endswith("zip") else tarred
    harvest = collect([pack(tmp_path / name, archive(post))])
    assert harvest.failed == []
    (piece,) = harvest.pieces
    assert piece.model_dump() == {
        "source": f"mastodon:{ME}/statuses/1",
        "title": "",
        "body": "Fog.\nTwo blasts. #fog\n\nWet.",
        "format": "mastodon",
        "published_at": datetime(2024, 10, 6, 8, 0, 1, tzinfo=UTC),
        "authors": ("Ines Dahl",),
        "tags": ("fog",),
        "excerpt": "",
        "url": "https://fjord.example/@ines/1",
        "language": "en",
        "license": None,
        "extra": {"content warning": "weather", "pictures": 1, "alt texts": ["A pier"]},
    }


def test_joins_threads_and_leaves_out_what_is_private_or_not_ones_own(tmp_path: Path) -> None:
    own = f"{ME}/statuses/"
    path = unpacked(
        tmp_path / "mastodon",
        archive(
            create(1, "<p>One.</p>"), answer(2, "<p>Two.</p>", f"{own}1"), answer(3, "<p>Three.</p>", f"{own}2"),
            boost(4), answer(5, "<p>Yes.</p>", "https://elsewhere.example/users/leif/statuses/1"),
            answer(6, "<p>And.</p>", f"{own}5"), create(7, "<p>For few.</p>", to=[f"{ME}/followers"], cc=[]),
            create(8, "<p>For one.</p>", to=["https://elsewhere.example/users/leif"], cc=[]),
            create(9, "<p>Unlisted.</p>", to=[f"{ME}/followers"], cc=[PUBLIC]), create(10, ""),
            create(11, "<p>Tea?</p>", type="Question", oneOf=[{"type": "Note", "name": "Yes"}, {"name": "No"}]),
            {"type": "Delete", "object": own},
        ),
    )  # fmt: skip
    assert bodies(path) == {
        f"mastodon:{own}1": "One.\n\nTwo.\n\nThree.",
        f"mastodon:{own}9": "Unlisted.",
        f"mastodon:{own}11": "Tea?\n\n- Yes\n\n- No",
    }
    assert left_out(collect([path])) == {
        "boosts of others' posts": 1, "replies to others": 2, "posts for followers or single people": 2,
        "posts without text": 1, "activities that are no posts": 1,
    }  # fmt: skip


def test_a_thread_that_grew_is_the_same_work(tmp_path: Path) -> None:
    first = bodies(zipped(tmp_path / "a.zip", archive(create(1, "<p>One.</p>"))))
    grown = archive(create(1, "<p>One.</p>"), answer(2, "<p>Two.</p>", f"{ME}/statuses/1"))
    later = bodies(zipped(tmp_path / "b.zip", grown))
    assert first.keys() == later.keys()


def test_a_bad_entry_is_one_failure_and_a_cut_file_keeps_what_came_before(tmp_path: Path) -> None:
    files = archive(create(1, "<p>One.</p>"), create(2, "<p>Two.</p>", id=""), 7)
    path = unpacked(tmp_path / "a", files)
    harvest = collect([path])
    assert [piece.body for piece in harvest.pieces] == ["One."]
    assert harvest.failed == [Failure(f"{path}/outbox.json:1", "is a post without an id")]
    whole = json.dumps(json.loads(files["outbox.json"]), indent=1)
    (path / "outbox.json").write_text(whole[: whole.index('"Two.') if '"Two.' in whole else whole.index("Two.")])
    harvest = collect([path])
    assert [piece.body for piece in harvest.pieces] == ["One."]
    assert "is not valid JSON (Unterminated string" in harvest.failed[0].error
    assert harvest.failed[0].path.startswith(f"{path}/outbox.json:")


def test_an_outbox_alone_names_no_author(tmp_path: Path) -> None:
    files = archive(create(1, "<p>One.</p>"))
    del files["actor.json"]
    (piece,) = collect([unpacked(tmp_path / "a", files)]).pieces
    assert piece.authors == ()
