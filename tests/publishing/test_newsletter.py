"""The newsletter over a real mail server: exact bytes, a signature that verifies, and an ending for every recipient."""

import socket
import ssl
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import dkim
import pytest

from core.errors import NotAllowed, NotConnected
from core.subscribers import WAITS
from memory import Memory
from publishing.mail import PLACEHOLDER
from tests.counterparts.mail import Cut, MailServer, Refuse, RefuseData
from tests.publishing import mailing
from tests.publishing.mailing import credentials, desk, parsed, published, queued, rsa, states, subscribe
from tests.publishing.making import NOON, Clock, approved

ADA, BEA, CAT = "ada@example.org", "bea@example.net", "cat@example.com"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer.start() as server:
        yield server


def test_each_gets_one_mail_that_is_what_was_approved(memory: Memory, clock: Clock, server: MailServer) -> None:
    subscribe(memory, ADA, BEA)
    to = desk(memory, credentials(server, secret={"dkim_key": rsa()[0]}, reply_to="ines@ines.example"), clock)
    row = queued(
        memory, to, title="Ebbe, Flut – とても静か", text="The harbour.\n\n.A line with a dot.\n\nEtt brev på øya."
    )
    payload = memory.proposals.get("ines", row.proposal_id).payload
    live = to.publish_due().published[0]
    assert [mail.recipients for mail in server.received] in ([(ADA,), (BEA,)], [(BEA,), (ADA,)])
    for kept in server.received:
        mail = parsed(kept.data)
        person = memory.subscribers.get("ines", kept.recipients[0])
        link = f"{mailing.PAGES}/list/ines/unsubscribe/{memory.subscribers.link('ines', person.id, 'unsubscribe')}"
        plain, html = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
        assert plain.replace(link, PLACEHOLDER) == payload["plain"]
        assert html.replace(link, PLACEHOLDER) == payload["html"]
        assert (plain.count(link), html.count(link)) == (1, 1)
        assert [(name, str(value)) for name, value in mail.items()][1:] == [
            ("From", "Tidewater Letters <letters@ines.example>"),
            ("To", person.address),
            ("Reply-To", "ines@ines.example"),
            ("Subject", payload["subject"]),
            ("Date", "Fri, 20 Nov 2026 12:00:00 +0000"),
            ("Message-ID", f"<{live.key}.{person.id}@ines.example>"),
            ("List-Id", "<ines.ines.example>"),
            ("List-Unsubscribe", f"<{link}>, <mailto:ines@ines.example?subject=unsubscribe>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("MIME-Version", "1.0"),
            ("Content-Type", mail["content-type"]),
        ]
        assert mail.get_content_type() == "multipart/alternative"
        assert kept.data.isascii()
        assert max(map(len, kept.data.splitlines())) < 998
        assert person.address.encode() not in link.encode()
    assert (live.remote_id, live.reason) == (live.key, "")
    assert live.url is not None
    assert live.url.startswith(f"mid:{live.key}.s_")


def test_the_signature_verifies_and_covers_what_one_click_needs(
    memory: Memory, clock: Clock, server: MailServer
) -> None:
    subscribe(memory, ADA)
    to = desk(memory, credentials(server, secret={"dkim_key": rsa()[0]}), clock)
    queued(memory, to, text="Ett brev.\n\n.dotted\n\n" + "long " * 400)
    to.publish_due()
    [kept] = server.received
    assert dkim.verify(kept.data, dnsfunc=published)
    signature = str(parsed(kept.data)["dkim-signature"])
    covered = signature.partition("h=")[2].partition(";")[0].lower().replace(" ", "").split(":")
    wanted = "from subject date message-id to list-unsubscribe list-unsubscribe-post mime-version content-type from"
    assert set(covered) >= set(wanted.split())
    assert covered.count("from") == 2
    assert "c=relaxed/relaxed" in signature
    for found, changed in ((b"harbour", b"harbuor"), (b"One-Click", b"Two-Click"), (b"Subject: T", b"Subject: R")):
        if found in kept.data:
            assert not dkim.verify(kept.data.replace(found, changed), dnsfunc=published)
    assert not dkim.verify(kept.data.replace(b"From:", b"From: eve@evil.example\r\nFrom:", 1), dnsfunc=published)


def test_without_pages_and_a_key_people_leave_by_mail(memory: Memory, clock: Clock, server: MailServer) -> None:
    subscribe(memory, ADA)
    to = desk(memory, credentials(server, list_url=""), clock)
    queued(memory, to)
    to.publish_due()
    mail = parsed(server.received[0].data)
    assert mail["list-unsubscribe"] == "<mailto:letters@ines.example?subject=unsubscribe>"
    assert "list-unsubscribe-post" not in mail
    assert "dkim-signature" not in mail
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "Unsubscribe: mailto:letters@ines.example?subject=unsubscribe\n" in plain.get_content().replace("\r\n", "\n")


def test_each_recipient_has_an_ending_of_their_own(memory: Memory, clock: Clock, server: MailServer) -> None:
    subscribe(memory, ADA, BEA, CAT, "dan@example.org")
    server.script(BEA, Refuse(f"550 5.1.1 <{BEA}>: no such user"))
    server.script(CAT, Refuse("450 4.2.0 Greylisted"))
    server.script("dan@example.org", RefuseData("554 5.7.1 looks like spam"))
    to = desk(memory, credentials(server), clock)
    row = queued(memory, to)
    [left] = to.publish_due().unknown
    assert "1 accepted, 2 refused, 1 still to come" in left.reason
    assert states(memory, row) == {ADA: "accepted", BEA: "refused", CAT: "deferred", "dan@example.org": "refused"}
    assert {each.address: each.state for each in memory.subscribers.list("ines")} == {
        ADA: "confirmed",
        BEA: "bounced",
        CAT: "confirmed",
        "dan@example.org": "confirmed",
    }
    assert BEA not in memory.subscribers.get("ines", BEA).reason
    clock.pass_by(minutes=14)
    assert to.publish_due().published == ()
    clock.pass_by(minutes=6)
    [live] = to.publish_due().published
    assert (live.attempts, live.published_at, live.reason) == (2, NOON, "2 accepted, 2 refused.")
    assert memory.mailings.counts(row.id).said == "2 accepted, 2 refused"
    assert Counter(mail.recipients[0] for mail in server.received) == {ADA: 1, CAT: 1}


def test_a_server_that_says_not_now_is_asked_again_ever_more_seldom_and_then_no_more(
    memory: Memory, clock: Clock, server: MailServer
) -> None:
    subscribe(memory, ADA, BEA)
    server.script(BEA, *[Refuse("451 4.3.0 busy")] * 9)
    to = desk(memory, credentials(server), clock)
    row = queued(memory, to)
    asked: list[timedelta] = []
    for _ in range(24 * 12):
        before = len(server.attempts)
        to.publish_due()
        asked += [clock.now - NOON] * (len(server.attempts) - before)
        clock.pass_by(minutes=5)
    live = memory.publications.get(row.id)
    assert (live.state, states(memory, row)) == ("published", {ADA: "accepted", BEA: "refused"})
    tried = sorted(set(asked))
    assert len(tried) == 1 + len(WAITS)
    assert [later - earlier >= wait for earlier, later, wait in zip(tried, tried[1:], WAITS, strict=False)] == [
        True
    ] * 4
    assert memory.subscribers.get("ines", BEA).state == "confirmed"


def test_when_nobody_has_it_yet_it_pauses_and_can_be_cancelled(
    memory: Memory, clock: Clock, server: MailServer
) -> None:
    subscribe(memory, ADA)
    server.script(ADA, Refuse("450 4.2.0 Greylisted"))
    to = desk(memory, credentials(server), clock)
    row = queued(memory, to)
    [waits] = to.publish_due().waiting
    assert (waits.state, waits.not_before) == ("paused_quota", NOON + WAITS[0])
    assert to.cancel(row.id).state == "cancelled"
    clock.pass_by(hours=3)
    to.publish_due()
    assert server.received == []


def test_once_somebody_has_it_nothing_can_be_undone(memory: Memory, clock: Clock, server: MailServer) -> None:
    subscribe(memory, ADA, BEA)
    server.script(BEA, Refuse("450 4.2.0 Greylisted"))
    to = desk(memory, credentials(server), clock)
    row = queued(memory, to)
    to.publish_due()
    with pytest.raises(NotAllowed, match="too late"):
        to.cancel(row.id)
    with pytest.raises(NotAllowed, match="too late"):
        memory.decisions.undo("ines", row.decision_id, "ines")


@pytest.mark.parametrize("kept", [True, False])
def test_a_line_cut_after_the_mail_is_for_a_person_to_settle(
    memory: Memory, clock: Clock, server: MailServer, kept: bool
) -> None:
    subscribe(memory, ADA, BEA, CAT)
    server.script(BEA, Cut(kept=kept))
    to = desk(memory, credentials(server), clock)
    row = queued(memory, to)
    to.publish_due()
    assert states(memory, row) == {ADA: "accepted", BEA: "unknown", CAT: "accepted"}
    mailing.settle_down(to, clock, hours=4)
    asks = memory.publications.get(row.id)
    assert asks.state == "needs_human"
    assert "2 accepted, 1 not certain" in asks.reason
    assert Counter(mail.recipients[0] for mail in server.received) == {ADA: 1, CAT: 1} | ({BEA: 1} if kept else {})
    if kept:
        assert memory.mailings.settle(row.id, BEA, "accepted", by="ines", note="their server's log") == 1
        assert to.reconcile(row.id).state == "published"
    else:
        memory.mailings.settle(row.id, BEA, "queued", by="ines", note="Bea says nothing came")
        assert to.retry(row.id).state == "published"
    assert Counter(mail.recipients[0] for mail in server.received) == {ADA: 1, BEA: 1, CAT: 1}
    assert memory.ledger.verify().ok


def test_who_leaves_between_approval_and_sending_gets_nothing(memory: Memory, clock: Clock, server: MailServer) -> None:
    subscribe(memory, ADA, BEA, CAT)
    server.script(BEA, Refuse("450 4.2.0 Greylisted"))
    to = desk(memory, credentials(server), clock)
    row = queued(memory, to)
    memory.subscribers.leave("ines", memory.subscribers.get("ines", CAT).id)
    to.publish_due()
    memory.subscribers.leave("ines", memory.subscribers.get("ines", BEA).id)
    subscribe(memory, "late@example.org")
    clock.pass_by(minutes=30)
    assert [each.id for each in to.publish_due().published] == [row.id]
    assert states(memory, row) == {ADA: "accepted", BEA: "skipped"}
    assert [mail.recipients for mail in server.received] == [(ADA,)]


def test_an_empty_list_sends_nothing_and_says_so(memory: Memory, clock: Clock, server: MailServer) -> None:
    to = desk(memory, credentials(server), clock)
    queued(memory, to)
    [asks] = to.publish_due().needs_human
    assert "Nobody is on the list" in asks.reason
    subscribe(memory, ADA)
    to.retry(asks.id)
    assert len(to.publish_due().published) == 1


def test_what_is_still_to_come_when_the_approved_time_is_over_is_not_sent(
    memory: Memory, clock: Clock, server: MailServer
) -> None:
    subscribe(memory, ADA, BEA)
    server.script(BEA, Refuse("450 4.2.0 Greylisted"))
    to = desk(memory, credentials(server), clock)
    row = queued(memory, to, at=NOON, grace=10)
    to.publish_due()
    clock.pass_by(minutes=30)
    assert [each.id for each in to.publish_due().published] == [row.id]
    assert states(memory, row) == {ADA: "accepted", BEA: "skipped"}
    assert len(server.received) == 1


def test_approving_anew_repeats_nobody(memory: Memory, clock: Clock, server: MailServer) -> None:
    """Undone while it was certain that nothing had left, and approved again: another row, the same Message-IDs."""
    subscribe(memory, ADA, BEA)
    to = desk(memory, credentials(server), clock)
    made, decision = approved(memory, channel="newsletter")
    row = to.enqueue(made, decision)
    memory.decisions.undo("ines", decision.id, "ines")
    again = memory.decisions.claim("ines", made.id, "approve", made.sha, "ines")
    second = to.enqueue(memory.proposals.get("ines", made.id), again)
    assert second.id != row.id
    to.publish_due()
    third = memory.mailings.prepare(row, stable="x" * 64, domain="ines.example")
    assert third.of == {}  # everybody has it already
    assert len(server.received) == 2


def test_a_restored_backup_sends_to_nobody_before_a_person_has_said_so(
    memory: Memory, clock: Clock, server: MailServer
) -> None:
    subscribe(memory, ADA, BEA)
    server.script(BEA, Refuse("450 4.2.0 Greylisted"))
    to = desk(memory, credentials(server), clock)
    begun = queued(memory, to)
    waiting = queued(memory, to, title="Another", at=NOON + timedelta(hours=2), grace=600)
    to.publish_due()
    assert [mail.recipients for mail in server.received] == [(ADA,)]
    clock.pass_by(minutes=1)
    memory.quarantines.begin(restored_from="monday", backup_made_at=NOON)
    mailing.settle_down(to, clock, hours=4)
    assert [memory.publications.get(each.id).state for each in (begun, waiting)] == ["needs_human"] * 2
    assert [states(memory, each) for each in (begun, waiting)] == [
        {ADA: "accepted", BEA: "unknown"},
        {ADA: "unknown", BEA: "unknown"},
    ]
    for each in (begun, waiting):
        assert to.reconcile(each.id).state in ("unknown", "needs_human")  # reading back sends nothing
    assert len(server.received) == 1
    for each in (begun, waiting):
        memory.mailings.settle(each.id, None, "queued", by="ines", note="the server's log has none of it")
        mailing.settle_down(to, clock, hours=2)
        if memory.publications.get(each.id).state == "needs_human":
            to.retry(each.id)
        assert memory.publications.get(each.id).state == "published"
    assert Counter(mail.recipients[0] for mail in server.received) == {ADA: 2, BEA: 2}


def test_login_encryption_and_certificates(memory: Memory, clock: Clock) -> None:
    subscribe(memory, ADA)
    for tls in ("starttls", "implicit"):
        with MailServer.start(user="ines", password="open sesame", tls=tls) as server:
            security = "starttls" if tls == "starttls" else "tls"
            right = credentials(server, secret={"password": "open sesame"}, security=security, user="ines")
            trusted = ssl.create_default_context(cadata=server.certificate)
            row = queued(memory, desk(memory, right, clock, tls=trusted), title=tls)
            with pytest.raises(NotConnected, match="certificate"):
                desk(memory, right, clock)._platforms["newsletter"].test("ines", "ines.example")
            wrong = credentials(server, secret={"password": "guess"}, security=security, user="ines")
            paused = desk(memory, wrong, clock, tls=trusted).publish_due().waiting[0]
            assert paused.state == "paused_auth"
            assert "does not accept the login of ines (535)" in paused.reason
            assert "guess" not in paused.reason
            seen = desk(memory, right, clock, tls=trusted)._platforms["newsletter"].test("ines", "ines.example")
            assert (seen.account, len(seen.notes)) == ("letters@ines.example", 1)
            desk(memory, right, clock, tls=trusted).publish_due()
            assert memory.publications.get(row.id).state == "published"
            assert [(mail.user, mail.tls) for mail in server.received] == [("ines", True)]


def test_no_password_and_no_mail_goes_over_an_open_line_that_should_be_closed(memory: Memory, clock: Clock) -> None:
    subscribe(memory, ADA)
    with MailServer.start() as server:
        to = desk(memory, credentials(server, security="starttls"), clock)
        queued(memory, to)
        [paused] = to.publish_due().waiting
        assert (paused.state, server.received) == ("paused_auth", [])
        assert "STARTTLS" in paused.reason


def test_a_server_that_is_away_is_tried_again(memory: Memory, clock: Clock) -> None:
    subscribe(memory, ADA)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    to = desk(memory, credentials(None, port=port), clock)
    queued(memory, to)
    [waits] = to.publish_due().waiting
    assert (waits.state, waits.not_before) == ("paused_quota", NOON + timedelta(minutes=5))


def test_a_bad_key_stops_everything_before_anybody_gets_it(memory: Memory, clock: Clock, server: MailServer) -> None:
    subscribe(memory, ADA)
    to = desk(memory, credentials(server, secret={"dkim_key": "-----BEGIN NONSENSE-----"}), clock)
    queued(memory, to)
    [paused] = to.publish_due().waiting
    assert (paused.state, server.received) == ("paused_auth", [])
    assert "NONSENSE" not in paused.reason


def test_a_letter_without_a_way_out_is_not_sent(memory: Memory, clock: Clock, server: MailServer) -> None:
    subscribe(memory, ADA)
    to = desk(memory, credentials(server), clock)
    row = queued(memory, to)
    sender = to._platforms["newsletter"]
    from publishing.approval import check

    released = check(memory, row, clock())
    payload = {**released.proposal.payload, "plain": "no way out"}
    cut = released.model_copy(update={"proposal": released.proposal.model_copy(update={"payload": payload})})
    from core.errors import Rejected

    with pytest.raises(Rejected, match="how to leave"):
        sender.prepare(cut, lambda _handles: None)
