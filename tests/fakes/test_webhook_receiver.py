"""The fake receiver, against the specification's own worked example and against what it must refuse."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.conftest import Clock
from tests.fakes import http_fake
from tests.fakes.webhook_receiver import FakeReceiver, key_of

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EVENT = {"type": "draft.approved", "timestamp": "2026-11-20T09:00:00Z", "data": {"id": "p1"}}


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def receiver(clock: Clock) -> Any:
    with FakeReceiver(SECRET, clock) as fake:
        yield fake


def sign(name: str, stamp: str, body: bytes, key: bytes = KEY) -> str:
    mac = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode()


def deliver(
    receiver: FakeReceiver, name: str = "msg_1", event: Any = EVENT, at: datetime = START, **headers: str
) -> httpx2.Response:
    body, stamp = json.dumps(event).encode(), str(int(at.timestamp()))
    signed = {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": sign(name, stamp, body)}
    sent = {"Content-Type": "application/json"} | signed | {k.replace("_", "-"): v for k, v in headers.items()}
    return httpx2.post(receiver.url, content=body, headers={name: value for name, value in sent.items() if value})


def test_a_signed_event_is_taken(receiver: FakeReceiver) -> None:
    assert deliver(receiver).status_code == 200
    assert receiver.posts() == [EVENT]


def test_the_libraries_test_vector_holds() -> None:
    """The vector that the Standard Webhooks libraries share in their tests."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signature = sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}', key)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_repeat_counts_once(receiver: FakeReceiver, clock: Clock) -> None:
    deliver(receiver)
    clock.now += timedelta(minutes=30)
    assert deliver(receiver, at=clock.now).status_code == 200
    assert (len(receiver.posts()), receiver.seen, receiver.changed) == (1, {"msg_1": 2}, [])


def test_an_id_used_for_another_event_is_noticed(receiver: FakeReceiver) -> None:
    deliver(receiver)
    deliver(receiver, event={**EVENT, "data": {"id": "p2"}})
    assert (receiver.posts(), receiver.changed) == ([EVENT], ["msg_1"])


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"webhook_id": ""}, "missing"),
        ({"webhook_timestamp": ""}, "missing"),
        ({"webhook_signature": ""}, "missing"),
        ({"webhook_id": "msg_2"}, "no matching signature"),
        ({"webhook_timestamp": "1795165201"}, "no matching signature"),
        ({"webhook_timestamp": "2026-11-20T09:00:00Z"}, "no integer"),
        ({"webhook_signature": "v1,AAAA"}, "no matching signature"),
        ({"webhook_signature": "v1,not base64 at all"}, "no matching signature"),
    ],
)
def test_what_is_not_proven_is_refused(receiver: FakeReceiver, headers: dict[str, str], words: str) -> None:
    answer = deliver(receiver, **headers)
    assert answer.status_code == 401
    assert words in answer.json()["error"]
    assert receiver.posts() == []


def test_a_signature_of_another_version_proves_nothing(receiver: FakeReceiver) -> None:
    body, stamp = json.dumps(EVENT).encode(), str(int(START.timestamp()))
    assert deliver(receiver, webhook_signature=sign("msg_1", stamp, body).replace("v1,", "v1a,")).status_code == 401


def test_one_good_signature_of_several_is_enough(receiver: FakeReceiver) -> None:
    body, stamp = json.dumps(EVENT).encode(), str(int(START.timestamp()))
    both = f"{sign('msg_1', stamp, body, b'k' * 32)} {sign('msg_1', stamp, body)}"
    assert deliver(receiver, webhook_signature=both).status_code == 200


def test_a_body_changed_after_signing_is_refused(receiver: FakeReceiver) -> None:
    body, stamp = json.dumps(EVENT).encode(), str(int(START.timestamp()))
    headers = {"webhook-id": "m", "webhook-timestamp": stamp, "webhook-signature": sign("m", stamp, body)}
    compact = json.dumps(EVENT, separators=(",", ":")).encode()
    headers["Content-Type"] = "application/json"
    assert httpx2.post(receiver.url, content=compact, headers=headers).status_code == 401


@pytest.mark.parametrize(("away_s", "status"), [(-300, 200), (-301, 401), (300, 200), (301, 401)])
def test_the_timestamp_is_within_five_minutes(receiver: FakeReceiver, away_s: int, status: int) -> None:
    assert deliver(receiver, at=START + timedelta(seconds=away_s)).status_code == status


@pytest.mark.parametrize("event", [[], "draft.approved", {"type": "x", "data": {}}])
def test_a_body_without_the_usual_parts_is_refused(receiver: FakeReceiver, event: Any) -> None:
    assert deliver(receiver, event=event).status_code == 400
    assert receiver.seen == {}


def test_a_full_stop_in_the_id_is_refused(receiver: FakeReceiver) -> None:
    assert deliver(receiver, "msg.1").status_code == 401


def test_only_post_is_taken(receiver: FakeReceiver) -> None:
    assert httpx2.get(receiver.url).status_code == 405


def test_gone_is_gone(receiver: FakeReceiver) -> None:
    receiver.gone = True
    assert deliver(receiver).status_code == 410
    assert receiver.posts() == []


def test_a_lost_answer_and_its_repeat_are_one_event(receiver: FakeReceiver) -> None:
    receiver.script("POST /hook", http_fake.lost_answer(), http_fake.too_many(5))
    with pytest.raises(httpx2.TransportError):
        deliver(receiver)
    assert deliver(receiver).status_code == 429
    assert deliver(receiver).status_code == 200
    assert receiver.posts() == [EVENT]


@pytest.mark.parametrize("secret", ["whsec_c2hvcnQ=", "whpk_" + base64.b64encode(KEY).decode(), "whsec_???", ""])
def test_a_secret_of_another_form_is_no_secret(secret: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        FakeReceiver(secret)
