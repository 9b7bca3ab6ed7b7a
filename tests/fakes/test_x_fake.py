"""The fake X: what it takes, and above all what it refuses, changes or forgets."""

import base64
import html
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.conftest import Clock
from tests.fakes import http_fake, pictures
from tests.fakes.x_fake import FakeX

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def fake(clock: Clock) -> Any:
    with FakeX(clock) as server:
        yield server


def ask(fake: FakeX, method: str, path: str, token: str = "", **more: Any) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token or fake.token}"}
    return httpx2.request(method, f"{fake.base_url}{path}", headers=headers, **more)


def post(fake: FakeX, text: str = "Hello", token: str = "", **body: Any) -> httpx2.Response:
    return ask(fake, "POST", "/2/tweets", token, json={"text": text} | body)


def begin(fake: FakeX, data: bytes, category: str = "tweet_image", kind: str = "image/png") -> str:
    body = {"media_category": category, "media_type": kind, "total_bytes": len(data)}
    return ask(fake, "POST", "/2/media/upload/initialize", json=body).json()["data"]["id"]


def append(fake: FakeX, name: str, segment: int, data: bytes) -> httpx2.Response:
    files = {"media": ("chunk", data, "application/octet-stream")}
    return ask(fake, "POST", f"/2/media/upload/{name}/append", data={"segment_index": str(segment)}, files=files)


def upload(fake: FakeX, data: bytes, category: str = "tweet_image", kind: str = "image/png") -> str:
    name = begin(fake, data, category, kind)
    append(fake, name, 0, data)
    assert ask(fake, "POST", f"/2/media/upload/{name}/finalize").status_code == 200
    return name


def poll(fake: FakeX, name: str) -> str:
    answer = ask(fake, "GET", "/2/media/upload", params={"command": "STATUS", "media_id": name}).json()
    return answer["data"]["processing_info"]["state"]


def timeline(fake: FakeX, **params: Any) -> dict[str, Any]:
    return ask(fake, "GET", f"/2/users/{fake.user}/tweets", params=params).json()


# posting


def test_a_post_answers_its_id_and_text(fake: FakeX) -> None:
    answer = post(fake, made_with_ai=True)
    assert answer.status_code == 201
    data = answer.json()["data"]
    assert (data["text"], data["edit_history_tweet_ids"]) == ("Hello", [data["id"]])
    seen = fake.posts()[0]
    assert (seen["id"], seen["text"], seen["made_with_ai"]) == (data["id"], "Hello", True)


def test_a_thread_replies_to_its_own_posts(fake: FakeX) -> None:
    first = post(fake, "one").json()["data"]["id"]
    second = post(fake, "two", reply={"in_reply_to_tweet_id": first}).json()["data"]["id"]
    assert fake.posts()[1]["reply_to"] == first
    found = timeline(fake, **{"tweet.fields": "referenced_tweets,conversation_id"})["data"][0]
    assert (found["id"], found["referenced_tweets"]) == (second, [{"type": "replied_to", "id": first}])


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 400, "a post has a text or media"),
        ({"text": " \n"}, 400, "a post has a text or media"),
        ({"text": 1}, 400, "string expected"),
        ({"status": "Hello"}, 400, "does not allow additional properties"),
        ({"text": "a", "made_with_ai": "true"}, 400, "boolean expected"),
        ({"text": "a", "media": {"media_ids": "1"}}, 400, "array of strings expected"),
        ({"text": "a", "media": {"media_ids": [1]}}, 400, "array of strings expected"),
        ({"text": "a", "media": {"media_ids": []}}, 400, "1 to 4 items"),
        ({"text": "a", "media": {"media_ids": ["1", "2", "3", "4", "5"]}}, 400, "1 to 4 items"),
        ({"text": "a", "media": {"media_ids": ["1"]}}, 400, "Your media IDs are invalid."),
        ({"text": "a", "reply": {"in_reply_to_tweet_id": 1}}, 400, "in_reply_to_tweet_id"),
        ({"text": "a", "reply": {"in_reply_to_tweet_id": "1"}}, 403, "reply to a Tweet that is deleted"),
        ({"text": "a" * 281}, 403, "Your Tweet text is too long."),
    ],
)
def test_what_x_refuses_it_refuses(fake: FakeX, body: dict[str, Any], status: int, words: str) -> None:
    answer = ask(fake, "POST", "/2/tweets", json=body)
    assert answer.status_code == status
    assert words in answer.text
    assert fake.posts() == []


def test_only_json_is_taken(fake: FakeX) -> None:
    assert ask(fake, "POST", "/2/tweets", data={"text": "Hello"}).status_code == 400
    assert ask(fake, "POST", "/2/tweet", json={"text": "Hello"}).status_code == 404


@pytest.mark.parametrize("text", ["の" * 140, "🐱" * 140, "é" * 280, "a" * 256 + " https://example.org/" + "b" * 200])
def test_what_weighs_280_fits_and_one_more_does_not(fake: FakeX, text: str) -> None:
    """The first two are the "280 characters" cases of the official suite's validate.yml, spelled out."""
    assert post(fake, text).status_code == 201
    assert post(fake, "a" + text).status_code == 403


def test_the_official_case_of_several_links_weighs_86(fake: FakeX) -> None:
    links = "Test https://test.com test https://test.com test.com test"
    assert post(fake, links + "." * 194).status_code == 201
    assert post(fake, links + "!" * 195).status_code == 403


# tokens


def test_only_a_good_token_with_the_scopes_may_post(fake: FakeX, clock: Clock) -> None:
    assert httpx2.post(f"{fake.base_url}/2/tweets", json={"text": "a"}).status_code == 401
    assert post(fake, token="wrong").json()["title"] == "Unauthorized"
    assert post(fake, token=fake.grant("tweet.read users.read")).status_code == 403
    assert post(fake, token=fake.grant("tweet.read users.read tweet.write")).status_code == 201
    clock.now += timedelta(hours=2)
    assert post(fake, "again").status_code == 401


def refresh(fake: FakeX, token: str, basic: bool = True, **changes: str) -> httpx2.Response:
    auth = (fake.client_id, fake.client_secret) if basic else None
    form = {"grant_type": "refresh_token", "refresh_token": token} | changes
    return httpx2.post(f"{fake.base_url}/2/oauth2/token", data=form, auth=auth)


def test_a_refresh_token_works_once(fake: FakeX) -> None:
    first = refresh(fake, fake.refresh_token).json()
    assert (first["token_type"], first["expires_in"]) == ("bearer", 7200)
    assert post(fake, token=first["access_token"]).status_code == 201
    again = refresh(fake, fake.refresh_token)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")
    assert again.json()["error_description"] == "Value passed for the token was invalid."
    assert refresh(fake, first["refresh_token"]).status_code == 200


def test_a_dead_refresh_token_may_have_the_standards_name(fake: FakeX) -> None:
    fake.refused_refresh = "invalid_grant"
    assert refresh(fake, "dead").json()["error"] == "invalid_grant"


def test_a_lost_answer_to_a_refresh_loses_the_token(fake: FakeX) -> None:
    fake.script("POST /2/oauth2/token", http_fake.lost_answer())
    with pytest.raises(httpx2.TransportError):
        refresh(fake, fake.refresh_token)
    assert refresh(fake, fake.refresh_token).status_code == 400


def test_a_failed_refresh_keeps_it(fake: FakeX) -> None:
    fake.script("POST /2/oauth2/token", http_fake.refuse(503), http_fake.unread())
    assert refresh(fake, fake.refresh_token).status_code == 503
    with pytest.raises(httpx2.TransportError):
        refresh(fake, fake.refresh_token)
    assert refresh(fake, fake.refresh_token).status_code == 200


def test_the_answer_may_lack_the_refresh_token_or_have_it_empty(fake: FakeX) -> None:
    fake.token_changes = {"refresh_token": None, "scope": None}
    assert refresh(fake, fake.refresh_token).json().keys() == {"token_type", "expires_in", "access_token"}
    fake.token_changes = {"refresh_token": ""}
    assert refresh(fake, fake.grant_refresh()).json()["refresh_token"] == ""


def test_a_confidential_client_proves_itself_and_a_public_one_names_itself(fake: FakeX) -> None:
    refused = refresh(fake, fake.refresh_token, basic=False, client_id=fake.client_id)
    assert (refused.status_code, refused.json()["error"]) == (401, "unauthorized_client")
    fake.public_client = True
    assert refresh(fake, fake.refresh_token, basic=False).status_code == 401
    assert refresh(fake, fake.refresh_token, basic=False, client_id=fake.client_id).status_code == 200


def test_another_grant_type_or_a_json_body_is_refused(fake: FakeX) -> None:
    assert refresh(fake, fake.refresh_token, grant_type="password").json()["error"] == "unsupported_grant_type"
    sent = {"grant_type": "refresh_token", "refresh_token": fake.refresh_token}
    auth = (fake.client_id, fake.client_secret)
    assert httpx2.post(f"{fake.base_url}/2/oauth2/token", json=sent, auth=auth).status_code == 400
    assert refresh(fake, fake.refresh_token).status_code == 200


def test_me_says_whose_token_it_is(fake: FakeX) -> None:
    assert ask(fake, "GET", "/2/users/me").json()["data"] == {
        "id": fake.user, "name": "Ada Example", "username": fake.username,
    }  # fmt: skip
    assert ask(fake, "GET", "/2/users/me", fake.grant("tweet.write")).status_code == 403


def test_the_quota_says_when_it_is_over(fake: FakeX, clock: Clock) -> None:
    fake.limits["POST /2/tweets"] = 2
    answers = [post(fake, f"post {number}") for number in range(3)]
    assert [each.status_code for each in answers] == [201, 201, 429]
    assert [each.headers["x-rate-limit-remaining"] for each in answers] == ["1", "0", "0"]
    assert int(answers[2].headers["x-rate-limit-reset"]) == (START + timedelta(minutes=15)).timestamp()
    clock.now += timedelta(minutes=15)
    assert post(fake, "post 3").status_code == 201


# duplicates and uncertain endings


def test_the_same_again_is_refused_without_an_id(fake: FakeX) -> None:
    made = post(fake).json()["data"]["id"]
    again = post(fake)
    assert (again.status_code, again.json()["detail"]) == (403, DUPLICATE)
    assert made not in again.text
    ask(fake, "DELETE", f"/2/tweets/{made}")
    assert post(fake).status_code == 201


def test_the_same_text_with_another_upload_of_the_picture_is_a_second_post(fake: FakeX) -> None:
    for _ in range(2):
        assert post(fake, media={"media_ids": [upload(fake, pictures.png())]}).status_code == 201
    assert len(fake.posts()) == 2


def test_a_late_commit_after_the_repeat_is_refused_as_a_duplicate(fake: FakeX, clock: Clock) -> None:
    fake.script("POST /2/tweets", http_fake.late(60))
    with pytest.raises(httpx2.TransportError):
        post(fake)
    assert post(fake).status_code == 201
    clock.now += timedelta(minutes=5)
    assert (len(fake.posts()), fake.waiting) == (1, 0)


# reading


def test_an_empty_timeline_has_no_data(fake: FakeX) -> None:
    assert timeline(fake) == {"meta": {"result_count": 0}}


def test_the_timeline_is_newest_first_and_in_pages(fake: FakeX) -> None:
    for number in range(7):
        post(fake, f"post {number}")
    first = timeline(fake, max_results=5)
    assert [each["text"] for each in first["data"]] == ["post 6", "post 5", "post 4", "post 3", "post 2"]
    rest = timeline(fake, max_results=5, pagination_token=first["meta"]["next_token"])
    assert [each["text"] for each in rest["data"]] == ["post 1", "post 0"]
    assert "next_token" not in rest["meta"]
    assert timeline(fake, since_id=first["data"][1]["id"])["meta"]["result_count"] == 1
    assert "not between 5 and 100" in str(timeline(fake, max_results=1))


def test_the_text_comes_back_changed(fake: FakeX) -> None:
    sent = "R&D <b> see https://example.org/a?b=1&c=2 and example.com."
    picture = upload(fake, pictures.png())
    post(fake, sent, media={"media_ids": [picture]})
    found = timeline(fake, **{"tweet.fields": "entities,created_at,attachments"})["data"][0]
    assert found["text"].startswith("R&amp;D &lt;b&gt; see https://t.co/")
    urls = found["entities"]["urls"]
    assert [each["expanded_url"] for each in urls[:2]] == ["https://example.org/a?b=1&c=2", "http://example.com"]
    assert urls[2]["expanded_url"].endswith("/photo/1")
    assert urls[2]["media_key"] == f"3_{picture}"
    assert all(found["text"][each["start"] : each["end"]] == each["url"] for each in urls)
    assert found["created_at"] == "2026-11-20T09:00:00.000Z"
    back = found["text"].removesuffix(" " + urls[2]["url"])
    back = back.replace(urls[0]["url"], "https://example.org/a?b=1&c=2").replace(urls[1]["url"], "example.com")
    assert html.unescape(back) == sent


def test_a_new_post_may_be_missing_from_the_timeline_for_a_while(fake: FakeX, clock: Clock) -> None:
    fake.read_lag = timedelta(seconds=20)
    post(fake)
    assert timeline(fake)["meta"]["result_count"] == 0
    clock.now += timedelta(seconds=20)
    assert timeline(fake)["meta"]["result_count"] == 1


def test_a_post_that_is_not_there_is_a_200_with_errors(fake: FakeX) -> None:
    answer = ask(fake, "GET", "/2/tweets/1")
    assert (answer.status_code, answer.json()["errors"][0]["title"]) == (200, "Not Found Error")
    made = post(fake).json()["data"]["id"]
    assert ask(fake, "GET", f"/2/tweets/{made}").json()["data"]["text"] == "Hello"


def test_only_own_posts_are_deleted(fake: FakeX) -> None:
    made = post(fake).json()["data"]["id"]
    assert ask(fake, "DELETE", f"/2/tweets/{made}", fake.grant(user="9")).status_code == 403
    assert ask(fake, "DELETE", f"/2/tweets/{made}").json() == {"data": {"deleted": True}}
    assert ask(fake, "DELETE", f"/2/tweets/{made}").status_code == 404


# media


def test_a_picture_is_uploaded_in_chunks_described_and_posted(fake: FakeX) -> None:
    data = pictures.png()
    name = begin(fake, data)
    assert [append(fake, name, part, data[part * 40 : part * 40 + 40]).status_code for part in range(2)] == [200, 200]
    done = ask(fake, "POST", f"/2/media/upload/{name}/finalize").json()["data"]
    assert (done["size"], "processing_info" in done) == (len(data), False)
    alt = {"id": name, "metadata": {"alt_text": {"text": "a dot"}}}
    assert ask(fake, "POST", "/2/media/metadata", json=alt).status_code == 200
    assert post(fake, "", media={"media_ids": [name]}).status_code == 201
    assert fake.posts()[0]["media"] == ["a dot"]


def test_a_picture_may_be_uploaded_in_one_go(fake: FakeX) -> None:
    files = {"media": ("a.png", pictures.png(), "image/png")}
    form = ask(fake, "POST", "/2/media/upload", data={"media_category": "tweet_image"}, files=files)
    coded = base64.b64encode(pictures.png()).decode()
    body = {"media": coded, "media_category": "tweet_image", "media_type": "image/png"}
    coded = ask(fake, "POST", "/2/media/upload", json=body)
    names = [each.json()["data"]["id"] for each in (form, coded)]
    assert post(fake, media={"media_ids": names}).status_code == 201
    assert ask(fake, "POST", "/2/media/upload", data={"command": "INIT"}, files=files).status_code == 400


def test_a_film_is_waited_for(fake: FakeX) -> None:
    name = upload(fake, pictures.MP4, "tweet_video", "video/mp4")
    assert "Your media IDs are invalid." in post(fake, media={"media_ids": [name]}).text
    assert [poll(fake, name) for _ in range(2)] == ["in_progress", "succeeded"]
    assert post(fake, media={"media_ids": [name]}).status_code == 201


def test_pictures_and_films_do_not_mix(fake: FakeX) -> None:
    fake.processing_polls = 0
    film = upload(fake, pictures.MP4, "tweet_video", "video/mp4")
    moving = upload(fake, pictures.GIF, "tweet_gif", "image/gif")
    for pair in ([film, upload(fake, pictures.png())], [moving, film]):
        assert "either 1-4 photos" in post(fake, media={"media_ids": pair}).text
    assert post(fake, media={"media_ids": [moving]}).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"media_category": "picture"}, {"media_type": "image/gif"}, {"total_bytes": 0}, {"total_bytes": "70"},
        {"total_bytes": 5 * 1024 * 1024 + 1}, {"command": "INIT"},
    ],
)  # fmt: skip
def test_an_upload_announces_what_it_is(fake: FakeX, changes: dict[str, Any]) -> None:
    body = {"media_category": "tweet_image", "media_type": "image/png", "total_bytes": 70} | changes
    assert ask(fake, "POST", "/2/media/upload/initialize", json=body).status_code == 400


def test_an_upload_that_is_not_what_was_announced_is_refused(fake: FakeX) -> None:
    data = pictures.png()
    name = begin(fake, data + b"more")
    append(fake, name, 0, data)
    assert "do not add up" in ask(fake, "POST", f"/2/media/upload/{name}/finalize").text
    gap = begin(fake, data)
    append(fake, gap, 1, data)
    assert ask(fake, "POST", f"/2/media/upload/{gap}/finalize").status_code == 400
    wrong = upload(fake, b"%PDF-1.7")
    assert poll(fake, wrong) == "failed"
    assert post(fake, media={"media_ids": [wrong]}).status_code == 400


def test_a_chunk_has_a_place_and_bytes_and_nothing_else(fake: FakeX) -> None:
    name, path = begin(fake, pictures.png()), "/2/media/upload/{}/append"
    for body in ({"segment_index": 0}, {"media": "AAAA"}, {"media": "no base64", "segment_index": 0},
                 {"media": "AAAA", "segment_index": 0, "media_id": name}):  # fmt: skip
        assert ask(fake, "POST", path.format(name), json=body).status_code == 400
    files = {"media": ("chunk", b"x", "application/octet-stream")}
    form = {"segment_index": "0", "command": "APPEND"}
    assert ask(fake, "POST", path.format(name), data=form, files=files).status_code == 400
    assert append(fake, "1", 0, b"x").status_code == 404


@pytest.mark.parametrize("alt", ["", "a" * 1001, None])
def test_an_alt_text_has_1_to_1000_characters(fake: FakeX, alt: str | None) -> None:
    body = {"id": upload(fake, pictures.png()), "metadata": {"alt_text": {"text": alt}}}
    assert ask(fake, "POST", "/2/media/metadata", json=body).status_code == 400


def test_media_needs_its_scope_and_its_owner_and_has_a_day(fake: FakeX, clock: Clock) -> None:
    body = {"media_category": "tweet_image", "media_type": "image/png", "total_bytes": 70}
    bare = fake.grant("tweet.read tweet.write users.read")
    assert ask(fake, "POST", "/2/media/upload/initialize", bare, json=body).status_code == 403
    name = upload(fake, pictures.png())
    assert post(fake, token=fake.grant(user="9"), media={"media_ids": [name]}).status_code == 400
    clock.now += timedelta(days=1)
    assert post(fake, token=fake.grant(), media={"media_ids": [name]}).status_code == 400
