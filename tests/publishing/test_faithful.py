"""A frozen request lies in a row: before it is sent it is held against what was approved, word for word."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from core.publications import Publication
from memory import Memory
from publishing import Desk
from publishing.platform import Approved
from publishing.platforms.linkedin import LinkedIn
from publishing.platforms.mastodon import Mastodon
from publishing.platforms.site import FolderSite
from publishing.platforms.x import X
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import Clock, approved


def an_approval(memory: Memory, desk: Desk, channel: str) -> Approved:
    made, decision = approved(memory, channel=channel, text="The tide came in.")
    row = desk.enqueue(made, decision)
    return Approved(publication=row, proposal=made, decision=decision, workspace=memory.workspaces.get("ines"))


def _linkedin(a: Approved) -> dict[str, Any]:
    from publishing.linkedin.body import body_of

    return body_of("urn:li:person:1", a.post, {})


BODIES: dict[str, tuple[type, Callable[[Approved], dict[str, Any]]]] = {
    "mastodon": (Mastodon, lambda a: {k: a.post[k] for k in ("status", "visibility", "language")}),
    "x": (X, lambda a: {"text": a.post["text"]}),
    "linkedin": (LinkedIn, _linkedin),
}


@pytest.mark.parametrize("channel", BODIES)
@pytest.mark.parametrize("forged", [{"extra": "more"}, {"visibility": "CONNECTIONS"}, {"media_ids": ["9"]}])
def test_other_words_beside_the_right_payload_are_seen(
    memory: Memory, desk: Desk, channel: str, forged: dict[str, Any]
) -> None:
    kind, body = BODIES[channel]
    platform, approval = kind.__new__(kind), an_approval(memory, desk, channel)
    honest = body(approval)
    assert platform.faithful(approval, {"body": honest})
    assert not platform.faithful(approval, {"body": {**copy.deepcopy(honest), **forged}})
    words = {key: "Something else." for key in ("status", "text", "commentary") if key in honest}
    assert not platform.faithful(approval, {"body": {**honest, **words}})


def test_a_page_s_sidecar_follows_from_the_payload(memory: Memory, desk: Desk, clock: Clock, site: FolderSite) -> None:
    approval = an_approval(memory, desk, "site")
    request = site.request(approval, clock())
    assert site.faithful(approval, request)
    forged = copy.deepcopy(request)
    forged["provenance"]["post"]["title"] = "Something else"
    assert not site.faithful(approval, forged)


@pytest.mark.parametrize("says", [False, KeyError])
def test_what_is_not_faithful_is_never_sent(memory: Memory, desk: Desk, social: RecordingPlatform, says: Any) -> None:
    def unfaithful(*_: object) -> bool:
        if says is KeyError:
            raise KeyError("record")
        return False

    social.faithful = unfaithful  # type: ignore[method-assign]
    row: Publication = desk.enqueue(*approved(memory, channel="bluesky"))
    desk.publish_due()
    left = memory.publications.get(row.id)
    assert (left.state, "something else than was approved" in left.reason, social.calls()) == ("needs_human", True, [])
