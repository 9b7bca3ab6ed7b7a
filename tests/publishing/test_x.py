"""X, against a strict fake of ours: each post once and found again, whatever X makes of its text."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.drafts import Content
from core.errors import NotConnected
from publishing.connecting import X as NEEDED
from publishing.credentials import Secret
from publishing.platforms.x import X
from publishing.x.words import as_written, same
from tests.fakes import http_fake, pictures, x_text
from tests.fakes.x_fake import FakeX
from tests.publishing.credentials import GivenCredentials
from tests.publishing.dying import die_at
from tests.publishing.making import INES, NOON, Clock
from tests.publishing.posting import ACCOUNT, Stage
from tests.publishing.vaults import vault

PLACE = (INES.id, "x", ACCOUNT)
TEXT = "Rope & <tide> tables 👩‍👩‍👧 &amp; harbour.example\n\nhttps://Harbour.example/walk?a=1&b=2 #Tide"
TWEETS, TOKENS = "POST /2/tweets", "POST /2/oauth2/token"
EVERYWHERE = (
    "POST /2/media/upload/initialize",
    "POST /2/media/upload/*/append",
    "POST /2/media/upload/*/finalize",
    "POST /2/media/metadata",
    TWEETS,
)
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
    monkeypatch.setattr("publishing.platforms.x.WAITS", (0.0,) * 5)


@pytest.fixture
def x(clock: Clock) -> Iterator[FakeX]:
    with FakeX(clock) as fake:
        yield fake


@pytest.fixture
def stage(tmp_path: Path, clock: Clock, x: FakeX) -> Iterator[Stage]:
    credentials = GivenCredentials()
    credentials.connect(*PLACE, settings={"client_id": x.client_id}, facts=facts(x), **secrets(x))
    made = opened(tmp_path / "home", clock, credentials, x)
    yield made
    made.memory.close()


def opened(home: Path, clock: Clock, credentials: Any, x: FakeX) -> Stage:
    return Stage(home, clock, credentials, "x", lambda backstage: X(backstage, x.base_url))


def facts(x: FakeX) -> dict[str, str]:
    return {"id": x.user, "username": x.username}


def secrets(x: FakeX) -> dict[str, str]:
    return {"access_token": x.token, "refresh_token": x.refresh_token, "client_secret": x.client_secret}


def test_the_approved_post_is_what_is_sent(stage: Stage, x: FakeX) -> None:
    row = stage.publish(stage.queue(Content(text=TEXT)))
    [call] = x.journal
    assert (call.path, call.json, call.bearer) == ("/2/tweets", {"text": TEXT}, x.token)
    [post] = x.posts()
    assert (row.state, row.remote_id, row.published_at) == ("published", post["id"], NOON)
    assert row.url == f"https://x.com/ada_example/status/{post['id']}"
    assert not any(secret in json.dumps(row.model_dump(mode="json")) for secret in secrets(x).values())


def test_pictures_come_with_their_words(stage: Stage, x: FakeX) -> None:
    given = (stage.picture("A boat at low tide"), stage.picture("", "red"))
    row = stage.publish(stage.queue(Content(text=TEXT, pictures=given)))
    assert row.state == "published", row.reason
    assert x.posts()[0]["media"] == ["A boat at low tide", ""]
    assert [media.chunks[0] for media in x.media.values()] == [
        stage.memory.files.read(INES.id, picture.sha256) for picture in given
    ]


def test_a_large_picture_goes_in_chunks(stage: Stage, x: FakeX, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publishing.x.api.CHUNK", 40)
    assert stage.publish(stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))).state == "published"
    assert len(x.calls("POST /2/media/upload/*/append")) > 2


def test_a_moving_picture_is_waited_for(stage: Stage, x: FakeX) -> None:
    kept = stage.memory.files.add(INES.id, pictures.GIF, mime="image/gif", size=(1, 1))
    moving = stage.picture("x").model_copy(
        update={"sha256": kept.sha256, "mime": "image/gif", "bytes": kept.bytes, "alt": "A wave"}
    )
    row = stage.publish(stage.queue(Content(text=TEXT, pictures=(moving,))))
    assert (row.state, x.posts()[0]["media"]) == ("published", ["A wave"]), row.reason
    assert len(x.calls("GET /2/media/upload")) == 2


def test_a_thread_replies_to_itself(stage: Stage, x: FakeX) -> None:
    first = stage.queue(Content(text="One\n\n---\n\nTwo\n\n---\n\nThree", pictures=(stage.picture("A boat"),)))
    x.script(TWEETS, http_fake.slow(0), http_fake.lost_answer())  # the second's answer is lost
    for _ in range(4):
        stage.desk.publish_due()
        stage.clock.pass_by(minutes=6)
    rows = stage.memory.publications.thread(first)
    one, two, three = x.posts()
    assert [row.state for row in rows] == ["published"] * 3
    assert [post["text"] for post in (one, two, three)] == ["One", "Two", "Three"]
    assert (one["reply_to"], two["reply_to"], three["reply_to"]) == (None, one["id"], two["id"])


@pytest.mark.parametrize("ai", [True, False])
def test_the_label_is_that_of_the_approved_disclosure(stage: Stage, x: FakeX, ai: bool) -> None:
    payload = {"channel": "x", "text": "Said", "disclosure": {"ai": ai, "line": None}}
    assert stage.publish(stage.queue(Content(text="Said"), payload=payload)).state == "published"
    assert x.posts()[0]["made_with_ai"] is ai


@pytest.mark.parametrize("fault", UNCLEAR, ids=lambda fault: fault.name)
@pytest.mark.parametrize("where", EVERYWHERE)
def test_whatever_is_lost_at_any_request_it_is_one_post(
    stage: Stage, x: FakeX, where: str, fault: http_fake.Fault
) -> None:
    x.script(where, fault)
    row = stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))
    live = stage.until_published(row, rounds=5)
    assert (live.state, live.remote_id, x.left) == ("published", x.posts()[0]["id"], 0), live.reason
    assert [(post["text"], post["media"]) for post in x.posts()] == [(TEXT, ["A boat"])]


def test_a_sender_killed_at_any_moment_leaves_one_post(stage: Stage, x: FakeX) -> None:
    moment = 1
    while True:
        x.grants[x.token].until = stage.clock() + timedelta(hours=2)
        row = stage.queue(Content(text=f"Killed at {moment}", pictures=(stage.picture("A boat"),)))
        if not die_at(stage, moment):
            break
        live = stage.until_published(row, rounds=6)
        assert live.state == "published", (moment, live.reason)
        stage.clock.pass_by(minutes=10)
        moment += 1
    assert moment == 16  # five requests and five commits
    assert [post["text"] for post in x.posts()] == [f"Killed at {number}" for number in range(1, moment + 1)]


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "https://harbour.example",
        "harbour.example/a and harbour.example/a",
        "https://harbour.example/?q=%26&x=&lt;",
        "a < b && c > d; &amp;&lt;",
        "Cafe\u0301 https://example.org/caf%C3%A9/",
        "Trailing space ",
    ],
)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_lost_post_is_found_again_whatever_x_made_of_it(stage: Stage, x: FakeX, text: str, number: int) -> None:
    x.script(TWEETS, http_fake.lost_answer())
    shown = tuple(stage.picture(f"A boat {n}", size=(8 + n, 8)) for n in range(number))
    row = stage.queue(Content(text=text, pictures=shown))
    assert stage.publish(row).state == "unknown"
    stage.clock.pass_by(minutes=6)
    live = stage.publish(row)
    assert (live.state, live.attempts, len(x.calls(TWEETS)), len(x.posts())) == ("published", 1, 1, 1)
    [read] = x.calls("GET /2/users/*/tweets")
    assert read.parameter("start_time") == "2026-11-20T11:50:00Z"


PIECES = [*"ab &<>;.é👩ก\n", "&amp;", " https://a.example/x?y=1&z ", " b.example "]


@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1))
@settings(max_examples=300)
def test_a_text_is_known_again(pieces: list[str]) -> None:
    text = "".join(pieces)
    for keys in ([], ["3_1"], ["3_1", "3_2"]):
        shown, entities = x_text.shown(text, "https://x.com/ada/status/1", keys)
        tweet = {"text": shown, "entities": entities}
        assert same(tweet, text)
        assert not same(tweet, text + "q")


def test_a_text_without_entities_is_only_unescaped() -> None:
    assert as_written({"text": "a &lt;b&gt; &amp;amp; c"}) == "a <b> &amp; c"


def test_other_posts_are_not_taken_for_it(stage: Stage, x: FakeX) -> None:
    x.script(TWEETS, http_fake.unprocessed())
    row = stage.publish(stage.queue(Content(text=TEXT)))
    request = row.request or {}
    earlier = stage.platform.send({**request, "body": {"text": "Something else"}})
    stage.platform.send(
        {**request, "body": {"text": TEXT, "reply": {"in_reply_to_tweet_id": earlier.remote_id}}}
    )  # the same words, elsewhere
    assert stage.platform.look(row) is None


def test_it_is_found_below_a_page_of_later_posts(stage: Stage, x: FakeX) -> None:
    x.script(TWEETS, http_fake.lost_answer())
    row = stage.publish(stage.queue(Content(text=TEXT)))
    [first] = x.tweets.values()
    for number in range(130):
        name = x.new_id()
        x.tweets[name] = replace(first, id=name, text=f"Later {number}")
    stage.clock.pass_by(minutes=6)
    assert (stage.publish(row).state, len(x.calls("GET /2/users/*/tweets"))) == ("published", 2)


def test_a_timeline_that_lags_longer_than_ever_makes_no_second_post(stage: Stage, x: FakeX) -> None:
    """Not found, so sent again; X refuses the duplicate without an id; the next reading finds the first."""
    x.read_lag = timedelta(minutes=14)
    x.script(TWEETS, http_fake.lost_answer())
    row = stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))
    live = stage.until_published(row, rounds=6)
    assert (live.state, live.attempts, len(x.posts())) == ("published", 2, 1), live.reason
    assert [call.status for call in x.calls(TWEETS)] == [None, 403]
    assert len(x.media) == 1  # uploaded once: other ids would have made it another post


def test_a_duplicate_on_the_first_try_is_a_no(stage: Stage, x: FakeX) -> None:
    first = stage.publish(stage.queue(Content(text=TEXT)))
    stage.clock.pass_by(hours=1)
    row = stage.until_published(stage.queue(Content(text=TEXT)))
    assert (row.state, "duplicate content" in row.reason, row.remote_id) == ("rejected", True, None)
    assert [post["id"] for post in x.posts()] == [first.remote_id]


def test_an_older_post_does_not_stand_in_for_one_whose_answer_was_lost(stage: Stage, x: FakeX) -> None:
    stage.publish(stage.queue(Content(text=TEXT)))
    stage.clock.pass_by(hours=1)
    x.script(TWEETS, http_fake.lost_answer())
    left = stage.until_published(stage.queue(Content(text=TEXT)), rounds=14)
    assert (left.state, "duplicate content" in left.reason, len(x.posts())) == ("needs_human", True, 1)


def test_a_restored_backup_finds_the_post_and_sends_nothing(stage: Stage, x: FakeX, tmp_path: Path) -> None:
    row = stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))
    stage.memory.close()
    shutil.copytree(stage.home, tmp_path / "backup")
    first = stage.elsewhere(stage.home)
    live = first.publish(row)
    first.memory.close()
    stage.clock.pass_by(hours=1)
    restored = stage.elsewhere(tmp_path / "backup")
    restored.memory.quarantines.begin(restored_from="backup", backup_made_at=NOON)
    found = restored.until_published(row)
    assert (found.state, found.remote_id, len(x.calls(TWEETS))) == ("published", live.remote_id, 1)
    restored.memory.close()


@pytest.mark.parametrize("status", [400, 403])
def test_a_no_to_the_first_attempt_is_a_no(stage: Stage, x: FakeX, status: int) -> None:
    x.script(TWEETS, http_fake.refuse(status, {"title": "Forbidden", "detail": "Your Tweet text is too long."}))
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert (row.state, "too long" in row.reason, x.posts()) == ("rejected", True, [])


@pytest.mark.parametrize("detail", ["Forbidden", "You are not permitted to perform this action."])
def test_a_no_to_the_account_pauses(stage: Stage, x: FakeX, detail: str) -> None:
    x.script(TWEETS, http_fake.refuse(403, {"title": "Forbidden", "detail": detail}))
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert (row.state, stage.until_published(row).state) == ("paused_auth", "published")


def test_a_quota_is_waited_out(stage: Stage, x: FakeX) -> None:
    x.limits["POST /2/tweets"] = 0
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert (row.state, row.not_before) == ("paused_quota", NOON + timedelta(minutes=15))
    for _ in range(14):
        stage.clock.pass_by(minutes=1)
        stage.desk.publish_due()
    assert len(x.calls(TWEETS)) == 1
    x.limits["POST /2/tweets"] = 100
    assert stage.until_published(row).state == "published"


def test_reading_back_keeps_to_the_quota_too(stage: Stage, x: FakeX) -> None:
    x.script(TWEETS, http_fake.lost_answer())
    row = stage.publish(stage.queue(Content(text=TEXT)))
    x.limits["GET /2/users/:id/tweets"] = 0
    stage.clock.pass_by(minutes=6)
    for _ in range(8):
        stage.desk.publish_due()
        stage.clock.pass_by(minutes=1)
    assert len(x.calls("GET /2/users/*/tweets")) == 1
    x.limits["GET /2/users/:id/tweets"] = 900
    stage.clock.pass_by(minutes=2)
    assert stage.publish(row).state == "published"


def test_uploads_that_end_soon_are_made_anew(stage: Stage, x: FakeX) -> None:
    x.script(TWEETS, http_fake.too_many(84000))
    row = stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))
    stage.publish(row)
    stage.clock.pass_by(hours=23, minutes=30)
    assert (stage.until_published(row).state, x.posts()[0]["media"], len(x.media)) == ("published", ["A boat"], 2)


def test_uploads_that_last_are_used_again(stage: Stage, x: FakeX) -> None:
    x.script(TWEETS, http_fake.too_many(600))
    row = stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),)))
    stage.until_published(row)
    assert (len(x.posts()), len(x.media), len(x.calls("POST /2/media/metadata"))) == (1, 1, 1)


@pytest.mark.parametrize("public", [False, True])
def test_a_refused_token_is_renewed_once_and_the_new_pair_is_kept_first(stage: Stage, x: FakeX, public: bool) -> None:
    x.public_client = public
    if public:
        stage.credentials.secrets[PLACE].values.pop("client_secret")
    x.revoke(x.token)
    assert stage.publish(stage.queue(Content(text=TEXT))).state == "published"
    kept = stage.credentials.get(*PLACE).values
    assert kept["refresh_token"] != x.refresh_token and kept["refresh_token"] in x.refreshes
    stage.clock.pass_by(hours=3)  # the second token has ended by then, as its answer said
    assert stage.publish(stage.queue(Content(text="Another"))).state == "published"
    assert [call.status for call in x.calls(TWEETS)] == [401, 201, 201]


@pytest.mark.parametrize("said", ["invalid_request", "invalid_grant"])
def test_a_dead_refresh_token_pauses_and_says_why(
    tmp_path: Path, clock: Clock, x: FakeX, stage: Stage, said: str
) -> None:
    """By most reports X says invalid_request with words of its own, where the standard has invalid_grant."""
    x.refused_refresh = said
    held = vault(stage.memory, stage.home, clock)
    held.connect(*PLACE, Secret(values=secrets(x)), settings={"client_id": x.client_id}, facts=facts(x))
    mine = opened(stage.home, clock, held, x)
    x.revoke(x.token)
    x.revoke(x.refresh_token)
    row = mine.publish(mine.queue(Content(text=TEXT)))
    assert (row.state, said in row.reason, held.has(*PLACE)) == ("paused_auth", True, False)
    calls = len(x.journal)
    clock.pass_by(hours=1)
    mine.desk.publish_due()
    assert len(x.journal) == calls
    fresh = {**secrets(x), "access_token": x.grant(), "refresh_token": x.grant_refresh()}
    held.connect(*PLACE, Secret(values=fresh), settings={"client_id": x.client_id}, facts=facts(x))
    assert (mine.until_published(row).state, len(x.posts())) == ("published", 1)
    mine.memory.close()


@pytest.mark.parametrize(
    "fault",
    [
        http_fake.refuse(400, {"error": "invalid_request", "error_description": "Missing required parameter."}),
        http_fake.refuse(401, {"error": "unauthorized_client"}),
        http_fake.refuse(503),
        http_fake.unprocessed(),
    ],
    ids=str,
)
def test_anything_else_disconnects_nothing(
    tmp_path: Path, clock: Clock, x: FakeX, stage: Stage, fault: http_fake.Fault
) -> None:
    held = vault(stage.memory, stage.home, clock)
    held.connect(*PLACE, Secret(values=secrets(x)), settings={"client_id": x.client_id}, facts=facts(x))
    mine = opened(stage.home, clock, held, x)
    x.revoke(x.token)
    x.script(TOKENS, fault)
    row = mine.queue(Content(text=TEXT))
    assert (mine.publish(row).state, held.has(*PLACE), x.posts()) == ("paused_quota", True, [])
    assert mine.until_published(row).state == "published"
    mine.memory.close()


CHILD = """
import sys
from pathlib import Path
from core.errors import GreenroomError
from memory import Memory
from publishing.backstage import Backstage
from publishing.platforms.x import X
from tests.publishing.making import Clock
from tests.publishing.vaults import vault

home, url = Path(sys.argv[1]), sys.argv[2]
memory = Memory.open(home, clock=Clock())
held = vault(memory, home, Clock())
platform = X(Backstage(home, memory, held, Clock()), url)
sys.stdin.read(1)
print(platform.test("ines", "ines.example").account)
"""


def test_two_processes_use_a_rotating_token_once(clock: Clock, x: FakeX, stage: Stage) -> None:
    """Both find the access token ended; one renews it, the other gets what came of that."""
    held = vault(stage.memory, stage.home, clock)
    held.connect(*PLACE, Secret(values=secrets(x)), settings={"client_id": x.client_id}, facts=facts(x))
    x.revoke(x.token)
    x.script(TOKENS, http_fake.slow(0.3))
    root = str(Path(__file__).parents[2])
    env = {**os.environ, "PYTHONPATH": root}
    given = [sys.executable, "-c", CHILD, str(stage.home), x.base_url]
    children = [
        subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root, env=env, text=True)
        for _ in range(2)
    ]
    for child in children:
        child.stdin.write("g")
        child.stdin.flush()
    said = [child.communicate(timeout=60)[0].strip() for child in children]
    assert said == ["@ada_example"] * 2
    assert len(x.calls(TOKENS)) == 1
    assert held.get(*PLACE).values["refresh_token"] in x.refreshes


def test_whose_token_it_is_is_asked_where_it_is_not_known(stage: Stage, x: FakeX) -> None:
    stage.credentials.known[PLACE] = {}
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert (row.state, "of @ada_example, not of ines.example" in row.reason) == ("paused_auth", True)
    assert x.posts() == []


def test_a_reconnection_to_another_account_does_not_get_the_repeat(stage: Stage, x: FakeX) -> None:
    x.script(TWEETS, http_fake.unprocessed())
    row = stage.publish(stage.queue(Content(text=TEXT)))
    stage.credentials.known[PLACE] = {"id": "7", "username": "else"}
    with pytest.raises(NotConnected, match="another account"):
        stage.platform.send(row.request or {})


def test_a_picture_that_failed_there_is_a_person_s(stage: Stage, x: FakeX) -> None:
    failed = {"data": {"id": "1", "expires_after_secs": 86400, "processing_info": {"state": "failed"}}}
    x.script("POST /2/media/upload/*/finalize", http_fake.refuse(200, failed))
    row = stage.publish(stage.queue(Content(text=TEXT, pictures=(stage.picture("A boat"),))))
    assert (row.state, "can't use a picture" in row.reason) == ("needs_human", True)


def test_deleting_twice_is_fine(stage: Stage, x: FakeX) -> None:
    row = stage.publish(stage.queue(Content(text=TEXT)))
    assert stage.desk.delete(row.id).state == "deleted"
    assert x.posts() == []
    stage.platform.delete(row)


def test_a_test_says_who_it_is(stage: Stage, x: FakeX) -> None:
    seen = stage.platform.test(INES.id, ACCOUNT)
    assert (seen.account, seen.facts, x.posts()) == ("@ada_example", facts(x), [])


def test_what_is_asked_for_is_what_is_needed(stage: Stage) -> None:
    assert {field.name for field in NEEDED.plain} == set(stage.credentials.connections[PLACE])
    assert {field.name for field in NEEDED.secrets} == set(stage.credentials.secrets[PLACE].values)
