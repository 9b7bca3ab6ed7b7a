"""What a newsletter's connection says, and what goes into each mail because of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from core.base import Noun
from core.errors import BadInput, NotConnected
from core.subscribers import Recipient, normal_address
from core.works import Workspace
from memory import Memory
from publishing.credentials import Secret
from publishing.mail import Envelope, Letterhead, Signature
from publishing.wire.lines import one_line

PURPOSES = ("confirm", "unsubscribe")


class ListSettings(Noun):
    """The part of a connection's settings that a mail shows; frozen with the request, so that all mails are alike."""

    from_address: str
    from_name: str = ""
    reply_to: str = ""
    list_url: str = ""  # where the list's pages are reached from outside; without one, people leave by mail
    dkim_domain: str = ""
    dkim_selector: str = ""

    @property
    def domain(self) -> str:
        """The domain that mails come from."""
        return self.from_address.rpartition("@")[2]


def list_settings(settings: Mapping[str, Any]) -> ListSettings:
    """Return a connection's checked settings. Raises NotConnected with the field that can't be used."""
    said = {name: str(settings.get(name) or "").strip() for name in ListSettings.model_fields}
    try:
        said["from_address"] = normal_address(said["from_address"])
        said["reply_to"] = normal_address(said["reply_to"]) if said["reply_to"] else ""
    except BadInput as error:
        raise NotConnected(f"The newsletter's sender can't be used: {error.message}") from error
    url = said["list_url"].rstrip("/")
    if url and not (url.startswith(("https://", "http://")) and len(url) < 200):
        raise NotConnected(f"The newsletter's list_url {url[:80]!r} is no web address.")
    return ListSettings(**{**said, "from_name": one_line(said["from_name"]), "list_url": url})


def letterhead(settings: ListSettings, workspace: Workspace, date: datetime) -> Letterhead:
    """Return what all mails of one newsletter have in common."""
    return Letterhead(
        from_address=settings.from_address,
        from_name=settings.from_name or one_line(workspace.name),
        reply_to=settings.reply_to,
        list_id=f"{workspace.id}.{settings.domain}",
        date=date.replace(microsecond=0),
    )


def signature(settings: ListSettings, secret: Secret) -> Signature | None:
    """Return the DKIM key, where one is given. Raises NotConnected where it can't be used."""
    key = secret.values.get("dkim_key", "")
    if not key:
        return None
    if not settings.dkim_selector:
        raise NotConnected("There is a DKIM key, and no selector says where its public half is published.")
    try:
        return Signature.of(settings.dkim_domain or settings.domain, settings.dkim_selector, key)
    except BadInput as error:
        raise NotConnected(f"{error.message} Nothing was sent.", error.hint) from None


def envelope(memory: Memory, settings: ListSettings, workspace: str, recipient: Recipient) -> Envelope:
    """Return what is one recipient's own: where it goes, its id, and the way out."""
    by_mail = f"mailto:{quote(settings.reply_to or settings.from_address, safe='@')}?subject=unsubscribe"
    page = list_link(memory, settings.list_url, workspace, recipient.subscriber_id, "unsubscribe")
    return Envelope(
        to=recipient.address, message_id=recipient.message_id, leave_url=page or by_mail, leave_mail=by_mail
    )


def list_link(memory: Memory, list_url: str, workspace: str, subscriber_id: str, purpose: str) -> str:
    """Return one person's link to a page of the list, or nothing where the list has no pages."""
    if not list_url:
        return ""
    return f"{list_url}/list/{workspace}/{purpose}/{memory.subscribers.link(workspace, subscriber_id, purpose)}"
