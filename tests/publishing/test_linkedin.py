"""LinkedIn, against a strict fake of ours: the whole text, each post once, and a repeat as the only proof there is."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.drafts import Content
from core.errors import NotConnected, Unknown
from core.linkedin import RESERVED, escape
from publishing.connecting import LINKEDIN
from publishing.credentials import Secret
from publishing.linkedin.answers import made_at
from publishing.platforms.linkedin import LinkedIn
from tests.fakes import http_fake
from tests.fakes.linkedin_fake import FakeLinkedIn
from tests.fakes.linkedin_text import understood
from tests.publishing.credentials import GivenCredentials
from tests.publishing.dying import die_at
from tests.publishing.making import INES, NOON, Clock
from tests.publishing.posting import ACCOUNT, Stage
from tests.publishing.vaults import vault

PLACE = (INES.id, "linkedin", ACCOUNT)
TEXT = "Who owns the tide tables? (Nobody.) [*] {a|b} <c> @d #e _f_ ~g~ \\h 👩‍👩‍👧"
POSTS, IMAGES = "POST /rest/posts", "POST /rest/images"
EVERYWHERE = (IMAGES, "PUT /dms-uploads/*", "GET /rest/images/*", POSTS, "GET /rest/posts/*")
UNCLEAR = (
    http_fake.unread(),
    http_fake.unprocessed(),
    http_fake.lost_answer(),
    http_fake.lost_answer(504),
    http_fake.late(60),
    http_fake.refuse(500),
    http_fake.refuse(503),
)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publishing.platforms.linkedin.WAITS", (0.0,) * 5)


@pytest.fixture
def linkedin(clock: Clock) -> Iterator[FakeLinkedIn]:
    with FakeLinkedIn(clock) as fake:
        yield fake


@pytest.fixture
def stage(tmp_path: Path, clock: Clock, linkedin: FakeLinkedIn) -> Iterator[Stage]:
    credentials = GivenCredentials()
    credentials.connect(*PLACE, settings=plain(linkedin), **secrets(linkedin))
    made = opened(tmp_path / "home", clock, credentials, linkedin)
    yield made
    made.memory.close()


def opened(home: Path, clock: Clock, credentials: GivenCredentials, linkedin: FakeLinkedIn) -> Stage:
    host = linkedin.base_url
    return Stage(home, clock, credentials, "linkedin", lambda backstage: LinkedIn(backstage, host, host))


def plain(linkedin: FakeLinkedIn) -> dict[str, str]:
    author = f"urn:li:person:{linkedin.person}"
    return {"author": author, "client_id": linkedin.client_id, "version": linkedin.versions()[1]}


def secrets(linkedin: FakeLinkedIn) -> dict[str, str]:
    tokens = {"access_token": linkedin.token, "refresh_token": linkedin.refresh_token}
    return {**tokens, "client_secret": linkedin.client_secret}


def test_the_approved_post_is_what_is_sent(stage: Stage, linkedin: FakeLinkedIn) -> None:
    row = stage.publish(stage.queue(Content(text=TEXT)))
    [call] = linkedin.calls(POSTS)
    assert call.json == {
        "author": "urn:li:person:yrZCpj2Z12",
        "commentary": escape(TEXT),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    assert (call.headers["LinkedIn-Version"], call.headers["X-Restli-Protocol-Version"]) == ("202610", "2.0.0")
    [post] = linkedin.posts()
    assert (row.state, row.remote_id, post["text"]) == ("published", post["urn"], TEXT)
    assert row.url == f"https://www.linkedin.com/feed/update/{post['urn']}"
    assert not any(secret in json.dumps(row.model_dump(mode="json")) for secret in secrets(linkedin).values())


@given(text=st.text(st.sampled_from(sorted(RESERVED) + list("ab \n#é👩‍👩‍👧ก\u0301")), min_size=1, max_size=80))
@settings(max_examples=300)
def test_every_text_comes_out_whole(text: str) -> None:
    """What LinkedIn's own format reads of what we send is the approved text: nothing is cut, nothing becomes a link."""
    assert understood(escape(text)) == (escape(text), text)


@given(text=st.text(st.sampled_from(sorted(RESERVED) + list("ab é👩ก")), min_size=1, max_size=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_text_arrives_whole(stage: Stage, linkedin: FakeLinkedIn, text: str) -> None:
    text = f"{len(linkedin.posts())}: {text}."
    row = stage.queue(Content(text=text))
    stage.clock.pass_by(hours=1)
    linkedin.grants[linkedin.token].until = stage.clock() + timedelta(days=60)
    live = stage.publish(row)
    assert (live.state, linkedin.posts()[-1]["text"], live.reason) == ("published", live.request["payload"]["text"], "")
    linkedin._posted.clear()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_pictures_come_with_their_words(stage: Stage, linkedin: FakeLinkedIn, number: int) -> None:
    pictures = tuple(stage.picture(f"A boat at {n}", size=(8 + n, 8)) for n in range(number))
    row = stage.publish(stage.queue(Content(text=TEXT, pictures=pictures)))
    assert row.state == "published", row.reason
    assert [each["alt"] for each in linkedin.posts()[0]["images"]] == [picture.alt for picture in pictures]
    assert [image.data for image in linkedin.images.values()] == [
        stage.memory.files.read(INES.id, picture.sha256) for picture in pictures
    ]


@pytest.mark.parametrize("fault", UNCLEAR, ids=lambda fault: fault.name)
@pytest.mark.parametrize("where", EVERYWHERE)
def test_whatever_is_lost_at_any_request_it_is_one_post(
    stage: Stage, linkedin: FakeLinkedIn, where: str, fault: http_fake.Fault
) -> None:
    linkedin.script(where, fault)
    row = stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))
    live = stage.until_published(row, rounds=5)
    assert (live.state, live.remote_id, linkedin.left) == ("published", linkedin.posts()[0]["urn"], 0), live.reason
    assert [(post["text"], len(post["images"])) for post in linkedin.posts()] == [(TEXT, 1)]


def test_a_sender_killed_at_any_moment_leaves_one_post(stage: Stage, linkedin: FakeLinkedIn) -> None:
    moment = 1
    while True:
        row = stage.queue(Content(text=f"Killed at {moment}", pictures=(stage.picture("A boat"),)))
        if not die_at(stage, moment):
            break
        live = stage.until_published(row, rounds=6)
        assert live.state == "published", (moment, live.reason)
        stage.clock.pass_by(minutes=30)
        moment += 1
    assert moment == 16  # six requests and three commits
    texts = [post["text"] for post in linkedin.posts()]
    assert texts == [f"Killed at {number}" for number in range(1, moment + 1)]


def test_a_lost_answer_is_resolved_by_the_same_bytes_again(stage: Stage, linkedin: FakeLinkedIn) -> None:
    linkedin.script(POSTS, http_fake.lost_answer())
    row = stage.queue(Content(text=TEXT))
    stage.publish(row)
    stage.clock.pass_by(minutes=4)
    assert (stage.publish(row).state, len(linkedin.calls(POSTS))) == ("unknown", 1)  # not before it has settled
    stage.clock.pass_by(minutes=4)
    live = stage.publish(row)
    first, second = linkedin.calls(POSTS)
    assert (live.state, live.attempts, second.status) == ("published", 2, 422)
    assert first.body == second.body
    assert (live.remote_id, live.published_at) == (linkedin.posts()[0]["urn"], NOON)


def test_what_somebody_posted_by_hand_before_is_not_this_post(stage: Stage, linkedin: FakeLinkedIn) -> None:
    first = stage.publish(stage.queue(Content(text=TEXT)))
    stage.clock.pass_by(hours=1)
    row = stage.until_published(stage.queue(Content(text=TEXT)))
    assert (row.state, str(first.remote_id) in row.reason, "was there before" in row.reason) == ("rejected", True, True)
    assert (row.remote_id, len(linkedin.posts())) == (None, 1)


def test_an_older_post_does_not_stand_in_for_one_whose_answer_was_lost(stage: Stage, linkedin: FakeLinkedIn) -> None:
    """The refusal of the first attempt was lost; the repeat names a post of last week."""
    first = stage.publish(stage.queue(Content(text=TEXT)))
    stage.clock.pass_by(hours=1)
    linkedin.script(POSTS, http_fake.lost_answer())
    left = stage.until_published(stage.queue(Content(text=TEXT)), rounds=12)
    assert (left.state, str(first.remote_id) in left.reason, left.remote_id) == ("needs_human", True, None)
    assert len(linkedin.posts()) == 1


def test_a_sister_of_the_same_day_does_not_stand_in_either(stage: Stage, linkedin: FakeLinkedIn) -> None:
    rows = [stage.queue(Content(text=TEXT)) for _ in range(2)]
    stage.desk.publish_due()
    linkedin.script(POSTS, http_fake.lost_answer())
    stage.clock.pass_by(minutes=31)
    stage.desk.publish_due()
    for _ in range(12):
        stage.clock.pass_by(minutes=6)
        stage.desk.publish_due()
    assert sorted(stage.row(row).state for row in rows) == ["needs_human", "published"]


def test_what_was_deleted_is_still_a_duplicate_there(stage: Stage, linkedin: FakeLinkedIn) -> None:
    first = stage.publish(stage.queue(Content(text=TEXT)))
    stage.desk.delete(first.id)
    assert linkedin.posts() == []
    stage.clock.pass_by(hours=1)
    row = stage.until_published(stage.queue(Content(text=TEXT)))
    assert (row.state, "even if it was deleted" in row.reason, linkedin.posts()) == ("rejected", True, [])
    stage.clock.pass_by(days=2)
    stage.desk.retry(row.id)
    assert (stage.until_published(row).state, len(linkedin.posts())) == ("published", 1)


def test_deleting_twice_is_fine(stage: Stage, linkedin: FakeLinkedIn) -> None:
    row = stage.publish(stage.queue(Content(text=TEXT)))
    stage.platform.delete(row)
    stage.platform.delete(row)
    assert {call.path for call in linkedin.calls("DELETE *")} == {f"/rest/posts/{row.remote_id.replace(':', '%3A')}"}


def restored_from_before(stage: Stage, linkedin: FakeLinkedIn, backup: Path, content: Content) -> tuple[Stage, str]:
    row = stage.queue(content)
    stage.memory.close()
    shutil.copytree(stage.home, backup)
    first = stage.elsewhere(stage.home)
    assert first.publish(row).state == "published"
    first.memory.close()
    stage.clock.pass_by(hours=3)
    restored = stage.elsewhere(backup)
    restored.memory.quarantines.begin(restored_from="backup", backup_made_at=NOON)
    return restored, row.id


def test_a_restored_backup_is_resolved_by_a_repeat(stage: Stage, linkedin: FakeLinkedIn, tmp_path: Path) -> None:
    restored, row = restored_from_before(stage, linkedin, tmp_path / "backup", Content(text=TEXT))
    found = restored.until_published(restored.memory.publications.get(row))
    assert (found.state, found.remote_id, len(linkedin.posts())) == ("published", linkedin.posts()[0]["urn"], 1)
    restored.memory.close()


def test_a_restored_post_with_pictures_is_a_person_s(stage: Stage, linkedin: FakeLinkedIn, tmp_path: Path) -> None:
    """Its pictures were uploaded after the backup: uploaded again they are others, and a repeat would be a new post."""
    content = Content(text=TEXT, pictures=(stage.picture("A boat"),))
    restored, row = restored_from_before(stage, linkedin, tmp_path / "backup", content)
    left = restored.until_published(restored.memory.publications.get(row), rounds=16)
    assert (left.state, "Look there" in left.reason, len(linkedin.posts())) == ("needs_human", True, 1)
    restored.memory.close()


def test_a_no_to_the_first_attempt_is_a_no(stage: Stage, linkedin: FakeLinkedIn) -> None:
    linkedin.script(POSTS, http_fake.refuse(400, {"code": "BAD_REQUEST", "message": "no"}))
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert (row.state, linkedin.posts()) == ("rejected", [])


def test_a_no_to_a_repeat_is_no_failure(stage: Stage, linkedin: FakeLinkedIn) -> None:
    linkedin.script(POSTS, http_fake.late(900), http_fake.refuse(400, {"message": "no"}))
    row = stage.queue(Content(text=TEXT))
    assert stage.until_published(row, rounds=6).state == "published"
    assert len(linkedin.posts()) == 1


def test_a_used_up_day_waits_for_the_next(stage: Stage, linkedin: FakeLinkedIn) -> None:
    linkedin.daily_posts = 0
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert (row.state, row.not_before) == ("paused_quota", datetime(2026, 11, 21, 0, 1, tzinfo=UTC))
    for _ in range(8):
        stage.clock.pass_by(hours=1)
        stage.desk.publish_due()
    assert len(linkedin.calls(POSTS)) == 1
    stage.clock.now = row.not_before
    linkedin.daily_posts = 150
    assert stage.until_published(row).state == "published"


def test_a_retired_version_pauses_and_says_what_to_raise(stage: Stage, linkedin: FakeLinkedIn) -> None:
    stage.credentials.connections[PLACE]["version"] = "202401"
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert row.state == "paused_auth"
    assert "version 202401" in row.reason and "--set version=YYYYMM" in row.reason
    stage.credentials.connections[PLACE].pop("version")
    assert stage.until_published(row).state == "published"


def test_tokens_are_renewed_before_they_end(stage: Stage, linkedin: FakeLinkedIn) -> None:
    kept = stage.credentials.get(*PLACE)
    stage.credentials.secrets[PLACE] = Secret(values=kept.values, expires_at=NOON + timedelta(minutes=4))
    assert stage.publish(stage.queue(Content(text=TEXT))).state == "published"
    [refresh] = linkedin.calls("POST /oauth/v2/accessToken")
    assert refresh.form["grant_type"] == ["refresh_token"]
    assert [call.status for call in linkedin.calls(POSTS)] == [201]
    assert stage.credentials.get(*PLACE).values["access_token"] != linkedin.token


def test_a_refused_token_is_renewed_once_and_the_post_goes(stage: Stage, linkedin: FakeLinkedIn) -> None:
    linkedin.revoke(linkedin.token)
    assert stage.publish(stage.queue(Content(text=TEXT))).state == "published"
    assert [call.status for call in linkedin.calls(POSTS)] == [401, 201]
    linkedin.script(POSTS, http_fake.refuse(401), http_fake.refuse(401))
    stage.clock.pass_by(hours=1)
    again = stage.publish(stage.queue(Content(text="Another")))
    assert (again.state, len(linkedin.calls(POSTS))) == ("paused_auth", 4)
    assert stage.until_published(again).state == "published"


@pytest.mark.parametrize("changed", [{"refresh_token": None}, {"refresh_token": ""}, {"expires_in": None}])
def test_an_empty_answer_overwrites_nothing(stage: Stage, linkedin: FakeLinkedIn, changed: dict[str, object]) -> None:
    linkedin.token_changes = changed
    linkedin.revoke(linkedin.token)
    stage.publish(stage.queue(Content(text=TEXT)))
    assert stage.credentials.get(*PLACE).values["refresh_token"] == linkedin.refresh_token


def test_only_invalid_grant_disconnects(tmp_path: Path, clock: Clock, linkedin: FakeLinkedIn, stage: Stage) -> None:
    """In the real vault: a server that fails disconnects nothing; a refresh token that ended does, and posts wait."""
    held = vault(stage.memory, stage.home, clock)
    held.connect(*PLACE, Secret(values=secrets(linkedin)), settings=plain(linkedin))
    stage = opened(stage.home, clock, held, linkedin)  # type: ignore[arg-type]
    linkedin.revoke(linkedin.token)
    linkedin.script("POST /oauth/v2/accessToken", http_fake.refuse(503))
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert (row.state, held.has(*PLACE)) == ("paused_quota", True)
    linkedin.revoke(linkedin.refresh_token)
    clock.pass_by(minutes=5)
    paused = stage.publish(row)
    assert (paused.state, "invalid_grant" in paused.reason, held.has(*PLACE)) == ("paused_auth", True, False)
    calls = len(linkedin.journal)
    for _ in range(5):
        clock.pass_by(minutes=20)
        stage.desk.publish_due()
    assert len(linkedin.journal) == calls
    fresh = {**secrets(linkedin), "access_token": linkedin.grant(), "refresh_token": linkedin.grant_refresh()}
    held.connect(*PLACE, Secret(values=fresh), settings=plain(linkedin))
    assert (stage.until_published(row).state, len(linkedin.posts())) == ("published", 1)
    stage.memory.close()


def test_without_what_renews_a_person_connects_anew(stage: Stage, linkedin: FakeLinkedIn) -> None:
    stage.credentials.connect(*PLACE, settings={"author": plain(linkedin)["author"]}, access_token=linkedin.token)
    linkedin.revoke(linkedin.token)
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert (row.state, "client_id" in row.reason) == ("paused_auth", True)


def test_a_cut_text_is_said_where_posts_may_be_read(stage: Stage, linkedin: FakeLinkedIn) -> None:
    linkedin.grants[linkedin.token].scopes |= {"r_member_social"}
    whole = stage.publish(stage.queue(Content(text=TEXT)))
    request = whole.request or {}
    told = stage.platform.send({**request, "body": {**request["body"], "commentary": "Cut (here)"}})
    assert (whole.reason, "another text than was sent" in told.note) == ("", True)


def test_another_author_does_not_get_the_repeat(stage: Stage, linkedin: FakeLinkedIn) -> None:
    linkedin.script(POSTS, http_fake.unprocessed())
    row = stage.publish(stage.queue(Content(text=TEXT)))
    stage.credentials.connections[PLACE]["author"] = "urn:li:organization:7"
    with pytest.raises(NotConnected, match="another author"):
        stage.platform.send(row.request or {})


def test_a_token_goes_to_no_stranger_s_upload_address(stage: Stage, linkedin: FakeLinkedIn, clock: Clock) -> None:
    with FakeLinkedIn(clock) as stranger:
        value = {"value": {"uploadUrl": f"{stranger.base_url}/dms-uploads/x", "image": "urn:li:image:x"}}
        linkedin.script(IMAGES, http_fake.refuse(200, value))
        row = stage.publish(stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),))))
        assert (row.state, "not its own" in row.reason, stranger.calls()) == ("scheduled", True, [])


def test_a_picture_that_failed_there_is_a_person_s(stage: Stage, linkedin: FakeLinkedIn) -> None:
    linkedin.script("GET /rest/images/*", http_fake.refuse(200, {"status": "PROCESSING_FAILED"}))
    row = stage.publish(stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),))))
    assert (row.state, "PROCESSING_FAILED" in row.reason) == ("needs_human", True)


def test_a_test_shows_nothing_to_anybody(stage: Stage, linkedin: FakeLinkedIn) -> None:
    seen = stage.platform.test(INES.id, ACCOUNT)
    assert (seen.facts, seen.notes, linkedin.posts()) == ({"author": "urn:li:person:yrZCpj2Z12"}, (), [])
    stage.credentials.connections[PLACE]["author"] = "urn:li:person:somebody"
    with pytest.raises(NotConnected, match="403"):
        stage.platform.test(INES.id, ACCOUNT)
    stage.credentials.connections[PLACE]["author"] = "Ada"
    with pytest.raises(NotConnected, match="no author"):
        stage.platform.test(INES.id, ACCOUNT)


def test_an_answer_without_an_id_is_not_published(stage: Stage, linkedin: FakeLinkedIn) -> None:
    linkedin.script(POSTS, http_fake.lost_answer(201))
    row = stage.queue(Content(text=TEXT))
    assert stage.publish(row).state == "unknown"
    assert stage.until_published(row, rounds=5).remote_id == linkedin.posts()[0]["urn"]


def test_what_is_asked_for_is_what_is_needed(stage: Stage) -> None:
    assert {field.name for field in LINKEDIN.plain} == set(stage.credentials.connections[PLACE])
    assert {field.name for field in LINKEDIN.secrets} == set(stage.credentials.secrets[PLACE].values)


@pytest.mark.parametrize("urn", ["", "urn:li:share:", "urn:li:share:7", "urn:li:share:x", "urn:li:share:" + "9" * 40])
def test_an_id_that_tells_no_time_is_not_guessed_at(urn: str) -> None:
    assert made_at(urn) is None


def test_only_a_repeat_tells(stage: Stage) -> None:
    row = stage.publish(stage.queue(Content(text=TEXT)))
    with pytest.raises(Unknown):
        stage.platform.look(row)
