"""Record keys, records, and looking a handle up: without a server, or with one that misbehaves."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical import sha256
from core.drafts import Content, Picture
from memory import Memory
from publishing import compose, lookup
from publishing.bluesky import record
from publishing.bluesky.session import ends_at
from publishing.bluesky.tid import ALPHABET, tid
from publishing.lookup import did_of
from publishing.wire.context import Page
from tests.fakes.bluesky_directory import Directory
from tests.fakes.http_fake import Fault, refuse
from tests.publishing.making import NOON, Clock, context

MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
STABLE = st.text("0123456789abcdef", min_size=64, max_size=64)
SCRIPTS = ["ภาษาไทย", "हिन्दी में", "👩‍👩‍👧‍👦", "🇳🇴🇯🇵", "A\u030ase", "שלום", "日本。", "plain", "\n"]
MARKED = ["https://example.org/a", "#ภาษา", "#क्षेत्र", "#spra\u030ak", "@ines.example"]
DIDS = {"ines.example": "did:plc:ines"}


@given(MOMENTS, STABLE, st.integers(1, 40))
def test_a_key_is_a_tid_and_the_same_whenever_it_is_made(made_at: datetime, stable: str, part: int) -> None:
    key = tid(made_at, stable, part)
    assert len(key) == 13
    assert key[0] in "234567abcdefghij", "the first of 64 bits is 0"
    assert set(key) <= set(ALPHABET)
    assert key == tid(made_at.replace(microsecond=0), stable, part)


@given(MOMENTS, STABLE, st.integers(1, 39))
def test_keys_stand_in_the_order_of_time_and_of_parts(made_at: datetime, stable: str, part: int) -> None:
    first = tid(made_at, stable, part)
    assert first < tid(made_at, sha256(stable), part + 1)
    assert first < tid(made_at + timedelta(seconds=1), sha256(stable), part)


def test_posts_of_one_second_have_keys_of_their_own() -> None:
    assert len({tid(NOON, sha256(["post", number])) for number in range(20_000)}) == 20_000


def test_a_key_says_its_second() -> None:
    number = 0
    for char in tid(NOON, "f" * 64):
        number = number * 32 + ALPHABET.index(char)
    assert (number >> 10) // 1_000_000 == int(NOON.timestamp())


@settings(deadline=None)  # the first one reads the channels' files
@given(
    st.lists(st.tuples(st.sampled_from(SCRIPTS), st.sampled_from(MARKED)), min_size=1, max_size=6), st.integers(0, 5)
)
def test_facets_of_every_post_of_a_thread_cut_their_own_bytes(pairs: list[tuple[str, str]], cut: int) -> None:
    words = [f"{piece} {marked} " for piece, marked in pairs]
    text = "".join(words[:cut]) + "\n---\n" + "".join(words[cut:])
    payload = json.loads(json.dumps(compose("bluesky", Content(text=text), context(dids=DIDS))))
    found = []
    for post in payload.get("parts") or [payload]:
        made = record.record_of(post, blobs={}, reply=None, now=NOON)
        data = made["text"].encode()
        found += [
            data[each["index"]["byteStart"] : each["index"]["byteEnd"]].decode() for each in made.get("facets", [])
        ]
        assert record.says(made, post)
        assert not record.says({**made, "text": made["text"] + "!"}, post)
    assert found == [marked for _, marked in pairs]


def test_a_record_with_other_pictures_or_links_is_another_post() -> None:
    picture = Picture(sha256="a" * 64, mime="image/png", bytes=9, width=1, height=1, alt="A boat")
    post = compose("bluesky", Content(text="Boats #tides", pictures=(picture,)), context())
    blob = {"$type": "blob", "ref": {"$link": record.blob_id("a" * 64)}, "mimeType": "image/png", "size": 9}
    made = record.record_of(post, blobs={"a" * 64: blob}, reply=None, now=NOON)
    assert record.says(made, post)
    assert not record.says({key: value for key, value in made.items() if key != "embed"}, post)
    assert not record.says({key: value for key, value in made.items() if key != "facets"}, post)
    assert record.says({**made, "createdAt": "2020-01-01T00:00:00Z"}, post)


def test_the_id_of_a_blob_is_the_one_that_servers_give() -> None:
    empty = sha256(b"")
    assert record.blob_id(empty) == "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See https://tide.example/41", "https://tide.example/41"),
        ("See tidewater.org/41/ #tides", "https://tidewater.org/41/"),
        ("https://tide.example/41 then https://elsewhere.example", None),
        ("No link", None),
    ],
)
def test_a_card_only_for_the_last_link_and_only_of_an_own_page(text: str, shown: str | None) -> None:
    urls = ("https://www.tide.example/41?utm_source=x", "https://tidewater.org/41")
    pages = tuple(Page(url=url, title="Who owns the tide") for url in urls)
    embed = compose("bluesky", Content(text=text), context(pages=pages)).get("embed")
    assert (embed or {}).get("uri") == shown


@pytest.mark.parametrize("token", ["", "a.b", "opaque", "e30.bm8.x", "e30.W10.x", "e30.eyJleHAiOiJ4In0.x"])
def test_a_token_that_is_not_for_us_to_read_has_no_known_end(token: str) -> None:
    assert ends_at(token) is None


@pytest.fixture
def directory() -> Iterator[Directory]:
    with Directory({"marit.example": "did:plc:marit"}) as fake:
        yield fake


def test_a_handle_is_looked_up_without_credentials(directory: Directory) -> None:
    assert did_of("marit.example", directory.base_url) == "did:plc:marit"
    assert did_of("nobody.example", directory.base_url) is None
    assert [call.headers.get("Authorization") for call in directory.calls()] == [None, None]


@pytest.mark.parametrize(
    "fault",
    [
        refuse(500),
        refuse(429),
        refuse(302, None, Location="http://127.0.0.1:1/"),
        refuse(200, b"<html>"),
        refuse(200, []),
        refuse(200, {"did": 7}),
        refuse(200, {"did": "did:plc:a\nb"}),
        refuse(200, {"did": "https://evil.example"}),
        Fault("cut"),
        Fault("slow", delay_s=0.5, process=True, own_answer=True),
    ],
)
def test_whatever_goes_wrong_the_handle_is_just_not_known(
    directory: Directory, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "TIMEOUT_S", 0.2)
    directory.script("*", fault)
    assert did_of("marit.example", directory.base_url) is None


@pytest.mark.parametrize("service", ["http://127.0.0.1:1", "not a url", "ftp://127.0.0.1", ""])
def test_a_service_that_is_none_is_no_failure(service: str) -> None:
    assert did_of("marit.example", service) is None


def test_known_accounts_count_for_a_week(memory: Memory, clock: Clock) -> None:
    known = memory.known_accounts
    known.keep("bluesky", "Marit.example", "did:plc:old")
    known.keep("bluesky", "marit.example", "did:plc:marit")
    assert known.get("bluesky", ["MARIT.example", "nobody.example"]) == {"marit.example": "did:plc:marit"}
    assert known.get("mastodon", ["marit.example"]) == {}
    assert known.get("bluesky", []) == {}
    clock.pass_by(days=7)
    assert known.get("bluesky", ["marit.example"]) == {}
