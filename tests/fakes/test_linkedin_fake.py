"""The fake LinkedIn: what it takes, and above all what it refuses, cuts or forgets."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from core import linkedin
from tests.conftest import Clock
from tests.fakes import http_fake, pictures
from tests.fakes.linkedin_fake import FakeLinkedIn
from tests.fakes.linkedin_text import understood

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def fake(clock: Clock) -> Any:
    with FakeLinkedIn(clock) as server:
        yield server


def headers(fake: FakeLinkedIn, **changes: str | None) -> dict[str, str]:
    usual = {
        "Authorization": f"Bearer {fake.token}", "LinkedIn-Version": "202611", "X-Restli-Protocol-Version": "2.0.0",
    }  # fmt: skip
    named = usual | {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in named.items() if value is not None}


def body(fake: FakeLinkedIn, text: str = "Hello network", **changes: Any) -> dict[str, Any]:
    usual = {
        "author": f"urn:li:person:{fake.person}", "commentary": text, "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED", "isReshareDisabledByAuthor": False,
    }  # fmt: skip
    return {name: value for name, value in (usual | changes).items() if value is not None}


def post(fake: FakeLinkedIn, text: str = "Hello network", sent: dict[str, Any] | None = None, **changes: Any) -> Any:
    return httpx2.post(
        f"{fake.base_url}/rest/posts", json=body(fake, text, **changes), headers=headers(fake, **(sent or {}))
    )


def ask(fake: FakeLinkedIn, method: str, path: str, **changes: str | None) -> httpx2.Response:
    return httpx2.request(method, f"{fake.base_url}{path}", headers=headers(fake, **changes))


def upload(fake: FakeLinkedIn, data: bytes, polls: int = 2) -> str:
    owner = {"initializeUploadRequest": {"owner": f"urn:li:person:{fake.person}"}}
    made = httpx2.post(f"{fake.base_url}/rest/images?action=initializeUpload", json=owner, headers=headers(fake))
    value = made.json()["value"]
    put = httpx2.put(value["uploadUrl"], content=data, headers={"Authorization": f"Bearer {fake.token}"})
    assert put.status_code == 201
    for _ in range(polls):
        ask(fake, "GET", f"/rest/images/{quote(value['image'], safe='')}")
    return value["image"]


# posting


def test_a_post_answers_its_urn_in_a_header_and_nothing_else(fake: FakeLinkedIn) -> None:
    answer = post(fake)
    assert (answer.status_code, answer.content) == (201, b"")
    assert answer.headers["x-restli-id"] == fake.posts()[0]["urn"]
    assert fake.posts()[0]["text"] == "Hello network"


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"Authorization": None}, 401, "EMPTY_ACCESS_TOKEN"),
        ({"Authorization": "Bearer wrong"}, 401, "INVALID_ACCESS_TOKEN"),
        ({"LinkedIn_Version": None}, 400, "VERSION_MISSING"),
        ({"LinkedIn_Version": "202511"}, 426, "NONEXISTENT_VERSION"),
        ({"LinkedIn_Version": "202612"}, 426, "NONEXISTENT_VERSION"),
        ({"LinkedIn_Version": "2026-11"}, 426, "NONEXISTENT_VERSION"),
        ({"X_Restli_Protocol_Version": None}, 400, "BAD_REQUEST"),
        ({"X_Restli_Protocol_Version": "1.0.0"}, 400, "BAD_REQUEST"),
        ({"Content_Type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
    ],
)
def test_headers_are_required(fake: FakeLinkedIn, sent: dict[str, str], status: int, code: str) -> None:
    answer = post(fake, sent=sent)
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert fake.posts() == []


def test_a_version_is_retired_after_a_year(fake: FakeLinkedIn, clock: Clock) -> None:
    assert post(fake, sent={"LinkedIn_Version": "202512"}).status_code == 201
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    answer = post(fake, "Another", sent={"LinkedIn_Version": "202512"})
    assert answer.status_code == 426
    assert answer.json() == {
        "status": 426, "code": "NONEXISTENT_VERSION", "message": "Requested version 20251201 is not active",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"author": None}, 400, "MISSING_FIELD"),
        ({"distribution": None}, 400, "MISSING_FIELD"),
        ({"lifecycleState": None}, 400, "MISSING_FIELD"),
        ({"shareText": "x"}, 400, "UNKNOWN_FIELD"),
        ({"lifecycleState": "DRAFT"}, 400, "INVALID_VALUE_FOR_FIELD"),
        ({"visibility": "public"}, 400, "INVALID_VALUE_FOR_FIELD"),
        ({"distribution": {"feedDistribution": "EVERYWHERE"}}, 400, "INVALID_VALUE_FOR_FIELD"),
        ({"commentary": "a" * 3001}, 400, "FIELD_LENGTH_TOO_LONG"),
        ({"commentary": r"\(" * 1501}, 400, "FIELD_LENGTH_TOO_LONG"),
        ({"commentary": "😀" * 1501}, 400, "FIELD_LENGTH_TOO_LONG"),
        ({"commentary": " "}, 400, "INVALID_VALUE_BLANK_FIELD"),
        ({"author": "urn:li:person:somebody"}, 403, "ACCESS_DENIED"),
        ({"author": "urn:li:organization:1"}, 403, "ACCESS_DENIED"),
        ({"content": {"media": {"id": "urn:li:image:none"}}}, 400, "INVALID_URN_ID"),
        ({"content": {"poll": {}}}, 400, "INVALID_VALUE_FOR_FIELD"),
        ({"content": {"article": {"source": "https://example.org"}}}, 400, "MISSING_FIELD"),
        ({"content": {"multiImage": {"images": [{"id": "urn:li:image:none"}]}}}, 400, "INVALID_VALUE_FOR_FIELD"),
    ],
)
def test_a_body_of_another_form_is_refused(fake: FakeLinkedIn, changes: dict[str, Any], status: int, code: str) -> None:
    answer = post(fake, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert fake.posts() == []


def test_exactly_the_limit_fits(fake: FakeLinkedIn) -> None:
    assert post(fake, r"\(" * 1500).status_code == 201
    assert fake.posts()[0]["text"] == "(" * 1500


def test_a_token_without_the_scope_may_not_post(fake: FakeLinkedIn) -> None:
    answer = post(fake, sent={"Authorization": f"Bearer {fake.grant('openid profile')}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "ACCESS_DENIED")
    assert answer.json()["message"].startswith("Not enough permissions to access: partnerApiPostsExternal.CREATE")


def test_a_revoked_or_expired_token_says_which(fake: FakeLinkedIn, clock: Clock) -> None:
    clock.now += timedelta(days=60)
    assert post(fake).json()["code"] == "EXPIRED_ACCESS_TOKEN"
    token = fake.grant()
    fake.revoke(token)
    assert post(fake, sent={"Authorization": f"Bearer {token}"}).json()["code"] == "REVOKED_ACCESS_TOKEN"


def test_the_quota_of_a_day_is_used_up_until_midnight(fake: FakeLinkedIn, clock: Clock) -> None:
    fake.daily_posts = 2
    assert [post(fake, f"post {number}").status_code for number in range(3)] == [201, 201, 429]
    clock.now += timedelta(hours=15)
    assert post(fake, "next day").status_code == 201


# the text


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Read this (now). More.", "Read this "),
        ("a * b", "a "),
        ("snake_case and on", "snake"),
        ("mail me@example.org today", "mail me"),
        ("C# is fine", "C"),
        ("1 < 2", "1 "),
        ("a | b", "a "),
        ("back\\slash", "back"),
        ("[draft] hello", ""),
        (r"Read this \(now\). \\o/ \#1", r"Read this (now). \o/ #1"),
        ("#hello world", "#hello world"),
        ("so {hashtag|\\#|hello} and on", "so #hello and on"),
        ("with @[Ada (she)](urn:li:person:abc) here", "with "),
        (r"with @[Ada \(she\)](urn:li:person:abc) here", "with Ada (she) here"),
        ("with @[Ada](https://example.org) here", "with "),
    ],
)
def test_the_text_ends_at_the_first_character_that_is_not_escaped(fake: FakeLinkedIn, sent: str, shown: str) -> None:
    answer = post(fake, sent)
    assert answer.status_code == 201
    assert fake.posts()[0]["text"] == shown


@pytest.mark.parametrize("text", ["a (b) [c] {d} <e> *f* _g_ ~h~ |i| #j @k \\l", "plain", "é — 😀\n\nline"])
def test_an_escaped_text_is_shown_whole(text: str) -> None:
    assert understood(linkedin.escape(text)) == (linkedin.escape(text), text)


# duplicates


def test_the_same_again_names_the_first(fake: FakeLinkedIn) -> None:
    first = post(fake).headers["x-restli-id"]
    again = post(fake)
    assert again.status_code == 422
    assert again.json() == {
        "errorDetailType": "com.linkedin.common.error.BadRequest",
        "message": "com.linkedin.content.common.exception.BadRequestResponseException: "
        f"Content is a duplicate of {first}",
        "errorDetails": {
            "inputErrors": [{"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}]
        },
        "status": 422,
    }
    assert post(fake, "Hello network!").status_code == 201
    assert len(fake.posts()) == 2


def test_another_author_may_say_the_same(fake: FakeLinkedIn) -> None:
    post(fake)
    other = f"Bearer {fake.grant(person='other')}"
    assert post(fake, sent={"Authorization": other}, author="urn:li:person:other").status_code == 201


def test_a_deleted_post_stays_a_duplicate_for_a_while(fake: FakeLinkedIn, clock: Clock) -> None:
    urn = post(fake).headers["x-restli-id"]
    assert ask(fake, "DELETE", f"/rest/posts/{quote(urn, safe='')}").status_code == 204
    assert urn in post(fake).json()["message"]
    reader = f"Bearer {fake.grant('r_member_social')}"
    assert ask(fake, "GET", f"/rest/posts/{quote(urn, safe='')}", Authorization=reader).status_code == 404
    clock.now += timedelta(days=2)
    assert post(fake).status_code == 201


def test_a_lost_answer_is_found_by_sending_the_same_again(fake: FakeLinkedIn) -> None:
    fake.script("POST /rest/posts", http_fake.lost_answer())
    with pytest.raises(httpx2.TransportError):
        post(fake)
    again = post(fake)
    assert again.status_code == 422
    assert fake.posts()[0]["urn"] in again.json()["message"]
    assert len(fake.posts()) == 1


def test_a_late_commit_after_the_repeat_is_refused_as_a_duplicate(fake: FakeLinkedIn, clock: Clock) -> None:
    fake.script("POST /rest/posts", http_fake.late(60, status=504))
    assert post(fake).status_code == 504
    assert post(fake).status_code == 201
    clock.now += timedelta(minutes=2)
    assert (len(fake.posts()), fake.waiting) == (1, 0)


# reading and deleting


def test_reading_back_needs_a_scope_that_few_have(fake: FakeLinkedIn) -> None:
    urn = post(fake, "whole (not)").headers["x-restli-id"]
    path = f"/rest/posts/{quote(urn, safe='')}"
    refused = ask(fake, "GET", path)
    assert refused.status_code == 403
    assert refused.json()["message"] == "Not enough permissions to access: partnerApiPostsExternal.GET.20261101"
    read = ask(fake, "GET", path, Authorization=f"Bearer {fake.grant('r_member_social')}").json()
    assert (read["id"], read["commentary"], read["lifecycleState"]) == (urn, "whole ", "PUBLISHED")


def test_deleting_twice_is_as_good_as_once(fake: FakeLinkedIn) -> None:
    urn = quote(post(fake).headers["x-restli-id"], safe="")
    assert [ask(fake, "DELETE", f"/rest/posts/{urn}").status_code for _ in range(2)] == [204, 204]
    assert fake.posts() == []
    assert ask(fake, "DELETE", "/rest/posts/urn%3Ali%3Ashare%3A1").status_code == 404


def test_a_urn_in_a_path_is_encoded(fake: FakeLinkedIn) -> None:
    urn = post(fake).headers["x-restli-id"]
    assert ask(fake, "DELETE", f"/rest/posts/{urn}").status_code == 400
    assert len(fake.posts()) == 1


# images


def test_an_image_is_uploaded_waited_for_and_posted(fake: FakeLinkedIn) -> None:
    urn = upload(fake, pictures.png())
    assert post(fake, content={"media": {"id": urn, "altText": "a dot"}}).status_code == 201
    assert fake.posts()[0]["images"] == [{"urn": urn, "alt": "a dot"}]


def test_several_images_are_posted_in_their_order(fake: FakeLinkedIn) -> None:
    images = [{"id": upload(fake, pictures.png(shade)), "altText": f"shade {shade}"} for shade in (1, 2, 3)]
    assert post(fake, content={"multiImage": {"images": images}}).status_code == 201
    assert [each["alt"] for each in fake.posts()[0]["images"]] == ["shade 1", "shade 2", "shade 3"]


@pytest.mark.parametrize(
    ("data", "polls", "code"),
    [
        (pictures.png(), 0, "MEDIA_ASSET_PROCESSING"),
        (pictures.png(), 1, "MEDIA_ASSET_PROCESSING"),
        (b"%PDF-1.7", 3, "MEDIA_ASSET_PROCESSING_FAILED"),
    ],
)
def test_an_image_that_is_not_available_is_refused(fake: FakeLinkedIn, data: bytes, polls: int, code: str) -> None:
    answer = post(fake, content={"media": {"id": upload(fake, data, polls)}})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_an_image_without_bytes_waits_for_its_upload(fake: FakeLinkedIn) -> None:
    owner = {"initializeUploadRequest": {"owner": f"urn:li:person:{fake.person}"}}
    path = f"{fake.base_url}/rest/images?action=initializeUpload"
    urn = httpx2.post(path, json=owner, headers=headers(fake)).json()["value"]["image"]
    assert ask(fake, "GET", f"/rest/images/{quote(urn, safe='')}").json()["status"] == "WAITING_UPLOAD"
    assert post(fake, content={"media": {"id": urn}}).json()["code"] == "MEDIA_ASSET_WAITING_UPLOAD"


def test_an_upload_for_somebody_else_or_by_nobody_is_refused(fake: FakeLinkedIn) -> None:
    path = f"{fake.base_url}/rest/images?action=initializeUpload"
    other = {"initializeUploadRequest": {"owner": "urn:li:person:other"}}
    assert httpx2.post(path, json=other, headers=headers(fake)).status_code == 403
    assert httpx2.post(path, json={}, headers=headers(fake)).status_code == 400
    assert httpx2.put(f"{fake.base_url}/dms-uploads/unknown", content=b"x").status_code == 401


# tokens


def refresh(fake: FakeLinkedIn, **changes: str) -> httpx2.Response:
    usual = {
        "grant_type": "refresh_token", "refresh_token": fake.refresh_token, "client_id": fake.client_id,
        "client_secret": fake.client_secret,
    }  # fmt: skip
    return httpx2.post(f"{fake.base_url}/oauth/v2/accessToken", data=usual | changes)


def test_a_refresh_token_stays_and_its_life_goes_on(fake: FakeLinkedIn, clock: Clock) -> None:
    clock.now += timedelta(days=59)
    answer = refresh(fake).json()
    assert (answer["refresh_token"], answer["expires_in"]) == (fake.refresh_token, 60 * 86400)
    assert answer["refresh_token_expires_in"] == 306 * 86400
    assert post(fake, sent={"Authorization": f"Bearer {answer['access_token']}"}).status_code == 201
    clock.now += timedelta(days=301)
    assert refresh(fake).json()["expires_in"] == 5 * 86400


def test_the_answer_may_lack_the_refresh_token_or_have_it_empty(fake: FakeLinkedIn) -> None:
    fake.token_changes = {"refresh_token": None, "refresh_token_expires_in": None}
    assert "refresh_token" not in refresh(fake).json()
    fake.token_changes = {"refresh_token": ""}
    assert refresh(fake).json()["refresh_token"] == ""
    assert refresh(fake).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"refresh_token": "unknown"}, 400, "invalid_grant"),
        ({"refresh_token": ""}, 400, "invalid_grant"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_bad_refresh_gives_no_token(fake: FakeLinkedIn, changes: dict[str, str], status: int, error: str) -> None:
    answer = refresh(fake, **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_revoked_or_old_refresh_token_is_an_invalid_grant(fake: FakeLinkedIn, clock: Clock) -> None:
    clock.now += timedelta(days=365)
    assert refresh(fake).json()["error"] == "invalid_grant"
    fresh = fake.grant_refresh()
    assert refresh(fake, refresh_token=fresh).status_code == 200
    fake.revoke(fresh)
    assert refresh(fake, refresh_token=fresh).json()["error"] == "invalid_grant"


def test_userinfo_says_whose_token_it_is(fake: FakeLinkedIn) -> None:
    assert ask(fake, "GET", "/v2/userinfo").json()["sub"] == fake.person
    bare = f"Bearer {fake.grant('w_member_social')}"
    assert ask(fake, "GET", "/v2/userinfo", Authorization=bare).status_code == 403
