"""Posts on a real Bluesky server: read back as anybody can, byte by byte; cut, killed, restored, and never doubled."""

import base64
import io
import json
import signal
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.errors import NotConnected, Rejected
from core.facets import mentions
from memory import Memory
from publishing.bluesky.session import ends_at
from publishing.credentials import Secret
from publishing.lookup import did_of
from publishing.platform import Approved
from publishing.wire.context import Page
from tests.counterparts.bluesky import BlueskyServer
from tests.publishing.blueskies import PUT, Harbour, Wire, cut_wire, die_at, kill_me
from tests.publishing.making import NOON, Clock
from tests.publishing.vaults import vault

CREATE, REFRESH = "com.atproto.server.createSession", "com.atproto.server.refreshSession"
UPLOAD = "com.atproto.repo.uploadBlob"
MIXED = (
    "ภาษาไทยที่ดี กับ @{handle} และ #ภาษา\n"
    "हिन्दी में https://example.org/a_(b)?q=1 #क्षेत्र 👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇳🇴\n"
    + unicodedata.normalize("NFD", "Åse så #språk")
    + " שלום @{handle}."
)


@pytest.fixture
def harbour(bluesky: BlueskyServer, memory: Memory, clock: Clock) -> Harbour:
    return Harbour(bluesky, memory, clock)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    return cut_wire(monkeypatch)


def png(size: tuple[int, int], shade: str) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", size, shade).save(out, "PNG")
    return out.getvalue()


def token_until(end: datetime) -> str:
    body = base64.urlsafe_b64encode(json.dumps({"exp": int(end.timestamp())}).encode()).decode().rstrip("=")
    return f"e30.{body}.e30"


def sliced(value: dict[str, Any]) -> list[tuple[str, ...]]:
    """Each facet's own bytes, and what it says of them."""
    data = value["text"].encode()
    return [
        (data[each["index"]["byteStart"] : each["index"]["byteEnd"]].decode(), *said.values())
        for each in value["facets"]
        for said in [{key: told for key, told in each["features"][0].items() if key != "$type"}]
    ]


def test_link_hashtags_and_mentions_in_mixed_scripts_arrive_byte_for_byte(harbour: Harbour) -> None:
    friend = harbour.server.create_account("marit")
    text = MIXED.format(handle=friend.handle)
    did = did_of(mentions(text)[0].handle, harbour.server.url)
    assert did == friend.did
    live = harbour.published(text, dids={friend.handle: did})
    [record] = harbour.records()
    assert record["value"]["text"].encode() == text.encode()
    nfd = unicodedata.normalize("NFD", "språk")
    assert sliced(record["value"]) == [
        (f"@{friend.handle}", did),
        ("#ภาษา", "ภาษา"),
        ("https://example.org/a_(b)?q=1", "https://example.org/a_(b)?q=1"),
        ("#क्षेत्र", "क्षेत्र"),
        (f"#{nfd}", nfd),
        (f"@{friend.handle}", did),
    ]
    rkey = record["uri"].rpartition("/")[2]
    assert (live.state, live.remote_id, live.key) == ("published", record["uri"], rkey)
    assert live.url == f"https://bsky.app/profile/{harbour.account.handle}/post/{rkey}"
    assert record["value"]["langs"] == ["en"]
    assert record["value"]["createdAt"] == "2026-11-20T12:00:00.000Z"


def test_a_handle_that_nobody_has_is_not_found(harbour: Harbour) -> None:
    assert did_of("nobody-at-all.test", harbour.server.url) is None
    assert did_of(harbour.account.handle.upper(), harbour.server.url) == harbour.account.did


def test_pictures_arrive_with_their_words_and_their_own_bytes(harbour: Harbour) -> None:
    files = [(png((60, 40), "teal"), (60, 40), "A boat, aground"), (png((40, 60), "navy"), (40, 60), "The tin 🥫")]
    pictures = tuple(harbour.picture(data, "image/png", size, alt) for data, size, alt in files)
    page = Page(url="https://tide.example/1", title="Not shown beside pictures")
    live = harbour.published("Two pictures https://tide.example/1", pictures=pictures, pages=(page,))
    [record] = harbour.records()
    images = record["value"]["embed"]["images"]
    assert record["value"]["embed"]["$type"] == "app.bsky.embed.images"
    assert [(each["alt"], each["aspectRatio"]) for each in images] == [
        ("A boat, aground", {"width": 60, "height": 40}),
        ("The tin 🥫", {"width": 40, "height": 60}),
    ]
    for each, (data, _, _) in zip(images, files, strict=True):
        wanted = {"did": harbour.account.did, "cid": each["image"]["ref"]["$link"]}
        answer = httpx2.get(f"{harbour.server.url}/xrpc/com.atproto.sync.getBlob", params=wanted)
        assert answer.content == data
    assert len([name for name in live.handles if name.startswith("blob:")]) == 2


def test_a_picture_that_was_swapped_on_the_disk_does_not_leave(harbour: Harbour) -> None:
    picture = harbour.picture(png((60, 40), "teal"), "image/png", (60, 40), "A boat")
    row = harbour.queued("A picture", pictures=(picture,))
    harbour.memory.files.path("ines", picture.sha256).write_bytes(png((60, 40), "red"))
    harbour.desk.publish_due()
    assert harbour.row(row).state not in ("published", "armed", "unknown")
    assert harbour.records() == []
    approved = Approved.model_construct(
        publication=row, proposal=harbour.memory.proposals.get("ines", row.proposal_id), decision=None, workspace=None
    )
    with pytest.raises(Rejected, match="its bytes were changed"):  # the sender's own look, should all others fail
        harbour.platform.prepare(approved, lambda _: pytest.fail("something was uploaded"))


def test_uploads_are_kept_over_a_crash_and_done_again_where_the_server_lost_them(harbour: Harbour, wire: Wire) -> None:
    picture = harbour.picture(png((60, 40), "teal"), "image/png", (60, 40), "A boat")
    row = harbour.queued("A picture", pictures=(picture,))
    wire.lose[PUT] = "before"
    harbour.desk.publish_due()
    assert harbour.row(row).state == "unknown"
    no_blob = {"error": "BlobNotFound", "message": "Could not find blob"}
    wire.instead[PUT] = httpx2.Response(400, json=no_blob)
    harbour.clock.pass_by(minutes=5)
    harbour.desk.publish_due()
    assert harbour.row(row).state == "published"
    assert (wire.times(UPLOAD), wire.times(PUT), len(harbour.records())) == (2, 3, 1)


def test_a_card_of_an_own_page(harbour: Harbour) -> None:
    page = Page(url="https://www.tide.example/41/", title="Who owns\nthe tide", description="A tin, a lid.")
    harbour.published("New: https://tide.example/41", pages=(page,))
    [record] = harbour.records()
    assert record["value"]["embed"] == {
        "$type": "app.bsky.embed.external",
        "external": {"uri": "https://tide.example/41", "title": "Who owns the tide", "description": "A tin, a lid."},
    }


def test_a_thread_answers_to_itself(harbour: Harbour) -> None:
    first = harbour.published("One of three #tides\n\n---\n\nTwo of three\n---\nThree of three https://tide.example/3")
    rows = harbour.memory.publications.thread(first)
    assert [row.state for row in rows] == ["published"] * 3
    records = {record["uri"]: record for record in harbour.records()}
    root, second, third = (records[str(row.remote_id)] for row in rows)
    assert [each["value"]["text"] for each in (root, second, third)] == [
        "One of three #tides",
        "Two of three",
        "Three of three https://tide.example/3",
    ]

    def points(record: dict[str, Any]) -> dict[str, str]:
        return {"uri": record["uri"], "cid": record["cid"]}

    assert "reply" not in root["value"]
    assert second["value"]["reply"] == {"root": points(root), "parent": points(root)}
    assert third["value"]["reply"] == {"root": points(root), "parent": points(second)}
    keys = [str(row.key) for row in rows]
    assert keys == sorted(keys)
    assert harbour.memory.proposals.get("ines", first.proposal_id).state == "live"


def test_a_thread_stops_where_a_part_is_gone(harbour: Harbour, wire: Wire) -> None:
    row = harbour.queued("One\n---\nTwo")
    wire.lose["com.atproto.repo.getRecord"] = "before"
    harbour.desk.publish_due()
    first, second = harbour.memory.publications.thread(row)
    assert (first.state, second.state) == ("published", "paused_quota")
    harbour.platform.delete(first)
    harbour.clock.pass_by(minutes=5)
    harbour.desk.publish_due()
    assert harbour.row(second).state == "needs_human"
    assert "Part 1 of the thread is not there any more" in harbour.row(second).reason
    assert harbour.records() == []


@pytest.mark.parametrize(("lost", "puts"), [("after", 1), ("before", 2)])
def test_a_lost_answer_is_read_back_and_a_lost_post_is_sent_again(
    harbour: Harbour, wire: Wire, lost: str, puts: int
) -> None:
    row = harbour.queued("Once, whatever happens")
    wire.lose[PUT] = lost
    harbour.desk.publish_due()
    assert harbour.row(row).state == "unknown"
    harbour.desk.publish_due()
    assert harbour.row(row).state == "unknown", "it is too early to tell"
    harbour.clock.pass_by(minutes=5)
    harbour.desk.publish_due()
    live = harbour.row(row)
    [record] = harbour.records()
    assert (live.state, live.remote_id, wire.times(PUT)) == ("published", record["uri"], puts)
    assert live.published_at == NOON


def test_killed_between_the_send_and_its_commit_there_is_one_post(harbour: Harbour) -> None:
    row = harbour.queued("A real SIGKILL, after the server said yes")
    home = harbour.memory.home
    harbour.memory.close()

    def die(memory: Memory) -> None:
        there = Harbour(harbour.server, memory, harbour.clock, harbour.account)
        desk = there.desk
        desk._dispatcher.published = kill_me  # type: ignore[method-assign]
        desk.publish_due()

    assert die_at(home, die) == signal.SIGKILL
    assert len(harbour.records()) == 1
    memory = Memory.open(home, clock=harbour.clock)
    again = Harbour(harbour.server, memory, harbour.clock, harbour.account)
    assert memory.publications.get(row.id).state == "armed"
    again.clock.pass_by(minutes=5)
    again.desk.publish_due()
    [record] = again.records()
    live = memory.publications.get(row.id)
    assert (live.state, live.remote_id) == ("published", record["uri"])
    memory.close()


def test_the_same_request_twice_is_one_post(harbour: Harbour) -> None:
    row = harbour.published("Sent twice")
    before = harbour.records()
    delivery = harbour.platform.send(row.request or {})
    assert (delivery.remote_id, harbour.records()) == (row.remote_id, before)


def test_a_put_never_overwrites(harbour: Harbour) -> None:
    row = harbour.published("Mine")
    before = harbour.records()
    other = {**(row.request or {}), "record": {**(row.request or {})["record"], "text": "Yours"}}
    with pytest.raises(Exception, match="InvalidSwap"):
        harbour.platform.send(other)
    assert harbour.records() == before
    changed = row.model_copy(update={"request": {**(row.request or {}), "payload": {"text": "Else", "facets": []}}})
    with pytest.raises(Exception, match="it was left as it is"):
        harbour.platform.look(changed)


def test_posts_of_one_second_are_all_there(harbour: Harbour) -> None:
    rows = [harbour.queued(f"Post {number} of one second") for number in range(12)]
    for _ in rows:
        harbour.desk.publish_due()
        harbour.clock.pass_by(minutes=5)
    assert {harbour.row(row).state for row in rows} == {"published"}
    assert len({harbour.row(row).key for row in rows}) == len(harbour.records()) == 12


def test_a_deleted_post_is_gone_and_deleting_it_again_is_fine(harbour: Harbour) -> None:
    row = harbour.published("For a moment")
    assert harbour.platform.look(row) is not None
    harbour.platform.delete(row)
    assert harbour.records() == []
    harbour.platform.delete(row)
    assert harbour.platform.look(row) is None


@pytest.mark.parametrize("quarantined", [False, True])
def test_a_restored_database_finds_the_live_post(
    harbour: Harbour, tmp_path: Path, wire: Wire, quarantined: bool
) -> None:
    """The backup was made before the post left: only the account remembers that it did."""
    harbour.published("Sent after the backup", made_id="p_the_same")
    memory = Memory.open(tmp_path / "restored", clock=harbour.clock)
    memory.workspaces.add(harbour.memory.workspaces.get("ines"))
    restored = Harbour(harbour.server, memory, harbour.clock, harbour.account)
    row = restored.queued("Sent after the backup", made_id="p_the_same")
    if quarantined:
        memory.quarantines.begin(restored_from="a backup", backup_made_at=NOON - timedelta(hours=1))
    puts = wire.times(PUT)
    for _ in range(3):
        restored.desk.publish_due()
        restored.clock.pass_by(minutes=5)
    [record] = restored.records()
    live = restored.row(row)
    assert (live.state, live.remote_id, live.published_at) == ("published", record["uri"], NOON)
    assert wire.times(PUT) == puts if quarantined else wire.times(PUT) == puts + 1
    memory.close()


def test_a_session_is_made_once_and_used_again(harbour: Harbour, wire: Wire) -> None:
    for number in range(3):
        harbour.published(f"Post {number}")
    assert (wire.times(CREATE), wire.times(REFRESH), wire.times(PUT)) == (1, 0, 3)
    assert harbour.values["did"] == harbour.account.did
    assert harbour.values["app_password"] == harbour.account.password
    assert harbour.values["pds"] == harbour.server.url


def test_a_session_that_is_known_to_end_is_renewed_before_the_send(harbour: Harbour, wire: Wire) -> None:
    harbour.published("With the first session")
    assert ends_at(harbour.values["accessJwt"]) is not None
    secret = harbour.credentials.secrets[harbour.who]
    old = {**secret.values, "accessJwt": token_until(harbour.clock.now + timedelta(minutes=1))}
    harbour.credentials.secrets[harbour.who] = secret.model_copy(update={"values": old})
    harbour.published("With the second one")
    assert (wire.times(CREATE), wire.times(REFRESH), wire.times(PUT)) == (1, 1, 2)


@pytest.mark.parametrize(("broken", "made", "refreshed"), [(("accessJwt",), 1, 1), (("accessJwt", "refreshJwt"), 2, 1)])
def test_a_session_that_the_server_refuses_is_renewed_and_the_post_sent(
    harbour: Harbour, wire: Wire, broken: tuple[str, ...], made: int, refreshed: int
) -> None:
    harbour.published("With the first session")
    secret = harbour.credentials.secrets[harbour.who]
    bad = {name: f"{secret.values[name][:-4]}AAAA" for name in broken}  # signed by nobody
    harbour.credentials.secrets[harbour.who] = secret.model_copy(update={"values": {**secret.values, **bad}})
    row = harbour.published("With the next one")
    assert (row.state, wire.times(CREATE), wire.times(REFRESH)) == ("published", made, refreshed)
    assert (wire.times(PUT), len(harbour.records())) == (3, 2)
    assert harbour.values["accessJwt"] != bad["accessJwt"]


def test_a_wrong_password_pauses_the_post_and_loses_nothing(harbour: Harbour) -> None:
    harbour.connect("not-the-password")
    row = harbour.queued("It waits")
    harbour.desk.publish_due()
    paused = harbour.row(row)
    assert paused.state == "paused_auth"
    assert "does not accept the app password" in paused.reason
    assert "not-the-password" not in paused.reason
    assert harbour.records() == []
    harbour.connect(harbour.account.password)
    harbour.desk.publish_due()
    assert (harbour.row(row).state, len(harbour.records())) == ("published", 1)


def test_in_the_real_vault_a_wrong_password_is_tried_once_and_no_token_lies_open(harbour: Harbour, wire: Wire) -> None:
    held = vault(harbour.memory, harbour.memory.home, harbour.clock)
    harbour.credentials = held  # type: ignore[assignment]
    settings = {"service": harbour.server.url}
    held.connect(*harbour.who, Secret(values={"app_password": "not-the-password"}), settings=settings)
    row = harbour.queued("It waits")
    for _ in range(3):
        harbour.desk.publish_due()
        harbour.clock.pass_by(minutes=5)
    assert (harbour.row(row).state, wire.times(CREATE)) == ("paused_auth", 1)
    held.connect(*harbour.who, Secret(values={"app_password": harbour.account.password}), settings=settings)
    harbour.desk.publish_due()
    harbour.clock.pass_by(minutes=5)
    harbour.published("And another")
    assert (harbour.row(row).state, wire.times(CREATE), len(harbour.records())) == ("published", 2, 2)
    secret = held.get(*harbour.who)
    assert set(secret.values) == {"app_password", "accessJwt", "refreshJwt", "did", "handle", "pds"}
    assert secret.expires_at == ends_at(secret.values["accessJwt"])
    for file in harbour.memory.home.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        assert not any(secret.values[name].encode() in data for name in ("app_password", "accessJwt", "refreshJwt"))


def test_another_account_s_password_is_none(harbour: Harbour, bluesky: BlueskyServer) -> None:
    other = bluesky.create_account("somebody-else")
    settings = {"service": bluesky.url}
    facts = {"did": harbour.account.did}
    harbour.credentials.connect(*harbour.who, settings=settings, facts=facts, app_password=other.password)
    row = harbour.queued("Not from there")
    harbour.desk.publish_due()
    assert harbour.row(row).state == "paused_auth"
    harbour.credentials.connect("ines", "bluesky", f"@{other.handle}", settings=settings, app_password=other.password)
    theirs = harbour.platform.test("ines", f"@{other.handle}")
    assert theirs.facts["did"] == other.did
    mixed_up = harbour.credentials.secrets["ines", "bluesky", f"@{other.handle}"]
    harbour.credentials.secrets[harbour.who] = mixed_up  # a session of another account, wherever it came from
    for later in (timedelta(minutes=5), timedelta(days=6)):  # good by its own words, then to be renewed
        harbour.clock.now = NOON + later
        harbour.desk.publish_due()
        assert harbour.row(row).state == "paused_auth"
    assert f"of @{other.handle}, not of {harbour.name}" in harbour.row(row).reason
    assert bluesky.list_records(other.did) == harbour.records() == []


def test_a_test_of_the_connection_says_who_it_is(harbour: Harbour) -> None:
    seen = harbour.platform.test("ines", harbour.name)
    assert (seen.account, seen.notes) == (harbour.name, ())
    assert seen.facts == {"did": harbour.account.did, "handle": harbour.account.handle, "pds": harbour.server.url}
    assert harbour.records() == []
    harbour.connect("not-the-password")
    with pytest.raises(NotConnected) as refused:
        harbour.platform.test("ines", harbour.name)
    assert "channels add bluesky" in refused.value.hint


def test_a_rate_limit_lets_everything_of_the_account_wait(harbour: Harbour, wire: Wire) -> None:
    rows = [harbour.queued("Too fast"), harbour.queued("And another")]
    reset = NOON + timedelta(minutes=40)
    headers = {"RateLimit-Limit": "1666", "RateLimit-Reset": str(int(reset.timestamp()))}
    wire.instead[PUT] = httpx2.Response(429, json={"error": "RateLimitExceeded"}, headers=headers)
    harbour.desk.publish_due()
    assert {harbour.row(each).state for each in rows} == {"paused_quota", "scheduled"}
    assert {harbour.row(each).not_before for each in rows} == {reset}
    harbour.clock.now = reset - timedelta(seconds=1)
    harbour.desk.publish_due()
    assert harbour.records() == []
    for _ in rows:
        harbour.clock.pass_by(minutes=6)
        harbour.desk.publish_due()
    assert {harbour.row(each).state for each in rows} == {"published"}
    assert len(harbour.records()) == 2


@pytest.mark.parametrize("method", [CREATE, UPLOAD])
def test_what_fails_before_the_post_only_makes_it_wait(harbour: Harbour, wire: Wire, method: str) -> None:
    picture = harbour.picture(png((60, 40), "teal"), "image/png", (60, 40), "A boat")
    row = harbour.queued("Soon", pictures=(picture,))
    wire.lose[method] = "before"
    harbour.desk.publish_due()
    assert harbour.row(row).state == "paused_quota"
    assert "Nothing was sent." in harbour.row(row).reason
    harbour.clock.pass_by(minutes=5)
    harbour.desk.publish_due()
    assert (harbour.row(row).state, len(harbour.records())) == ("published", 1)


def test_what_the_lexicon_refuses_is_rejected_and_said(harbour: Harbour) -> None:
    row = harbour.queued("x" * 301)
    harbour.desk.publish_due()
    assert harbour.row(row).state == "rejected"
    assert "300" in harbour.row(row).reason
    assert harbour.records() == []


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_that_breaks_proves_nothing(harbour: Harbour, wire: Wire, status: int) -> None:
    row = harbour.queued("Maybe")
    wire.instead[PUT] = httpx2.Response(status, json={"error": "InternalServerError"})
    harbour.desk.publish_due()
    assert harbour.row(row).state == "unknown"
    harbour.clock.pass_by(minutes=5)
    wire.instead["com.atproto.repo.getRecord"] = httpx2.Response(status)
    harbour.desk.publish_due()
    assert harbour.row(row).state == "unknown", "it could not be read back"
    harbour.clock.pass_by(minutes=5)
    harbour.desk.publish_due()
    assert (harbour.row(row).state, len(harbour.records())) == ("published", 1)
