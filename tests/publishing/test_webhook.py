"""Webhooks, against a strict fake receiver of the Standard Webhooks convention: signed, folded, never guessed."""

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.canonical import canonical, instant
from core.drafts import Content
from core.errors import NotConnected, Refused
from publishing.approval import check
from publishing.connecting import WEBHOOK
from publishing.credentials import Secret
from publishing.platforms.webhook import Webhook, signed, signing_keys
from tests.fakes import http_fake
from tests.fakes.webhook_receiver import FakeReceiver
from tests.publishing.credentials import GivenCredentials
from tests.publishing.making import INES, NOON, Clock
from tests.publishing.posting import ACCOUNT, Stage

OLD, NEW = ("whsec_" + base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
PIECE = Content(
    title="What the tide left", text="Nobody **owns** 👩‍👩‍👧 it: https://harbour.example/walk", tags=("Tide", "#tide")
)
PLACE = (INES.id, "webhook", ACCOUNT)


@pytest.fixture
def receiver(clock: Clock) -> Iterator[FakeReceiver]:
    with FakeReceiver(OLD, clock) as fake:
        yield fake


@pytest.fixture
def stage(tmp_path: Path, clock: Clock, receiver: FakeReceiver) -> Iterator[Stage]:
    credentials = GivenCredentials()
    settings = {"url": f"{receiver.url}?token=hidden", "folds_repeats": "yes"}
    credentials.connect(*PLACE, settings=settings, signing_secret=OLD)
    made = Stage(tmp_path / "home", clock, credentials, "webhook", Webhook)
    yield made
    made.memory.close()


def test_the_approved_object_arrives_signed_and_once(stage: Stage, receiver: FakeReceiver) -> None:
    row = stage.publish(stage.queue(PIECE))
    [event] = receiver.posts()
    payload = row.request["payload"]
    assert event == {**payload["body"], "id": row.key, "timestamp": instant(NOON)}
    assert event["data"] == {
        "title": "What the tide left",
        "text": PIECE.text,
        "html": '<p>Nobody <strong>owns</strong> 👩‍👩‍👧 it: <a href="https://harbour.example/walk">https://harbour.example/walk</a></p>\n',
        "tags": ["Tide"],
        "links": ["https://harbour.example/walk"],
        "language": "en",
        "pictures": [],
    }
    [call] = receiver.calls("POST /hook")
    assert (call.body, call.query) == (canonical(event), {"token": ["hidden"]})
    assert (row.state, row.remote_id, row.published_at) == ("published", row.key, NOON)
    assert row.url == f"{receiver.base_url}/"  # the address itself may be a secret
    assert "hidden" not in json.dumps(row.model_dump(mode="json"))


def test_pictures_travel_with_their_bytes(stage: Stage, receiver: FakeReceiver) -> None:
    shown = stage.picture("A boat at low tide")
    row = stage.publish(stage.queue(PIECE.model_copy(update={"pictures": (shown,)})))
    [picture] = receiver.posts()[0]["data"]["pictures"]
    assert base64.b64decode(picture.pop("base64")) == stage.memory.files.read(INES.id, shown.sha256)
    assert picture == row.request["payload"]["media"][0]
    assert "base64" not in json.dumps(row.request)


def test_a_swapped_picture_is_not_sent(stage: Stage, receiver: FakeReceiver) -> None:
    shown = stage.picture("A boat at low tide")
    row = stage.queue(PIECE.model_copy(update={"pictures": (shown,)}))
    stage.memory.files.path(INES.id, shown.sha256).write_bytes(b"another")
    stopped = stage.publish(row)
    assert stopped.state in ("cancelled", "needs_human")  # the approval check sees it first
    assert receiver.calls() == []


def test_the_sender_itself_looks_at_pictures_too(stage: Stage) -> None:
    shown = stage.picture("A boat at low tide")
    row = stage.queue(PIECE.model_copy(update={"pictures": (shown,)}))
    found = check(stage.memory, row, stage.clock())
    stage.memory.files.path(INES.id, shown.sha256).write_bytes(b"another")
    with pytest.raises(Refused, match="is not the one that was approved"):
        stage.platform.prepare(found, lambda handles: None)


def test_a_lost_answer_and_its_repeat_are_one_event(stage: Stage, receiver: FakeReceiver) -> None:
    receiver.script("POST /hook", http_fake.lost_answer())
    row = stage.queue(PIECE)
    assert stage.publish(row).state == "unknown"
    stage.clock.pass_by(minutes=30)  # a timestamp of then would be refused by now
    live = stage.publish(row)
    assert (live.state, live.attempts, receiver.seen, receiver.changed) == ("published", 2, {live.key: 2}, [])
    assert len(receiver.posts()) == 1


@pytest.mark.parametrize(
    "fault",
    [http_fake.unread(), http_fake.unprocessed(), http_fake.refuse(503), http_fake.refuse(302), http_fake.late(20)],
)
def test_an_unclear_ending_is_repeated_with_the_same_id_and_bytes(
    stage: Stage, receiver: FakeReceiver, fault: http_fake.Fault
) -> None:
    receiver.script("POST /hook", fault)
    row = stage.queue(PIECE)
    assert stage.publish(row).state == "unknown"
    assert stage.publish(row).attempts == 1  # not before it has settled
    live = stage.until_published(row)
    assert (live.state, len(receiver.posts()), receiver.changed) == ("published", 1, [])


def test_without_a_promise_to_fold_repeats_nothing_is_repeated(stage: Stage, receiver: FakeReceiver) -> None:
    stage.credentials.connections[PLACE].pop("folds_repeats")  # unless the owner says so, no receiver promises it
    receiver.script("POST /hook", http_fake.unprocessed())
    row = stage.queue(PIECE)
    assert stage.platform.idempotency_of(row) == "N"
    stage.publish(row)
    stage.clock.pass_by(hours=2)
    asked = stage.publish(row)
    assert (asked.state, "Look there whether it came" in asked.reason) == ("needs_human", True)
    assert len(receiver.calls("POST /hook")) == 1


def test_a_restored_backup_asks_a_person_who_may_repeat_it(
    stage: Stage, receiver: FakeReceiver, tmp_path: Path
) -> None:
    row = stage.queue(PIECE)
    stage.memory.close()
    shutil.copytree(stage.home, tmp_path / "backup")
    first = stage.elsewhere(stage.home)
    first.publish(row)
    first.memory.close()
    stage.clock.pass_by(hours=1)
    restored = stage.elsewhere(tmp_path / "backup")
    restored.memory.quarantines.begin(restored_from="backup", backup_made_at=NOON)
    assert restored.publish(row).state == "needs_human"
    assert len(receiver.calls("POST /hook")) == 1
    stage.clock.pass_by(minutes=5)
    assert restored.desk.retry(row.id).state == "published"
    assert (len(receiver.posts()), receiver.changed) == (1, [])  # byte for byte the same again
    restored.memory.close()


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [
        (400, "rejected", "says no (400)"),
        (404, "rejected", "says no (404)"),
        (401, "paused_auth", "does not accept the credentials"),
        (429, "paused_quota", "asks to wait"),
    ],
)
def test_a_definite_answer(stage: Stage, receiver: FakeReceiver, status: int, state: str, words: str) -> None:
    receiver.script("POST /hook", http_fake.refuse(status, {"error": "because"}))
    row = stage.publish(stage.queue(PIECE))
    assert (row.state, words in row.reason) == (state, True)
    assert receiver.posts() == []


def test_a_receiver_that_is_gone_pauses_what_is_queued(stage: Stage, receiver: FakeReceiver) -> None:
    receiver.gone = True
    row = stage.queue(PIECE)
    paused = stage.publish(row)
    assert (paused.state, "takes no more posts (410)" in paused.reason) == ("paused_auth", True)
    receiver.gone = False
    assert stage.until_published(row).state == "published"


def test_an_answer_may_say_what_became_of_it(stage: Stage, receiver: FakeReceiver) -> None:
    said = http_fake.Answer(201, {"id": "n_42", "url": "https://notes.example/42"})
    receiver.script("POST /hook", http_fake.Fault("own words", said, process=True))
    row = stage.publish(stage.queue(PIECE))
    assert (row.remote_id, row.url) == ("n_42", "https://notes.example/42")


@pytest.mark.parametrize("said", [{"id": 42, "url": "javascript:x"}, {"id": "", "url": None}, {"id": "x" * 201}, ["x"]])
def test_an_answer_that_makes_no_sense_is_not_taken_over(stage: Stage, receiver: FakeReceiver, said: Any) -> None:
    receiver.script("POST /hook", http_fake.Fault("own words", http_fake.Answer(200, said), process=True))
    row = stage.publish(stage.queue(PIECE))
    assert (row.remote_id, row.url) == (row.key, f"{receiver.base_url}/")


def test_a_secret_is_replaced_without_a_gap(stage: Stage, clock: Clock) -> None:
    with FakeReceiver(NEW, clock) as ready:
        stage.credentials.connections[PLACE]["url"] = ready.url
        refused = stage.publish(stage.queue(PIECE))
        assert (refused.state, ready.posts()) == ("paused_auth", [])
        stage.credentials.keep(*PLACE, Secret(values={"signing_secret": f"{NEW} {OLD}"}))
        assert stage.until_published(refused).state == "published"
        assert len(ready.posts()) == 1
        assert "signed with 2 secrets" in " ".join(stage.platform.test(INES.id, ACCOUNT).notes)


def test_the_signature_is_that_of_the_convention() -> None:
    """The vector that the Standard Webhooks libraries share in their tests."""
    from datetime import UTC, datetime

    keys = signing_keys(Secret(values={"signing_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}))
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', keys)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


@pytest.mark.parametrize("secret", ["", "hunter2", "whsec_c2hvcnQ=", "whsec_???", f"{OLD} hunter2"])
def test_a_secret_that_the_convention_does_not_allow_is_refused_unseen(
    stage: Stage, receiver: FakeReceiver, secret: str
) -> None:
    stage.credentials.secrets[PLACE] = Secret(values={"signing_secret": secret})
    with pytest.raises(NotConnected) as refused:
        stage.platform.test(INES.id, ACCOUNT)
    assert "hunter2" not in f"{refused.value.message} {refused.value.hint}"
    assert stage.publish(stage.queue(PIECE)).state == "paused_auth"
    assert receiver.calls() == []


@pytest.mark.parametrize(
    "address", ["http://hooks.example.org/x", "file:///etc/passwd", "https://a:b@hooks.example.org", ""]
)
def test_a_post_goes_to_no_address_without_encryption(stage: Stage, address: str) -> None:
    stage.credentials.connections[PLACE]["url"] = address
    with pytest.raises(NotConnected):
        stage.platform.test(INES.id, ACCOUNT)
    assert stage.publish(stage.queue(PIECE)).state == "paused_auth"


def test_what_is_asked_for_is_what_is_needed(stage: Stage) -> None:
    assert {field.name for field in WEBHOOK.plain} == set(stage.credentials.connections[PLACE])
    assert {field.name for field in WEBHOOK.secrets} == set(stage.credentials.secrets[PLACE].values)


def test_a_test_sends_nothing(stage: Stage, receiver: FakeReceiver) -> None:
    seen = stage.platform.test(INES.id, ACCOUNT)
    assert (seen.facts, receiver.calls()) == ({"origin": receiver.base_url}, [])
    assert "Nothing was sent" in seen.notes[0]


def test_a_redirect_is_not_followed(stage: Stage, receiver: FakeReceiver, clock: Clock) -> None:
    with FakeReceiver(OLD, clock) as elsewhere:
        receiver.script("POST /hook", http_fake.refuse(307, None, Location=elsewhere.url))
        assert stage.publish(stage.queue(PIECE)).state == "unknown"
        assert elsewhere.calls() == []
