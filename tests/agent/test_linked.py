"""Whom a post mentions is looked up before anybody approves it, and only where a person wrote the name."""

from collections.abc import Iterator

import pytest

from app.studio import Studio
from core.proposals import Proposal
from tests.fakes.bluesky_directory import Directory

ASK = "Announce an episode about the tide tables, told with @marit.example"


@pytest.fixture
def directory(studio: Studio) -> Iterator[Directory]:
    """A directory that the workspace's connection names; nothing else can be reached from a test."""
    with Directory({"marit.example": "did:plc:marit", "olav.example": "did:plc:olav"}) as fake:
        account = studio.workspace.accounts.get("bluesky", studio.workspace.name)
        connections = studio.memory.connections
        connections.add(studio.workspace.id, "bluesky", account, settings={"service": fake.base_url})
        yield fake


def edited(studio: Studio, text: str, *, ask: str = ASK, channel: str = "bluesky") -> Proposal:
    [old] = studio.start(ask, channels=[channel]).proposals
    new = studio.decide(old.id, "edit", old.sha, body=text).new_proposal
    assert new is not None
    return new


def mentioned(proposal: Proposal) -> list[str]:
    found = [each["features"][0].get("did") for each in proposal.payload["facets"]]
    return [did for did in found if did]


def warnings(proposal: Proposal) -> list[str]:
    return [each.message.partition(" ")[0] for each in proposal.findings if each.rule == "mention_not_linked"]


def test_a_mention_that_a_person_wrote_becomes_a_link_before_it_is_approved(
    studio: Studio, directory: Directory
) -> None:
    new = edited(studio, "Told with @marit.example and @Olav.example, and with @nobody.example.")
    assert mentioned(new) == ["did:plc:marit", "did:plc:olav"]
    assert warnings(new) == ["@nobody.example"]
    [finding] = [each for each in new.findings if each.rule == "mention_not_linked"]
    assert finding.severity == "warning"
    assert new.text[slice(*finding.span or ())] == "@nobody.example"
    assert new.sha == new.recomputed_sha()


def test_what_is_known_is_not_asked_again(studio: Studio, directory: Directory) -> None:
    edited(studio, "With @marit.example.")
    edited(studio, "Again with @marit.example.", ask="Announce the next episode about the tide tables")
    assert directory.asked.count("marit.example") == 1


def test_a_handle_that_only_a_model_wrote_is_not_looked_up(studio: Studio, directory: Directory) -> None:
    """A name that is looked up reaches its own domain: it could carry words out that nobody approved."""
    [old] = studio.start(ASK, channels=["bluesky"]).proposals
    asked = list(directory.asked)
    draft = studio.memory.drafts.get(old.draft_id or "")
    leak = draft.model_copy(update={"content": draft.content.model_copy(update={"text": "See @c2VjcmV0.evil.example"})})
    frozen = frozen_again(studio, old, leak)
    assert warnings(frozen) == ["@c2VjcmV0.evil.example"]
    assert directory.asked == asked


def test_an_edit_of_other_words_does_not_make_the_model_s_handle_a_person_s(
    studio: Studio, directory: Directory
) -> None:
    [old] = studio.start(ASK, channels=["bluesky"]).proposals
    draft = studio.memory.drafts.get(old.draft_id or "")
    leak = draft.model_copy(update={"content": draft.content.model_copy(update={"text": "See @c2VjcmV0.evil.example"})})
    frozen = frozen_again(studio, old, leak)
    studio.memory.proposals.supersede(old.id, frozen)
    new = studio.decide(
        frozen.id, "edit", frozen.sha, body="Look: @c2VjcmV0.evil.example and @olav.example"
    ).new_proposal
    assert new is not None and mentioned(new) == ["did:plc:olav"]
    assert "c2vjcmv0.evil.example" not in [each.lower() for each in directory.asked]
    again = studio.decide(new.id, "edit", new.sha, body="Both: @c2VjcmV0.evil.example, @olav.example").new_proposal
    assert again is not None and mentioned(again) == ["did:plc:olav"]
    assert "c2vjcmv0.evil.example" not in [each.lower() for each in directory.asked]


def test_a_request_that_a_model_wrote_counts_as_the_model_s(studio: Studio, directory: Directory) -> None:
    [old] = studio.start("Announce it with @olav.example", channels=["bluesky"], by="agent").proposals
    draft = studio.memory.drafts.get(old.draft_id or "")
    named = draft.model_copy(update={"content": draft.content.model_copy(update={"text": "See @olav.example"})})
    assert warnings(frozen_again(studio, old, named)) == ["@olav.example"]
    assert directory.asked == []


def test_a_post_without_a_mention_and_other_channels_ask_nobody(studio: Studio, directory: Directory) -> None:
    edited(studio, "No name in it, mail me@example.org.", ask="Announce an episode about the tide tables")
    new = edited(studio, "With @olav.example.", channel="mastodon")
    assert not [finding for finding in new.findings if finding.rule == "mention_not_linked"]
    assert "olav.example" not in directory.asked


def test_a_draft_asks_for_a_few_names_only(studio: Studio, directory: Directory) -> None:
    new = edited(studio, " ".join(f"@n{number}.example" for number in range(12)))
    assert len([handle for handle in directory.asked if handle.startswith("n")]) == 5
    assert len(warnings(new)) == 12


def test_a_link_to_the_creator_s_own_work_has_a_card(studio: Studio, directory: Directory) -> None:
    from core.works import Piece

    piece = Piece(source="tables", title="Who owns the tide tables", body="A tin.", url="https://tide.example/41")
    studio.memory.works.remember(studio.workspace.id, [piece.model_copy(update={"excerpt": "A tin, a lid."})])
    new = edited(studio, "It is out: https://tide.example/41")
    assert new.payload["embed"] == {
        "uri": "https://tide.example/41",
        "title": "Who owns the tide tables",
        "description": "A tin, a lid.",
    }
    assert "embed" not in edited(studio, "It is out: https://elsewhere.example/41").payload


def test_a_thread_that_is_too_long_with_its_signature_says_which_post(studio: Studio) -> None:
    workspace = studio.memory.workspaces.get(studio.workspace.id)
    signed = workspace.model_copy(update={"policy": {"signature": {"bluesky": "Ines"}}})
    studio.memory.workspaces.replace(signed)
    new = edited(studio, "One\n---\n" + "x" * 298)
    assert [post["text"][-4:] for post in new.payload["parts"]] == ["One", "Ines"]
    [finding] = [each for each in new.findings if each.rule == "length"]
    assert finding.message == "With what is added on sending post 2 of 2 has 304 of 300 graphemes."


def frozen_again(studio: Studio, old: Proposal, draft: object) -> Proposal:
    """Freeze a draft as the graph does it."""
    from agent.freezing import freeze_at

    crew = studio.reviewing.crew
    brief = studio.memory.briefs.get(old.brief_id)
    return freeze_at(crew, brief, draft, studio.workspace, at=None, grace=None, suggested=None)  # type: ignore[arg-type]
