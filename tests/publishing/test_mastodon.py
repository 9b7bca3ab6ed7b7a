"""Mastodon, against a strict fake of ours: each post once, whatever is cut, killed, repeated or restored."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.drafts import Content
from core.errors import NotConnected
from publishing.connecting import MASTODON
from publishing.platforms.mastodon import Mastodon
from publishing.settling import same_account
from tests.fakes import http_fake
from tests.fakes.mastodon_fake import FakeMastodon
from tests.publishing.credentials import GivenCredentials
from tests.publishing.dying import die_at
from tests.publishing.making import INES, NOON, Clock
from tests.publishing.posting import ACCOUNT, Stage

PLACE = (INES.id, "mastodon", ACCOUNT)
TEXT = "Ingen eide tabellene 👩‍👩‍👧\n\nhttps://harbour.example/walk #Tidevann"
STATUSES, MEDIA = "POST /api/v1/statuses", "POST /api/v2/media"
EVERYWHERE = (
    "GET /api/v2/instance",
    "GET /api/v1/accounts/verify_credentials",
    MEDIA,
    "GET /api/v1/media/*",
    STATUSES,
)
UNCLEAR = (
    http_fake.unread(),
    http_fake.unprocessed(),
    http_fake.lost_answer(),
    http_fake.lost_answer(504),
    http_fake.late(50),
    http_fake.refuse(500),
    http_fake.refuse(503),
    http_fake.refuse(302, None, Location="/elsewhere"),
)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publishing.platforms.mastodon.WAITS", (0.0,) * 5)


@pytest.fixture
def mastodon(clock: Clock) -> Iterator[FakeMastodon]:
    with FakeMastodon(clock) as fake:
        yield fake


@pytest.fixture
def stage(tmp_path: Path, clock: Clock, mastodon: FakeMastodon) -> Iterator[Stage]:
    made = Stage(tmp_path / "home", clock, connected(mastodon), "mastodon", Mastodon)
    yield made
    made.memory.close()


def connected(mastodon: FakeMastodon) -> GivenCredentials:
    credentials = GivenCredentials()
    settings, facts = {"server": mastodon.base_url}, {"id": mastodon.account}
    credentials.connect(*PLACE, settings=settings, facts=facts, access_token=mastodon.token)
    return credentials


def test_the_approved_post_is_what_is_sent(stage: Stage, mastodon: FakeMastodon) -> None:
    row = stage.publish(stage.queue(Content(text=TEXT)))
    [call] = mastodon.calls(STATUSES)
    assert call.json == {"status": TEXT, "visibility": "public", "language": "en"}
    assert call.headers["Idempotency-Key"] == row.key == f"greenroom-{row.key[10:]}"
    assert call.bearer == mastodon.token
    [post] = mastodon.posts()
    assert (row.state, row.remote_id, row.published_at) == ("published", post["id"], NOON)
    assert row.url == f"{mastodon.base_url}/@ada/{post['id']}"
    assert mastodon.token not in json.dumps(row.model_dump(mode="json"))


def test_pictures_come_with_their_words_and_are_waited_for(stage: Stage, mastodon: FakeMastodon) -> None:
    mastodon.processing_polls = 2
    pictures = (stage.picture("A boat at low tide"), stage.picture("", "red"))
    row = stage.publish(stage.queue(Content(text=TEXT, pictures=pictures)))
    assert (row.state, row.reason) == ("published", "")
    assert mastodon.posts()[0]["media"] == ["A boat at low tide", None]
    assert [call.status for call in mastodon.calls("GET /api/v1/media/*")] == [206, 206, 200] * 2
    assert [media.data for media in mastodon.media.values()] == [
        stage.memory.files.read(INES.id, picture.sha256) for picture in pictures
    ]


def test_a_thread_replies_to_itself(stage: Stage, mastodon: FakeMastodon) -> None:
    first = stage.queue(Content(text="One\n\n---\n\nTwo\n\n---\n\nThree", pictures=(stage.picture("A boat"),)))
    stage.desk.publish_due()
    rows = stage.memory.publications.thread(first)
    one, two, three = mastodon.posts()
    assert [row.state for row in rows] == ["published"] * 3
    assert [post["text"] for post in (one, two, three)] == ["One", "Two", "Three"]
    assert (one["in_reply_to_id"], two["in_reply_to_id"], three["in_reply_to_id"]) == (None, one["id"], two["id"])
    assert [len(post["media"]) for post in (one, two, three)] == [1, 0, 0]
    assert len({row.key for row in rows}) == 3


def test_a_thread_whose_first_post_is_gone_stops(stage: Stage, mastodon: FakeMastodon) -> None:
    first = stage.queue(Content(text="One\n\n---\n\nTwo"))
    mastodon.script(STATUSES, http_fake.slow(0), http_fake.too_many(60))
    stage.desk.publish_due()
    stage.platform.delete(stage.row(first))
    stage.clock.pass_by(minutes=5)
    stage.desk.publish_due()
    second = stage.memory.publications.thread(first)[1]
    assert (second.state, "is gone" in second.reason) == ("rejected", True)
    assert mastodon.posts() == []


@pytest.mark.parametrize("fault", UNCLEAR, ids=lambda fault: fault.name)
@pytest.mark.parametrize("where", EVERYWHERE)
def test_whatever_is_lost_at_any_request_it_is_one_post(
    stage: Stage, mastodon: FakeMastodon, where: str, fault: http_fake.Fault
) -> None:
    mastodon.script(where, fault)
    row = stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))
    live = stage.until_published(row, rounds=5)
    assert (live.state, live.remote_id, mastodon.left) == ("published", mastodon.posts()[0]["id"], 0), live.reason
    assert [(post["text"], post["media"]) for post in mastodon.posts()] == [(TEXT, ["A boat"])]


def test_a_sender_killed_at_any_moment_leaves_one_post(stage: Stage, mastodon: FakeMastodon) -> None:
    moment = 1
    while True:
        row = stage.queue(Content(text=f"Killed at {moment}", pictures=(stage.picture("A boat"),)))
        if not die_at(stage, moment):
            break
        live = stage.until_published(row, rounds=5)
        assert live.state == "published", (moment, live.reason)
        stage.clock.pass_by(minutes=10)
        moment += 1
    assert moment == 17  # six requests and four commits
    texts = [post["text"] for post in mastodon.posts()]
    assert texts == [f"Killed at {number}" for number in range(1, moment + 1)]


def test_within_the_hour_a_repeat_is_answered_with_the_first_post(stage: Stage, mastodon: FakeMastodon) -> None:
    row = stage.publish(stage.queue(Content(text=TEXT)))
    again = stage.platform.send(row.request or {})
    assert (again.remote_id, again.at, len(mastodon.posts())) == (row.remote_id, NOON, 1)


def test_after_the_hour_reading_decides(stage: Stage, mastodon: FakeMastodon) -> None:
    """The machine slept for a day after the answer was lost: the key is forgotten, the post is not."""
    mastodon.script(STATUSES, http_fake.lost_answer())
    row = stage.queue(Content(text=TEXT))
    assert stage.publish(row).state == "unknown"
    stage.clock.pass_by(days=1)
    live = stage.publish(row)
    assert (live.state, live.published_at, len(mastodon.calls(STATUSES))) == ("published", NOON, 1)


def test_after_the_hour_what_never_arrived_goes_once(stage: Stage, mastodon: FakeMastodon) -> None:
    mastodon.script(STATUSES, http_fake.unprocessed())
    row = stage.queue(Content(text=TEXT))
    stage.publish(row)
    stage.clock.pass_by(hours=2)
    assert (stage.publish(row).state, len(mastodon.posts())) == ("published", 1)


def test_it_is_found_below_many_later_posts(stage: Stage, mastodon: FakeMastodon) -> None:
    mastodon.script(STATUSES, http_fake.lost_answer())
    row = stage.publish(stage.queue(Content(text=TEXT)))
    [first] = mastodon.statuses.values()
    for number in range(90):
        name = mastodon.new_id()
        mastodon.statuses[name] = replace(first, id=name, text=f"Later {number}")
    stage.clock.pass_by(minutes=10)
    assert (stage.publish(row).state, len(mastodon.posts())) == ("published", 91)


@pytest.mark.parametrize(
    "other",
    [
        {"status": TEXT + "!"},
        {"visibility": "unlisted"},
        {"spoiler_text": "Harbours"},
    ],
)
def test_what_only_looks_like_it_is_not_it(stage: Stage, mastodon: FakeMastodon, other: dict[str, Any]) -> None:
    mastodon.script(STATUSES, http_fake.unprocessed())
    row = stage.publish(stage.queue(Content(text=TEXT)))
    request = row.request or {}
    stage.platform.send({**request, "key": "another", "body": {**request["body"], **other}})
    assert stage.platform.look(row) is None


def test_two_posts_that_say_the_same_are_two(stage: Stage, mastodon: FakeMastodon) -> None:
    """A weekly post: the second's answer is lost, and the first must not stand in for it."""
    rows = [stage.queue(Content(text=TEXT)) for _ in range(2)]
    stage.publish(rows[0])
    mastodon.script(STATUSES, http_fake.unprocessed())
    stage.clock.pass_by(minutes=6)
    first, second = (stage.until_published(row, rounds=5) for row in rows)
    assert (first.state, second.state, len(mastodon.posts())) == ("published", "published", 2)
    assert first.remote_id != second.remote_id


def test_what_a_person_deleted_meanwhile_is_not_posted_again(stage: Stage, mastodon: FakeMastodon) -> None:
    """A repeat of a used key answers 404, which is no sign that nothing was there."""
    mastodon.script(STATUSES, http_fake.lost_answer())
    row = stage.publish(stage.queue(Content(text=TEXT)))
    mastodon.statuses.clear()
    left = stage.until_published(row, rounds=10)
    assert (left.state, mastodon.posts()) == ("needs_human", [])
    assert "has had this post already and it was deleted since" in left.reason


def test_a_restored_backup_finds_the_post_and_sends_nothing(
    stage: Stage, mastodon: FakeMastodon, tmp_path: Path
) -> None:
    row = stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))
    stage.memory.close()
    shutil.copytree(stage.home, tmp_path / "backup")
    first = stage.elsewhere(stage.home)
    live = first.publish(row)
    first.memory.close()
    stage.clock.pass_by(hours=3)
    restored = stage.elsewhere(tmp_path / "backup")
    restored.memory.quarantines.begin(restored_from="backup", backup_made_at=NOON)
    found = restored.until_published(row)
    assert (found.state, found.remote_id) == ("published", live.remote_id)
    assert (len(mastodon.posts()), len(mastodon.calls(STATUSES))) == (1, 1)
    restored.memory.close()


def test_a_no_to_the_first_attempt_is_a_no(stage: Stage, mastodon: FakeMastodon) -> None:
    mastodon.script(STATUSES, http_fake.refuse(422, {"error": "Validation failed: no"}))
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert (row.state, "Validation failed" in row.reason, mastodon.posts()) == ("rejected", True, [])


def test_a_no_to_a_repeat_is_read_back(stage: Stage, mastodon: FakeMastodon) -> None:
    """The first went out unseen, later than anybody waits; the second was refused: that is no failure."""
    mastodon.script(STATUSES, http_fake.late(400), http_fake.refuse(422, {"error": "no"}))
    row = stage.queue(Content(text=TEXT))
    stage.publish(row)
    stage.clock.pass_by(minutes=4)
    assert "A repeat was refused" in stage.publish(row).reason
    stage.clock.pass_by(minutes=5)
    assert (stage.publish(row).state, len(mastodon.posts())) == ("published", 1)


def test_its_own_429_is_waited_out(stage: Stage, mastodon: FakeMastodon) -> None:
    reset = (NOON + timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
    mastodon.script(STATUSES, http_fake.refuse(429, {"error": "Too many requests"}, X_RateLimit_Reset=reset))
    rows = [stage.queue(Content(text=TEXT)), stage.queue(Content(text="Another"))]
    stage.desk.publish_due()
    row, other = sorted((stage.row(row) for row in rows), key=lambda row: row.state)
    assert (row.state, row.not_before) == ("paused_quota", NOON + timedelta(minutes=5))
    assert (other.state, other.not_before) == ("scheduled", row.not_before)
    calls = len(mastodon.journal)
    stage.clock.pass_by(minutes=4)
    stage.desk.publish_due()
    assert len(mastodon.journal) == calls  # neither this one nor the other
    stage.clock.pass_by(minutes=1)
    assert stage.publish(row).state == "published"
    assert stage.until_published(other).state == "published"


def test_a_revoked_token_pauses_and_loses_nothing(stage: Stage, mastodon: FakeMastodon) -> None:
    mastodon.revoke(mastodon.token)
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert (row.state, "does not accept the access token (401)" in row.reason) == ("paused_auth", True)
    stage.credentials.connect(
        *PLACE, settings={"server": mastodon.base_url}, facts={"id": mastodon.account}, access_token=mastodon.grant()
    )
    assert (stage.until_published(row).state, len(mastodon.posts())) == ("published", 1)


def test_a_token_that_may_only_read_pauses(stage: Stage, mastodon: FakeMastodon) -> None:
    stage.credentials.connect(
        *PLACE,
        settings={"server": mastodon.base_url},
        facts={"id": mastodon.account},
        access_token=mastodon.grant("read"),
    )
    assert stage.publish(stage.queue(Content(text=TEXT))).state == "paused_auth"


def test_another_account_s_token_is_none(stage: Stage, mastodon: FakeMastodon) -> None:
    token = mastodon.grant(account="109302436954721999")
    for facts in ({"id": mastodon.account}, {}):
        stage.credentials.connect(*PLACE, settings={"server": mastodon.base_url}, facts=facts, access_token=token)
        row = stage.publish(stage.queue(Content(text=TEXT)))
        assert (row.state, "not of ines.example" in row.reason) == ("paused_auth", True)
    assert mastodon.calls(STATUSES) == []


def test_a_reconnection_to_another_account_does_not_get_the_repeat(stage: Stage, mastodon: FakeMastodon) -> None:
    mastodon.script(STATUSES, http_fake.unprocessed())
    row = stage.publish(stage.queue(Content(text=TEXT)))
    stage.credentials.known[PLACE] = {"id": "109302436954721999"}
    with pytest.raises(NotConnected, match="another account"):
        stage.platform.send(row.request or {})


@pytest.mark.parametrize(
    ("limit", "content", "words"),
    [
        ("max_characters", Content(text="x" * 21), "takes 20 characters; this has 21"),
        ("description_limit", Content(text="x"), "takes 20 characters of alt text for picture 1; this has 28"),
        ("image_size_limit", Content(text="x"), "takes 20 bytes for picture 1"),
    ],
)
def test_what_the_instance_would_refuse_is_not_even_uploaded(
    stage: Stage, mastodon: FakeMastodon, limit: str, content: Content, words: str
) -> None:
    setattr(mastodon, limit, 20)
    picture = stage.picture("A boat, and a boat, and more")
    row = stage.publish(stage.queue(content.model_copy(update={"pictures": (picture,)})))
    assert (row.state, words in row.reason) == ("needs_human", True), row.reason
    assert [call.path for call in mastodon.journal] == ["/api/v2/instance"]


def test_a_larger_instance_takes_more(stage: Stage, mastodon: FakeMastodon) -> None:
    mastodon.max_characters = 5000
    assert stage.publish(stage.queue(Content(text="x" * 4999))).state == "published"


def test_an_upload_that_was_thrown_away_is_made_anew(stage: Stage, mastodon: FakeMastodon) -> None:
    mastodon.script(STATUSES, http_fake.too_many(86000))
    row = stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))
    assert stage.publish(row).state == "paused_quota"
    mastodon.media.clear()
    stage.clock.pass_by(days=1)
    live = stage.until_published(row)
    assert (live.state, mastodon.posts()[0]["media"]) == ("published", ["A boat"])
    assert len(mastodon.calls(MEDIA)) == 2


def test_uploads_that_are_still_there_are_used_again(stage: Stage, mastodon: FakeMastodon) -> None:
    mastodon.script(STATUSES, http_fake.too_many(60))
    row = stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))
    stage.until_published(row)
    assert (len(mastodon.posts()), len(mastodon.calls(MEDIA))) == (1, 1)


def test_a_picture_that_takes_long_is_tried_again_later(
    stage: Stage, mastodon: FakeMastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publishing.platforms.mastodon.WAITS", (0.0, 0.0))
    mastodon.processing_polls = 4
    row = stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))
    assert (stage.publish(row).state, "still at work" in stage.row(row).reason) == ("scheduled", True)
    stage.clock.pass_by(minutes=2)
    assert (stage.publish(row).state, len(mastodon.calls(MEDIA))) == ("published", 1)


def test_pictures_that_are_missing_from_a_live_post_are_said(stage: Stage, mastodon: FakeMastodon) -> None:
    row = stage.publish(stage.queue(Content(text=TEXT)))
    request = row.request or {}
    told = stage.platform.send({**request, "body": {**request["body"], "media_ids": ["1"]}})
    assert "live with 0 of its 1 pictures" in told.note


def test_deleting_twice_is_fine(stage: Stage, mastodon: FakeMastodon) -> None:
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert stage.desk.delete(row.id).state == "deleted"
    assert mastodon.posts() == []
    stage.platform.delete(row)


def test_a_test_says_who_it_is_and_what_the_instance_takes(stage: Stage, mastodon: FakeMastodon) -> None:
    mastodon.max_characters = 1312
    seen = stage.platform.test(INES.id, ACCOUNT)
    assert seen.account == "@ada@fake.example" and same_account("@ada", "@ada@fake.example") is False
    assert same_account("@ada@fake.example", seen.account)
    assert seen.facts == {
        "id": mastodon.account,
        "max_characters": 1312,
        "max_media": 4,
        "link_counts": 23,
        "description_limit": 1500,
        "image_bytes": 16 * 1024 * 1024,
    }
    assert mastodon.calls(STATUSES) == []


def test_what_is_asked_for_is_what_is_needed(stage: Stage) -> None:
    assert {field.name for field in MASTODON.plain} == set(stage.credentials.connections[PLACE])
    assert {field.name for field in MASTODON.secrets} == set(stage.credentials.secrets[PLACE].values)


def test_a_server_without_encryption_gets_no_token(stage: Stage) -> None:
    stage.credentials.connections[PLACE]["server"] = "http://mastodon.example"
    with pytest.raises(NotConnected, match="no encryption"):
        stage.platform.test(INES.id, ACCOUNT)


def test_times_are_aware(stage: Stage) -> None:
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert datetime.fromisoformat((row.request or {})["since"]).tzinfo == UTC
