"""What a post on Bluesky links to beyond its own words: the accounts that it mentions, the creator's own pages."""

from dataclasses import dataclass

from agent.crew import Crew
from core.briefs import Brief
from core.drafts import Finding
from core.facets import Mention, mentions, unresolved_mentions
from core.links import find, place
from core.members import is_agent
from core.policy import policy_of
from core.works import Workspace
from publishing.lookup import PUBLIC, did_of
from publishing.wire.context import Page

CHANNEL = "bluesky"
MOST_LOOKUPS = 5  # for one draft, 3 s each at worst


@dataclass(frozen=True)
class Linked:
    """What goes into a payload's context."""

    dids: dict[str, str]
    pages: tuple[Page, ...]


def linked(crew: Crew, brief: Brief, workspace: Workspace, channel: str, account: str, text: str) -> Linked:
    """Return the ids of the accounts that a text mentions and its links to own pages; only Bluesky wants either.

    The network is asked only for a handle that a person wrote (in the request, added by an edit, in a wish): looking a
    name up tells its domain that somebody asked, and what a model wrote may hold anything.
    """
    if channel != CHANNEL:
        return Linked({}, ())
    signature = policy_of(workspace).signature.get(channel, "")
    text = f"{text}\n{signature}"
    return Linked(_dids(crew, brief, account, text, signature), _pages(crew, workspace, text))


def not_linked(channel: str, text: str, known: dict[str, str]) -> tuple[Finding, ...]:
    """Return a warning for each mention that stays plain text."""
    if channel != CHANNEL:
        return ()
    return tuple(_stays_plain(each) for each in unresolved_mentions(text, known))


def _stays_plain(mention: Mention) -> Finding:
    message = (
        f"@{mention.handle} will be plain text, not a link: whose name that is is not known. The rest is as it "
        "should be. A handle is looked up when a person writes it: in a wish for changes, or an edit that adds it."
    )
    return Finding(rule="mention_not_linked", severity="warning", message=message, span=(mention.start, mention.end))


def _dids(crew: Crew, brief: Brief, account: str, text: str, signature: str) -> dict[str, str]:
    wanted = list(dict.fromkeys(each.handle.lower() for each in mentions(text)))
    if not wanted:
        return {}
    known = crew.memory.known_accounts.get(CHANNEL, wanted)
    written = _written_by_persons(crew, brief, signature)
    unknown = [handle for handle in wanted if handle not in known and handle in written]
    for handle in unknown[:MOST_LOOKUPS]:
        if did := did_of(handle, _service(crew, brief.workspace, account)):
            crew.memory.known_accounts.keep(CHANNEL, handle, did)
            known[handle] = did
    return known


def _written_by_persons(crew: Crew, brief: Brief, signature: str) -> frozenset[str]:
    """Return the handles in what people themselves wrote for this brief; a conversation's request is the model's.

    Of an edit only what it added counts: the rest of its text is what a model wrote, and the person let stand.
    """
    found = _handles(signature) | (frozenset() if is_agent(brief.requested_by) else _handles(brief.ask))
    for proposal in crew.memory.proposals.list(brief.workspace, brief_id=brief.id):
        stood = _handles(proposal.text)
        for decision in crew.memory.decisions.for_proposal(proposal.id):
            found |= _handles(decision.note) | (_handles(decision.body or "") - stood)
    return found


def _handles(text: str) -> frozenset[str]:
    return frozenset(each.handle.lower() for each in mentions(text))


def _service(crew: Crew, workspace: str, account: str) -> str:
    connection = crew.memory.connections.find(workspace, CHANNEL, account)
    return str((connection.settings if connection else {}).get("service") or PUBLIC)


def _pages(crew: Crew, workspace: Workspace, text: str) -> tuple[Page, ...]:
    """Return the own pages among a text's links: the creator's works with an address, and the site itself.

    A private work is one of them: its card is no model's, stands beside an address that is in the text, and a person
    approves it with the post.
    """
    wanted = {place(link.url) for link in find(text)}
    if not wanted:
        return ()
    site = [Page(url=workspace.site_url, title=workspace.name)] if workspace.site_url else []
    revoked = crew.memory.consents.revoked_works(workspace.id)
    works = [work for work in crew.memory.works.list(workspace.id) if work.url and work.id not in revoked]
    own = [*(Page(url=work.url or "", title=work.title, description=work.excerpt) for work in works), *site]
    return tuple(page for page in own if page.title.strip() and place(page.url) in wanted)
