"""Pictures with a post: attached to a brief, made to fit each channel before the approval, and checked at the end."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.attaching import attach
from app.revising import Wish
from app.studio import Studio
from core.briefs import Brief
from core.drafts import Finding
from core.errors import BadInput, WrongUse
from core.pictures import described, pictures_of
from core.proposals import Proposal
from publishing import Desk
from tests.conftest import Clock
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.fakes.recording_platform import RecordingPlatform
from tests.making import ASK, make_studio
from tests.media.making import PRIVATE, film, noise, photo, saved

ALT = "A biscuit tin on a shelf, its lid open"


@pytest.fixture
def tin(tmp_path: Path) -> Path:
    """A photo from a telephone, with the place where it was taken."""
    path = tmp_path / "tin.jpg"
    path.write_bytes(photo(noise(900, 600), orientation=6))
    return path


@pytest.fixture
def social(tmp_path: Path, clock: Clock) -> RecordingPlatform:
    return RecordingPlatform(tmp_path / "journal.jsonl", clock)


@pytest.fixture
def desk(studio: Studio, social: RecordingPlatform, clock: Clock) -> Desk:
    return Desk(studio.memory, {"bluesky": social}, clock)


def briefed(studio: Studio, *images: str, channels: tuple[str, ...] = ("bluesky",), **more: Any) -> list[Proposal]:
    return studio.start(ASK, images=images, channels=channels, **more).proposals


def about_pictures(proposal: Proposal) -> list[Finding]:
    rules = ("picture_left_out", "missing_alt", "too_many_images", "image_bytes", "alt_length")
    return [each for each in proposal.findings if each.rule in rules]


def read(studio: Studio, sha256: str) -> bytes:
    return studio.memory.files.read(studio.workspace.id, sha256)


# attached


def test_the_wire_payload_that_waits_holds_the_bytes_that_will_go(studio: Studio, tin: Path) -> None:
    [proposal] = briefed(studio, f"{tin}={ALT}")
    [picture] = pictures_of(proposal.payload)
    data = read(studio, picture.sha256)
    assert (picture.name, picture.alt) == ("tin.jpg", ALT)
    assert (picture.width, picture.height, picture.bytes) == (600, 900, len(data))  # upright
    assert picture.mime == "image/jpeg"
    assert [mark for mark in PRIVATE if mark in data] == []
    assert about_pictures(proposal) == []
    assert proposal.sha == proposal.recomputed_sha()
    assert studio.memory.files.get(studio.workspace.id, picture.sha256).made_from is not None


def test_each_channel_gets_a_rendition_of_its_own_made_once(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tools.illustrate

    made = []
    real = tools.illustrate.fit
    monkeypatch.setattr(tools.illustrate, "fit", lambda data, **how: made.append(how) or real(data, **how))
    path = tmp_path / "wide.png"
    path.write_bytes(saved(noise(2900, 700), "PNG"))
    channels = ("bluesky", "wordpress", "instagram", "webhook")
    by = {p.channel: pictures_of(p.payload)[0] for p in briefed(studio, f"{path}=noise", channels=channels)}
    assert {name: (each.mime, each.width) for name, each in by.items()} == {
        "bluesky": ("image/jpeg", by["bluesky"].width),
        "wordpress": ("image/png", 2560),
        "instagram": ("image/jpeg", 1337),  # cut to 1.91:1
        "webhook": ("image/png", 2900),
    }
    assert by["bluesky"].bytes <= 2_000_000
    assert read(studio, by["webhook"].sha256) == path.read_bytes()  # it fits, and tells nothing
    assert len(made) == 4
    again = {p.channel: pictures_of(p.payload)[0] for p in briefed(studio, f"{path}=noise", channels=channels)}
    assert again == by
    assert len(made) == 5  # only what stays as it is is looked at again


def test_a_rendition_that_was_tampered_with_is_made_anew(studio: Studio, tin: Path) -> None:
    [first] = briefed(studio, f"{tin}={ALT}")
    [picture] = pictures_of(first.payload)
    studio.memory.files.path(studio.workspace.id, picture.sha256).write_bytes(photo())
    [second] = briefed(studio, f"{tin}={ALT}")
    assert pictures_of(second.payload) == (picture,)
    assert len(read(studio, picture.sha256)) == picture.bytes


def test_without_an_alt_text_bluesky_must_be_mended_and_no_model_is_asked_to(studio: Studio, tin: Path) -> None:
    by = {p.channel: p for p in briefed(studio, str(tin), channels=("bluesky", "mastodon"))}
    assert [(f.rule, f.severity) for f in about_pictures(by["bluesky"])] == [("missing_alt", "error")]
    assert [(f.rule, f.severity) for f in about_pictures(by["mastodon"])] == [("missing_alt", "warning")]
    assert studio.memory.drafts.get(str(by["bluesky"].draft_id)).revision == 0


def test_more_than_a_channel_takes_stay_out_and_it_is_said(studio: Studio, tmp_path: Path) -> None:
    images = []
    for number in range(6):
        path = tmp_path / f"{number}.png"
        path.write_bytes(saved(noise(20, 20, seed=number), "PNG"))
        images.append(f"{path}=noise {number}")
    by = {p.channel: p for p in briefed(studio, *images, channels=("bluesky", "linkedin"))}
    assert [each.alt for each in pictures_of(by["bluesky"].payload)] == [f"noise {n}" for n in range(4)]
    [found] = about_pictures(by["bluesky"])
    assert found.message == "Bluesky takes at most 4 pictures. Left out: 4.png, 5.png."
    assert len(pictures_of(by["linkedin"].payload)) == 6


def test_newsletter_and_site_say_that_the_words_go_alone(studio: Studio, tin: Path) -> None:
    for proposal in briefed(studio, f"{tin}={ALT}", channels=("newsletter", "site")):
        assert pictures_of(proposal.payload) == ()
        [found] = about_pictures(proposal)
        assert found.severity == "note"
        assert found.message.endswith("pictures don't go with it yet, the words go alone. Left out: tin.jpg.")


def test_what_moves_goes_where_it_may_move(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "wave.gif"
    path.write_bytes(film())
    by = {p.channel: p for p in briefed(studio, f"{path}=A wave", channels=("mastodon", "x"))}
    [kept] = pictures_of(by["mastodon"].payload)
    assert read(studio, kept.sha256) == path.read_bytes()
    assert pictures_of(by["x"].payload) == ()
    [found] = about_pictures(by["x"])
    assert found.message.startswith("Left out for X: wave.gif moves, and can't be made to fit without stopping it.")


def test_a_threads_pictures_go_with_its_first_post(studio: Studio, tin: Path) -> None:
    [old] = briefed(studio, f"{tin}={ALT}")
    new = studio.decide(old.id, "edit", old.sha, body="One.\n\n---\n\nTwo.").new_proposal
    assert new is not None
    assert "media" in new.payload["parts"][0]
    assert "media" not in new.payload["parts"][1]
    assert pictures_of(new.payload) == pictures_of(old.payload)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("notes.jpg", b"no picture at all", "notes.jpg is not a JPEG, PNG, GIF or WebP picture"),
        ("cut.jpg", photo(noise(60, 60))[:900], "cut.jpg can't be read"),
        ("gone.jpg", None, "There is no picture at"),
    ],
)
def test_what_is_no_picture_is_refused_before_anything_is_kept(
    studio: Studio, tmp_path: Path, name: str, data: bytes | None, why: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInput, match=why):
        briefed(studio, f"{tmp_path / name}=x")
    assert studio.memory.briefs.list(studio.workspace.id) == []
    assert studio.memory.files.list(studio.workspace.id) == []


def test_the_file_decides_where_its_name_ends(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "a=b.png"
    path.write_bytes(saved(noise(9, 9), "PNG"))
    ours = studio.memory, studio.workspace.id
    for given, alt in ((f"{path}", ""), (f"{path}=", ""), (f"{path}= 1 + 1 = 2 ", "1 + 1 = 2")):
        [picture] = attach(*ours, [given])
        assert (picture.name, picture.alt) == ("a=b.png", alt)
    with pytest.raises(BadInput, match=r"a=b\.png is the same picture as a=b\.png"):
        attach(*ours, [str(path), f"{path}=again"])
    with pytest.raises(BadInput, match="too many"):
        attach(*ours, [str(path)] * 21)
    with pytest.raises(BadInput, match="no picture"):
        attach(*ours, ["\0" * 9 + "=x"])
    with pytest.raises(BadInput, match="no picture"):
        attach(*ours, ["x" * 5000])


def test_a_name_can_move_no_cursor(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "\x1b[2Jtin\u202egpj.png"
    path.write_bytes(saved(noise(9, 9), "PNG"))
    [picture] = attach(studio.memory, studio.workspace.id, [str(path)])
    assert picture.name == "?[2Jtin?gpj.png"


def test_a_brief_from_before_pictures_still_loads(studio: Studio, tin: Path) -> None:
    [proposal] = briefed(studio)
    kept = studio.memory.briefs.get(proposal.brief_id).model_dump(mode="json")
    assert kept.pop("pictures") == []
    assert Brief.model_validate(kept).pictures == ()
    assert "media" not in proposal.payload
    [with_one] = briefed(studio, f"{tin}={ALT}")
    [original] = studio.memory.briefs.get(with_one.brief_id).pictures
    assert read(studio, original.sha256) == tin.read_bytes()  # as it was given


# kept


def test_an_edit_and_a_wish_keep_the_pictures(studio: Studio, tin: Path, tmp_path: Path) -> None:
    moving = tmp_path / "wave.gif"
    moving.write_bytes(film())
    [first] = briefed(studio, f"{tin}={ALT}", f"{moving}=A wave")
    edited = studio.decide(first.id, "edit", first.sha, body="Marit kept the tide tables in a tin.").new_proposal
    assert edited is not None
    changed = studio.decide(edited.id, "changes", edited.sha, note="shorter").new_proposal
    assert changed is not None
    own = studio.reviewing.revise(studio.workspace.id, changed.id, "shorter")
    later = studio.revise(own.id, Wish(body="Another text.")).proposal
    for version in (edited, changed, own, later):
        assert pictures_of(version.payload) == pictures_of(first.payload) != ()
        assert [f.rule for f in about_pictures(version)] == ["picture_left_out"]  # the one that moves


def test_an_article_keeps_them_through_its_front_matter(studio: Studio, tin: Path) -> None:
    [first] = briefed(studio, f"{tin}={ALT}", channels=("wordpress",))
    edited = studio.decide(first.id, "edit", first.sha, body="---\ntitle: The tin\n---\n\nA text.").new_proposal
    assert edited is not None
    assert pictures_of(edited.payload) == pictures_of(first.payload) != ()


def test_pictures_are_replaced_and_the_approval_is_void(studio: Studio, tin: Path, tmp_path: Path) -> None:
    [old] = briefed(studio, f"{tin}={ALT}")
    studio.decide(old.id, "approve", old.sha)
    other = tmp_path / "other.png"
    other.write_bytes(saved(noise(40, 40), "PNG"))
    ours = studio.memory, studio.workspace.id
    revision = studio.revise(old.id, Wish(pictures=attach(*ours, [f"{other}=Noise"])))
    assert revision.voided is not None
    assert "changed its pictures" in revision.voided.reason
    new = revision.proposal
    assert (new.state, new.text) == ("waiting", old.text)
    assert [each.alt for each in pictures_of(new.payload)] == ["Noise"]
    said = studio.revise(new.id, Wish(pictures=attach(*ours, [f"{other}=Only noise"]))).proposal
    assert said.sha != new.sha  # an alt text is part of what is approved
    none = studio.revise(said.id, Wish(pictures=())).proposal
    assert pictures_of(none.payload) == ()
    with pytest.raises(WrongUse, match="Nothing would change"):
        studio.revise(none.id, Wish(pictures=()))


def test_a_replacement_that_cannot_be_costs_no_approval(studio: Studio, tin: Path, tmp_path: Path) -> None:
    [old] = briefed(studio, f"{tin}={ALT}")
    studio.decide(old.id, "approve", old.sha)
    moving = tmp_path / "wave.gif"
    moving.write_bytes(film())
    with pytest.raises(BadInput, match=r"wave\.gif moves"):
        studio.revise(old.id, Wish(pictures=attach(studio.memory, studio.workspace.id, [f"{moving}=A wave"])))
    assert studio.show(old.id).state == "approved"


# translated


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server("sk-test") as running:
        yield running


def test_an_alt_text_is_translated_with_the_words(
    tmp_path: Path, clock: Clock, server: OpenAIServer, tin: Path
) -> None:
    model: dict[str, Any] = {"endpoint": "fake-1", "model_url": server.base_url, "api_key": SecretStr("sk-test")}
    studio = make_studio(tmp_path, clock, **model)
    empty = {"title": "", "subject": "", "preheader": "", "summary": "", "tags": [], "receipts": []}
    server.script(
        Say(json.dumps({"angles": [{"title": "The tin", "premise": "A tin.", "work_ids": []}]})),
        Say(json.dumps({**empty, "text": "Marit kept them in a tin."})),
        Say(json.dumps({"segments": ["Marit los guardaba en una lata.", "Una lata en un estante."]})),
    )
    by = {p.locale: p for p in briefed(studio, f"{tin}=A tin on a shelf.", locales=["en", "es"])}
    [english], [spanish] = (pictures_of(by[locale].payload) for locale in ("en", "es"))
    assert (english.alt, spanish.alt) == ("A tin on a shelf.", "Una lata en un estante.")
    assert english.sha256 == spanish.sha256
    assert by["es"].text == "Marit los guardaba en una lata."
    studio.close()


# sent, or not


def test_a_swapped_file_sends_nothing_and_attaching_again_works(
    studio: Studio, desk: Desk, social: RecordingPlatform, tin: Path
) -> None:
    [proposal] = briefed(studio, f"{tin}={ALT}")
    [picture] = pictures_of(proposal.payload)
    studio.decide(proposal.id, "approve", proposal.sha)
    stored = studio.memory.files.path(studio.workspace.id, picture.sha256)
    stored.write_bytes(photo())  # the same name, other bytes

    for _ in range(2):
        assert desk.publish_due().published == ()
    assert social.calls() == []
    stale = studio.show(proposal.id)
    assert stale.state == "stale"
    assert stale.reason == "The picture tin.jpg is not the one you approved: its file holds other bytes now."
    assert studio.memory.ledger.verify().ok

    again = attach(studio.memory, studio.workspace.id, [f"{tin}={ALT}"])
    new = studio.revise(proposal.id, Wish(pictures=again)).proposal
    assert pictures_of(new.payload) == (picture,)
    studio.decide(new.id, "approve", new.sha)
    assert len(desk.publish_due().published) == 1
    assert len(social.calls()) == 1


def test_a_file_that_was_swapped_before_the_approval_is_not_approved(studio: Studio, tin: Path) -> None:
    [proposal] = briefed(studio, f"{tin}={ALT}")
    [picture] = pictures_of(proposal.payload)
    studio.memory.files.path(studio.workspace.id, picture.sha256).unlink()
    from core.errors import Stale

    with pytest.raises(Stale, match=r"tin\.jpg can't be read any more"):
        studio.decide(proposal.id, "approve", proposal.sha)


def test_an_original_that_was_swapped_before_drafting_stays_out(studio: Studio, tin: Path) -> None:
    [picture] = attach(studio.memory, studio.workspace.id, [str(tin)])
    stored = studio.memory.files.path(studio.workspace.id, picture.sha256)

    class Swapping:
        def __call__(self, _name: str, _done: bool) -> None:
            stored.write_bytes(photo())

    [proposal] = briefed(studio, f"{tin}={ALT}", progress=Swapping())
    assert pictures_of(proposal.payload) == ()
    [found] = about_pictures(proposal)
    assert found.message == ("Left out for Bluesky: the file of tin.jpg is gone or was changed. Attach it again.")


def test_forgetting_a_work_leaves_the_pictures(studio: Studio, tin: Path) -> None:
    [proposal] = briefed(studio, f"{tin}={ALT}")
    [picture] = pictures_of(proposal.payload)
    for work in studio.works():
        studio.memory.forget(studio.workspace.id, work.id, by="ines")
    assert len(read(studio, picture.sha256)) == picture.bytes


def test_a_person_reads_what_a_picture_is(studio: Studio, tin: Path) -> None:
    [proposal] = briefed(studio, f"{tin}={ALT}")
    [picture] = pictures_of(proposal.payload)
    assert described(picture) == f"JPEG, 600 × 900 pixels, {picture.bytes:,} bytes, sha {picture.sha256[:12]}"
