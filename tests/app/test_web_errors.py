"""What comes in is read up to a limit at every door, and what is off is answered in words that repeat none of it."""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI, Request
from fastapi.testclient import TestClient

from app.asking import Asking
from app.body_limit import MOST, MOST_DROPPED, BodyLimit
from app.web_errors import in_words
from core.errors import Busy


class Asked(Asking):
    id: str


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = FastAPI()

    @app.post("/decide")
    def decide(asked: Annotated[Asked, Body()]) -> str:
        return asked.id

    @app.get("/busy")
    def busy() -> None:
        raise Busy("Another process writes.", "Try again in a moment.")

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("<script>")

    @app.post("/{path:path}")
    async def length(request: Request) -> int:
        return len(await request.body())

    in_words(app)
    app.add_middleware(BodyLimit)
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


NO_TEXT = {
    "half a pair": b'{"id": "\\ud800"}',
    "no number": b'{"id": NaN}',
    "no finite number": b'{"id": 1e999}',
    "half a pair as a name": b'{"id": "x", "\\udfff": 1}',
    "no JSON": b"\xff\xfe{",
    "open brackets": b"[" * 100_000,
    "nothing": b"",
    **{f"lists {deep} deep": b'{"id": ' + b"[" * deep + b"]" * deep + b"}" for deep in (200, 450, 900, 5_000, 100_000)},
    **{f"objects {deep} deep": b'{"id": ' * deep + b"1" + b"}" * deep for deep in (200, 450, 900, 5_000)},
}


@pytest.mark.parametrize("body", NO_TEXT.values(), ids=NO_TEXT)
def test_what_is_no_text_is_answered_in_words(client: TestClient, body: bytes) -> None:
    answer = client.post("/decide", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json() == {"done": False, "said": "That was not understood. Nothing was changed."}


def test_errors_are_a_page_to_people_and_an_object_to_scripts(client: TestClient) -> None:
    page = client.get("/busy", headers={"accept": "text/html"})
    assert (page.status_code, "Another process writes. Try again in a moment." in page.text) == (503, True)
    assert client.get("/busy").json()["said"] == "Another process writes. Try again in a moment."
    broken = client.get("/broken", headers={"accept": "text/html"})
    assert (broken.status_code, "the reason is in the log" in broken.text, "<script>" in broken.text) == (
        500, True, False,
    )  # fmt: skip
    assert client.patch("/nowhere").json()["said"] == "This can't be asked for like that."


@pytest.mark.parametrize("path", ["/board/decide", "/calendar/move", "/chat/project/action", "/list/x"])
def test_no_door_reads_more_than_the_limit(client: TestClient, path: str) -> None:
    assert client.post(path, content=b"x" * MOST).json() == MOST
    too_long: list[Any] = [b"x" * (MOST + 1), (b"x" * 65_536 for _ in range(65))]  # told before, and not told at all
    for body in too_long:
        answer = client.post(path, content=body)
        assert (answer.status_code, answer.json()["done"]) == (413, False)


def test_a_dropped_file_may_be_larger_and_has_a_limit_too(client: TestClient) -> None:
    assert client.post("/chat/project/file", content=b"x" * (MOST + 1)).json() == MOST + 1
    told = {"content-length": str(MOST_DROPPED + 1)}
    assert client.post("/chat/project/file", content=b"", headers=told).status_code == 413
