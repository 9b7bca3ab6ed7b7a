"""The fake Mastodon, driven by Mastodon.py, a client that nobody here wrote; and by hand for what that client hides."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from mastodon import (
    Mastodon,
    MastodonAPIError,
    MastodonNotFoundError,
    MastodonRatelimitError,
    MastodonUnauthorizedError,
)

from core import counting
from tests.conftest import Clock
from tests.fakes import http_fake, mastodon_counting, pictures
from tests.fakes.mastodon_fake import FakeMastodon

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def fake(clock: Clock) -> Any:
    with FakeMastodon(clock) as server:
        yield server


@pytest.fixture
def client(fake: FakeMastodon) -> Mastodon:
    return their_client(fake, fake.token)


def their_client(fake: FakeMastodon, token: str) -> Mastodon:
    return Mastodon(
        access_token=token,
        api_base_url=fake.base_url,
        ratelimit_method="throw",
        version_check_mode="created",
        request_timeout=10,
    )


def post(fake: FakeMastodon, token: str = "", key: str = "", **form: Any) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token or fake.token}"} | ({"Idempotency-Key": key} if key else {})
    return httpx2.post(f"{fake.base_url}/api/v1/statuses", data=form, headers=headers)


def upload(fake: FakeMastodon, data: bytes, **form: str) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {fake.token}"}
    files = {"file": ("a", data, "image/png")}
    return httpx2.post(f"{fake.base_url}/api/v2/media", data=form, files=files, headers=headers)


# driven by Mastodon.py


def test_their_client_reads_the_limits_and_the_account(client: Mastodon, fake: FakeMastodon) -> None:
    configuration = client.instance_v2().configuration
    assert configuration.statuses.max_characters == 500
    assert configuration.statuses.characters_reserved_per_url == 23
    assert configuration.media_attachments.description_limit == 1500
    assert str(client.account_verify_credentials().id) == fake.account


def test_their_client_posts_a_thread_and_reads_it_back(client: Mastodon, fake: FakeMastodon) -> None:
    first = client.status_post("Hello <b> & goodbye\nhttps://example.org/a", language="en")
    second = client.status_post("And more.", in_reply_to_id=first.id, spoiler_text="long", visibility="unlisted")
    assert first.content.startswith("<p>Hello &lt;b&gt; &amp; goodbye<br />")
    assert [str(each.id) for each in client.account_statuses(fake.account)] == [str(second.id), str(first.id)]
    assert client.status_source(first.id).text == "Hello <b> & goodbye\nhttps://example.org/a"
    seen = fake.posts()
    assert [each["text"] for each in seen] == ["Hello <b> & goodbye\nhttps://example.org/a", "And more."]
    assert (seen[1]["in_reply_to_id"], seen[1]["visibility"]) == (str(first.id), "unlisted")


def test_their_client_uploads_polls_describes_and_attaches(client: Mastodon, fake: FakeMastodon) -> None:
    media = client.media_post(pictures.png(), mime_type="image/png", description="a dot")
    assert media.url is None
    with pytest.raises(MastodonAPIError, match="have not finished processing"):
        client.status_post("too soon", media_ids=[media])
    assert client.media(media).url is None
    assert client.media(media).url
    client.media_update(media, description="a grey dot")
    client.status_post("a dot", media_ids=[media])
    assert [each["media"] for each in fake.posts()] == [["a grey dot"]]
    assert [call.status for call in fake.calls("GET /api/v1/media/*")] == [206, 200]
    with pytest.raises(MastodonAPIError, match="not found or already attached"):
        client.status_post("again", media_ids=[media])
    with pytest.raises(MastodonNotFoundError):
        client.media(media)


def test_their_client_repeats_a_key_for_an_hour(client: Mastodon, fake: FakeMastodon, clock: Clock) -> None:
    first = client.status_post("once", idempotency_key="k1")
    clock.now += timedelta(minutes=59)
    assert client.status_post("once", idempotency_key="k1").id == first.id
    assert client.status_post("once", idempotency_key="k2").id != first.id
    clock.now += timedelta(minutes=1)
    assert client.status_post("once", idempotency_key="k1").id != first.id
    assert len(fake.posts()) == 3


def test_their_client_deletes(client: Mastodon, fake: FakeMastodon) -> None:
    status = client.status_post("gone soon")
    assert client.status_delete(status).text == "gone soon"
    assert fake.posts() == []
    for asked in (client.status, client.status_delete):
        with pytest.raises(MastodonNotFoundError):
            asked(status)


def test_their_client_schedules_and_cancels(client: Mastodon, fake: FakeMastodon, clock: Clock) -> None:
    kept = client.status_post("later", scheduled_at=START + timedelta(minutes=6))
    dropped = client.status_post("never", scheduled_at=START + timedelta(minutes=7))
    assert kept.scheduled_at == START + timedelta(minutes=6)
    client.scheduled_status_delete(dropped)
    assert [each.params.text for each in client.scheduled_statuses()] == ["later"]
    assert fake.posts() == []
    clock.now += timedelta(hours=1)
    assert [(each["text"], each["at"]) for each in fake.posts()] == [("later", START + timedelta(minutes=6))]


def test_their_client_pages_the_timeline(client: Mastodon, fake: FakeMastodon) -> None:
    made = [client.status_post(f"post {number}") for number in range(5)]
    client.status_reply(made[0], "a reply")
    page = client.account_statuses(fake.account, limit=2, exclude_replies=True)
    assert [each.content for each in page] == ["<p>post 4</p>", "<p>post 3</p>"]
    assert [each.content for each in client.fetch_next(page)] == ["<p>post 2</p>", "<p>post 1</p>"]
    older = client.account_statuses(fake.account, max_id=made[2].id, exclude_reblogs=True)
    assert [each.content for each in older] == ["<p>post 1</p>", "<p>post 0</p>"]


def test_their_client_logs_in_with_a_code(fake: FakeMastodon) -> None:
    theirs = Mastodon(fake.client_id, fake.client_secret, api_base_url=fake.base_url)
    code = fake.authorize("read write")
    assert theirs.log_in(code=code, scopes=["read", "write"]) in fake.grants
    theirs.status_post("hello")
    with pytest.raises(Exception, match=r"[Ii]nvalid"):
        theirs.log_in(code=code, scopes=["read", "write"])


def test_their_client_meets_the_quota(client: Mastodon, fake: FakeMastodon, clock: Clock) -> None:
    for _ in range(298):  # the client asked for the version twice
        client.instance_v2()
    assert (client.ratelimit_limit, client.ratelimit_remaining) == (300, 0)
    with pytest.raises(MastodonRatelimitError):
        client.status_post("one too many")
    assert fake.posts() == []
    clock.now += timedelta(minutes=5)
    client.status_post("a new window")


# what it refuses


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"status": ""}, "Validation failed: Text can't be blank"),
        ({"status": "  \n"}, "Validation failed: Text can't be blank"),
        ({"status": "a" * 501}, "Validation failed: Text character limit of 500 exceeded"),
        ({"status": "a" * 496, "spoiler_text": "warn!"}, "Validation failed: Text character limit of 500 exceeded"),
        ({"status": "a", "visibility": "everyone"}, "Validation failed: Visibility is not included in the list"),
        ({"status": "a", "media_ids[]": ["1"]}, "Media 1 not found or already attached to another post"),
        ({"status": "a", "media_ids[]": ["1", "2", "3", "4", "5"]}, "Cannot attach more than 4 files"),
        ({"status": "a", "scheduled_at": "soon"}, "Record invalid"),
        ({"status": "a" * 501, "scheduled_at": "2026-11-20T10:00:00Z"}, "Record invalid"),
        (
            {"status": "a", "scheduled_at": "2026-11-20T09:05:00Z"},
            "Validation failed: Scheduled at date must be in the future",
        ),
    ],
)
def test_what_mastodon_refuses_it_refuses_in_its_words(fake: FakeMastodon, form: dict[str, Any], words: str) -> None:
    answer = post(fake, **form)
    assert (answer.status_code, answer.json()) == (422, {"error": words})
    assert (fake.posts(), fake.scheduled) == ([], {})


def test_a_reply_to_nothing_is_not_found(fake: FakeMastodon) -> None:
    answer = post(fake, status="a", in_reply_to_id="1")
    assert answer.status_code == 404
    assert answer.json()["error"] == "The post you are trying to reply to does not appear to exist."


def test_a_schedule_in_the_past_goes_out_at_once(fake: FakeMastodon) -> None:
    answer = post(fake, status="a", scheduled_at="2026-11-20T08:59:00Z").json()
    assert "content" in answer
    assert len(fake.posts()) == 1


def test_before_4_3_too_soon_a_schedule_went_out_at_once(fake: FakeMastodon) -> None:
    fake.old_schedule = True
    assert "content" in post(fake, status="a", scheduled_at="2026-11-20T09:04:00Z").json()


def test_only_a_good_token_with_the_scope_may_post(fake: FakeMastodon) -> None:
    assert httpx2.post(f"{fake.base_url}/api/v1/statuses", data={"status": "a"}).status_code == 401
    assert post(fake, "wrong", status="a").json() == {"error": "The access token is invalid"}
    for scopes in ("read", "write:media", "read:statuses follow"):
        refused = post(fake, fake.grant(scopes), status="a")
        assert (refused.status_code, refused.json()["error"]) == (403, "This action is outside the authorized scopes")
    assert post(fake, fake.grant("write:statuses"), status="a").status_code == 200
    assert post(fake, fake.grant("write", account=""), status="a").status_code == 422
    theirs = their_client(fake, fake.token)
    fake.revoke(fake.token)
    with pytest.raises(MastodonUnauthorizedError):
        theirs.account_verify_credentials()


def test_a_list_without_brackets_is_dropped_as_rails_drops_it(fake: FakeMastodon) -> None:
    fake.sync_media = True
    media = upload(fake, pictures.png())
    assert (media.status_code, bool(media.json()["url"])) == (200, True)
    assert post(fake, status="no picture", media_ids=media.json()["id"]).json()["media_attachments"] == []
    assert post(fake, status="", **{"media_ids[]": media.json()["id"]}).json()["media_attachments"] != []


def test_json_is_taken_as_well_as_a_form(fake: FakeMastodon) -> None:
    fake.sync_media = True
    body = {"status": "a", "media_ids": [upload(fake, pictures.png()).json()["id"]], "sensitive": True}
    headers = {"Authorization": f"Bearer {fake.token}"}
    answer = httpx2.post(f"{fake.base_url}/api/v1/statuses", json=body, headers=headers).json()
    assert (answer["sensitive"], len(answer["media_attachments"])) == (True, 1)


def test_a_film_stands_alone(fake: FakeMastodon) -> None:
    fake.processing_polls = 0
    names = [upload(fake, data).json()["id"] for data in (pictures.png(), pictures.MP4)]
    for name in names:
        httpx2.get(f"{fake.base_url}/api/v1/media/{name}", headers={"Authorization": f"Bearer {fake.token}"})
    answer = post(fake, status="a", **{"media_ids[]": names})
    assert answer.json()["error"] == "Cannot attach a video to a post that already contains images"


def test_a_file_must_be_what_it_may_be(fake: FakeMastodon) -> None:
    assert upload(fake, b"%PDF-1.7").json()["error"].startswith("Validation failed: File content type is invalid")
    assert "too long (maximum is 1500" in upload(fake, pictures.png(), description="a" * 1501).json()["error"]
    fake.image_size_limit = 10
    assert upload(fake, pictures.png()).status_code == 422
    headers = {"Authorization": f"Bearer {fake.token}"}
    assert httpx2.post(f"{fake.base_url}/api/v2/media", data={"a": "b"}, headers=headers).status_code == 422


def test_another_accounts_post_and_media_are_not_found(fake: FakeMastodon) -> None:
    fake.sync_media = True
    media, other = upload(fake, pictures.png()).json()["id"], fake.grant("read write", account="2")
    assert post(fake, other, status="a", **{"media_ids[]": media}).status_code == 422
    mine = post(fake, status="mine", visibility="private").json()["id"]
    for method, token in (("DELETE", other), ("GET", other)):
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx2.request(method, f"{fake.base_url}/api/v1/statuses/{mine}", headers=headers).status_code == 404
    assert httpx2.get(f"{fake.base_url}/api/v1/accounts/{fake.account}/statuses").json() == []
    assert httpx2.get(f"{fake.base_url}/api/v1/accounts/777/statuses").status_code == 404


def test_a_key_belongs_to_its_account(fake: FakeMastodon) -> None:
    mine = post(fake, key="k", status="a").json()["id"]
    assert post(fake, fake.grant("write", account="2"), key="k", status="a").json()["id"] != mine


def test_the_key_of_a_scheduled_or_deleted_post_answers_not_found(fake: FakeMastodon) -> None:
    assert post(fake, key="k1", status="a", scheduled_at="2026-11-20T10:00:00Z").status_code == 200
    assert post(fake, key="k1", status="a", scheduled_at="2026-11-20T10:00:00Z").status_code == 404
    made = post(fake, key="k2", status="b").json()["id"]
    headers = {"Authorization": f"Bearer {fake.token}"}
    httpx2.delete(f"{fake.base_url}/api/v1/statuses/{made}", headers=headers)
    assert post(fake, key="k2", status="b").status_code == 404
    assert len(fake.scheduled) == 1


def test_a_refused_post_leaves_its_key_free(fake: FakeMastodon) -> None:
    assert post(fake, key="k", status="").status_code == 422
    assert post(fake, key="k", status="a").status_code == 200


def test_deletions_have_a_quota_of_their_own(fake: FakeMastodon) -> None:
    headers = {"Authorization": f"Bearer {fake.token}"}
    answers = [httpx2.delete(f"{fake.base_url}/api/v1/statuses/1", headers=headers) for _ in range(31)]
    assert [each.status_code for each in answers] == [404] * 30 + [429]
    assert answers[-1].json() == {"error": "Too many requests"}
    assert answers[-1].headers["X-RateLimit-Reset"] == "2026-11-20T09:30:00.000000Z"
    assert "Retry-After" not in answers[-1].headers


@pytest.mark.parametrize(
    ("form", "error", "status"),
    [
        ({"client_secret": "wrong"}, "invalid_client", 401),
        ({"code": "unknown"}, "invalid_grant", 400),
        ({"redirect_uri": "https://evil.example"}, "invalid_grant", 400),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type", 400),
    ],
)
def test_a_bad_exchange_gives_no_token(fake: FakeMastodon, form: dict[str, str], error: str, status: int) -> None:
    good = {
        "grant_type": "authorization_code", "code": fake.authorize(), "client_id": fake.client_id,
        "client_secret": fake.client_secret, "redirect_uri": fake.redirect_uri,
    }  # fmt: skip
    answer = httpx2.post(f"{fake.base_url}/oauth/token", data=good | form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


# uncertain endings


def test_a_lost_answer_and_its_repeat_with_the_key_are_one_post(fake: FakeMastodon) -> None:
    fake.script("POST /api/v1/statuses", http_fake.lost_answer())
    with pytest.raises(httpx2.TransportError):
        post(fake, key="k", status="once")
    assert post(fake, key="k", status="once").json()["id"] == fake.posts()[0]["id"]
    assert len(fake.posts()) == 1


def test_a_late_commit_after_the_repeat_is_still_one_post(fake: FakeMastodon, clock: Clock) -> None:
    fake.script("POST /api/v1/statuses", http_fake.late(90))
    with pytest.raises(httpx2.TransportError):
        post(fake, key="k", status="once")
    assert fake.posts() == []
    clock.now += timedelta(seconds=60)
    post(fake, key="k", status="once")
    clock.now += timedelta(seconds=60)
    assert len(fake.posts()) == 1


def test_without_a_key_a_repeat_is_a_second_post(fake: FakeMastodon) -> None:
    fake.script("POST /api/v1/statuses", http_fake.lost_answer())
    with pytest.raises(httpx2.TransportError):
        post(fake, status="once")
    post(fake, status="once")
    assert len(fake.posts()) == 2


# its count is written a second time: three implementations agree on what people write


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("plain", 5),
        ("see https://example.org/a/very/long/path?with=query&more=of#it now", 31),
        ("(https://example.org/a).", 26),
        ("hi @ada@example.social and @bob", 16),
        ("👩‍👩‍👧 é", 3),
        ("two https://example.org https://example.com/x", 51),
    ],
)
def test_the_count_agrees_with_the_engine(text: str, length: int) -> None:
    assert mastodon_counting.length(text) == length
    assert counting.MEASURES["mastodon"](text) == length


def test_exactly_the_limit_fits(fake: FakeMastodon) -> None:
    link = "https://example.org/" + "x" * 300
    assert post(fake, status="a" * 475 + "\n" + link + "!").status_code == 200
    assert post(fake, status="a" * 476 + "\n" + link + "!").status_code == 422
