"""The frame's faults: what the client sees, and what happened all the same."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.conftest import Clock
from tests.fakes import http_fake
from tests.fakes.http_fake import Answer, Call, FakeServer

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Shelf(FakeServer):
    """The smallest platform: it keeps what it is sent."""

    routes = (("POST", r"/things/(\w+)", "put"), ("GET", r"/things", "list"))

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.things: list[tuple[str, datetime]] = []

    def put(self, call: Call, name: str) -> Answer:
        self.things.append((name, self.now()))
        return Answer(201, {"name": name, "sent": call.json if isinstance(call.json, dict) else None})

    def list(self, call: Call) -> Answer:
        return Answer(200, [name for name, _ in self.things])


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def shelf(clock: Clock) -> Any:
    with Shelf(clock) as fake:
        yield fake


def post(shelf: Shelf, name: str, **more: Any) -> httpx2.Response:
    return httpx2.post(f"{shelf.base_url}/things/{name}", **({"json": {"a": 1}} | more))


def test_it_keeps_a_journal_of_what_arrived(shelf: Shelf) -> None:
    answer = post(shelf, "cup", params={"q": "x"}, headers={"X-Mine": "yes"})
    assert (answer.status_code, answer.json()) == (201, {"name": "cup", "sent": {"a": 1}})
    (call,) = shelf.calls("POST /things/*")
    assert (call.method, call.path, call.query, call.json) == ("POST", "/things/cup", {"q": ["x"]}, {"a": 1})
    assert (call.headers["x-mine"], call.at, call.status, call.processed) == ("yes", START, 201, True)


def test_it_reads_forms_files_and_chunks(shelf: Shelf) -> None:
    post(shelf, "a", json=None, data={"name": "Ada", "ids[]": ["1", "2"]})
    post(shelf, "b", json=None, data={"note": "ünï"}, files={"file": ("a.png", b"\x89PNG\r\n\x1a\n\x00", "image/png")})
    post(shelf, "c", json=None, content=iter([b"one", b"two"]))
    form, multipart, chunked = shelf.journal
    assert form.form == {"name": ["Ada"], "ids[]": ["1", "2"]}
    assert multipart.field("note") == "ünï"
    file = multipart.files["file"]
    assert (file.filename, file.content_type, file.data) == ("a.png", "image/png", b"\x89PNG\r\n\x1a\n\x00")
    assert chunked.body == b"onetwo"


def test_a_path_or_method_that_is_not_there_is_an_error(shelf: Shelf) -> None:
    assert httpx2.post(f"{shelf.base_url}/thinks/cup").status_code == 404
    assert httpx2.put(f"{shelf.base_url}/things/cup").status_code == 404
    assert shelf.things == []


def test_refusals_are_answered_and_change_nothing(shelf: Shelf) -> None:
    shelf.script("POST /things/*", http_fake.too_many(7), http_fake.refuse(503, {"error": "later"}))
    assert post(shelf, "cup").headers["Retry-After"] == "7"
    assert post(shelf, "cup").json() == {"error": "later"}
    assert (shelf.things, shelf.left) == ([], 0)
    assert post(shelf, "cup").status_code == 201


def test_a_fault_waits_for_its_own_endpoint(shelf: Shelf) -> None:
    shelf.script("POST /things/cup", http_fake.refuse(500), times=2)
    assert httpx2.get(f"{shelf.base_url}/things").status_code == 200
    assert [post(shelf, name).status_code for name in ("jug", "cup", "cup", "cup")] == [201, 500, 500, 201]


@pytest.mark.parametrize("fault", [http_fake.unread(), http_fake.unprocessed()], ids=lambda fault: fault.name)
def test_a_cut_before_processing_leaves_nothing(shelf: Shelf, fault: http_fake.Fault) -> None:
    shelf.script("POST /things/*", fault)
    with pytest.raises(httpx2.TransportError):
        post(shelf, "cup")
    (call,) = shelf.journal
    assert (shelf.things, call.status, call.processed) == ([], None, False)
    assert (call.body == b"") is (fault.name == "unread")


def test_a_lost_answer_did_what_was_asked(shelf: Shelf) -> None:
    shelf.script("POST /things/*", http_fake.lost_answer(), http_fake.lost_answer(502))
    with pytest.raises(httpx2.TransportError):
        post(shelf, "cup")
    assert post(shelf, "jug").status_code == 502
    assert [name for name, _ in shelf.things] == ["cup", "jug"]


def test_a_late_commit_turns_up_when_the_clock_says_so(shelf: Shelf, clock: Clock) -> None:
    shelf.script("POST /things/*", http_fake.late(90), http_fake.late(30, status=504))
    with pytest.raises(httpx2.TransportError):
        post(shelf, "cup")
    assert post(shelf, "jug").status_code == 504
    assert (httpx2.get(f"{shelf.base_url}/things").json(), shelf.waiting) == ([], 2)
    clock.now += timedelta(seconds=60)
    assert httpx2.get(f"{shelf.base_url}/things").json() == ["jug"]
    clock.now += timedelta(seconds=600)
    shelf.settle()
    assert shelf.things == [("jug", START + timedelta(seconds=30)), ("cup", START + timedelta(seconds=90))]
    assert shelf.waiting == 0


def test_a_slow_answer_outlasts_an_impatient_client(shelf: Shelf) -> None:
    shelf.script("POST /things/*", http_fake.slow(0.4), http_fake.slow(0.1))
    with pytest.raises(httpx2.ReadTimeout):
        post(shelf, "cup", timeout=0.1)
    began = time.monotonic()
    assert post(shelf, "jug").status_code == 201
    assert time.monotonic() - began >= 0.1
    assert [name for name, _ in shelf.things] == ["cup", "jug"]


def test_a_mistake_of_the_fake_itself_is_not_kept_quiet(clock: Clock) -> None:
    def fall_over(call: Call) -> Answer:
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"), Shelf(clock) as shelf:
        shelf.list = fall_over
        assert httpx2.get(f"{shelf.base_url}/things").status_code == 500


def test_many_clients_at_once_lose_nothing(shelf: Shelf) -> None:
    threads = [threading.Thread(target=post, args=(shelf, f"t{place}")) for place in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(name for name, _ in shelf.things) == sorted(f"t{place}" for place in range(20))
    assert len(shelf.journal) == 20
