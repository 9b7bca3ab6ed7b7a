"""The confirmation mail: once, to who asked, with a link that works, through the same mail server."""

from collections.abc import Iterator

import dkim
import pytest

from memory import Memory
from tests.counterparts.mail import Cut, MailServer, Refuse
from tests.publishing.mailing import PAGES, credentials, desk, parsed, published, queued, rsa
from tests.publishing.making import Clock

ADA = "ada@example.org"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer.start() as server:
        yield server


def ask(memory: Memory, address: str = ADA, locale: str | None = None) -> None:
    memory.subscribers.ask("ines", address, source="the form", locale=locale)


def test_who_asks_gets_one_signed_mail_with_a_link_to_confirm(memory: Memory, clock: Clock, server: MailServer) -> None:
    ask(memory)
    to = desk(memory, credentials(server, secret={"dkim_key": rsa()[0]}), clock)
    for _ in range(3):
        to.publish_due()
        clock.pass_by(minutes=10)
    [kept] = server.received
    mail, ada = parsed(kept.data), memory.subscribers.get("ines", ADA)
    link = f"{PAGES}/list/ines/confirm/{memory.subscribers.link('ines', ada.id, 'confirm')}"
    assert kept.recipients == (ADA,)
    assert link in mail.get_content()
    assert (mail["subject"], mail["auto-submitted"]) == ("Please confirm: Tidewater Letters", "auto-generated")
    assert "list-unsubscribe" not in mail
    assert dkim.verify(kept.data, dnsfunc=published)
    assert ada.state == "invited"


def test_it_speaks_the_readers_language(memory: Memory, clock: Clock, server: MailServer) -> None:
    for number, locale in enumerate(("de-AT", "es", "th", None)):
        ask(memory, f"r{number}@example.org", locale)
    desk(memory, credentials(server), clock).publish_due()
    said = {mail.recipients[0]: parsed(mail.data) for mail in server.received}
    assert [str(said[f"r{number}@example.org"]["subject"]) for number in range(4)] == [
        "Bitte bestätigen: Tidewater Letters",
        "Confirma, por favor: Tidewater Letters",
        "Please confirm: Tidewater Letters",
        "Please confirm: Tidewater Letters",
    ]
    assert all("{" not in mail.get_content() for mail in said.values())


def test_without_pages_people_confirm_by_answering(memory: Memory, clock: Clock, server: MailServer) -> None:
    ask(memory)
    desk(memory, credentials(server, list_url=""), clock).publish_due()
    content = parsed(server.received[0].data).get_content()
    assert "answer this mail" in content
    assert "http" not in content


def test_endings_are_kept_and_the_next_person_still_gets_theirs(
    memory: Memory, clock: Clock, server: MailServer
) -> None:
    for name in ("bounce", "grey", "cut", "fine"):
        ask(memory, f"{name}@example.org")
        clock.pass_by(seconds=1)
    server.script("bounce@example.org", Refuse("550 5.1.1 no such user"))
    server.script("grey@example.org", Refuse("450 4.2.0 later"))
    server.script("cut@example.org", Cut(kept=True))
    to = desk(memory, credentials(server), clock)
    for _ in range(30):
        to.publish_due()
        clock.pass_by(minutes=15)
    states = {each.address.partition("@")[0]: each.state for each in memory.subscribers.list("ines")}
    assert states == {"bounce": "bounced", "grey": "invited", "cut": "invited", "fine": "invited"}
    got = sorted(mail.recipients[0].partition("@")[0] for mail in server.received)
    assert got == ["cut", "fine", "grey"]


def test_nobody_who_has_only_asked_gets_a_newsletter(memory: Memory, clock: Clock, server: MailServer) -> None:
    ask(memory)
    to = desk(memory, credentials(server), clock)
    queued(memory, to)
    to.publish_due()
    assert [str(parsed(mail.data)["subject"]) for mail in server.received] == ["Please confirm: Tidewater Letters"]
