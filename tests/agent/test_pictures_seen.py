"""Pictures with a draft: cut for their channel around a point, described by a model that sees, labelled as made."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from app.sliding import slides
from app.studio import Studio
from core.canonical import sha256
from core.errors import BadInput, WrongUse
from core.picture_words import PictureWords
from core.pictures import pictures_of
from core.proposals import Proposal
from media.metadata import label_of, read_said, with_words
from tests.conftest import Clock
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.making import ASK, make_studio
from tests.media.making import halves, noise, opened, photo, saved
from tests.seeing import seeing_studio, sees

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEEN = "A biscuit tin on a shelf, its lid half open."


NUMBERS = count()


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """Red on the left, blue on the right: three times as wide as high. Each is another picture by a pixel."""
    path, image = tmp_path / "quay.png", halves(1200, 400)
    image.putpixel((600, 200), (next(NUMBERS), 9, 9))
    path.write_bytes(saved(image, "PNG"))
    return path


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One for all: no test looks at another's brief."""
    opened = make_studio(tmp_path_factory.mktemp("studio"), Clock(NOON))
    yield opened
    opened.close()


def briefed(studio: Studio, *images: str, channels: tuple[str, ...] = ("instagram",)) -> list[Proposal]:
    return studio.start(ASK, images=images, channels=channels).proposals


def rules(proposal: Proposal) -> list[str]:
    wanted = ("picture_cut", "alt_by_a_model", "picture_made_by_a_model", "missing_alt")
    return [each.rule for each in proposal.findings if each.rule in wanted]


def bytes_of(studio: Studio, proposal: Proposal, number: int = 0) -> bytes:
    return studio.memory.files.read(studio.workspace.id, pictures_of(proposal.payload)[number].sha256)


# cut around a point


def test_what_is_too_wide_is_cut_around_the_point_that_was_given_and_frozen_so(studio: Studio, wide: Path) -> None:
    [proposal] = briefed(studio, f"{wide}@0.9,0.5=The quay")
    [picture] = pictures_of(proposal.payload)
    assert (picture.width, picture.height, picture.alt) == (764, 400, "The quay")  # 1.91:1
    data = bytes_of(studio, proposal)
    corner = opened(data).convert("RGB").getpixel((20, 200))
    assert isinstance(corner, tuple) and corner[0] > 200  # from x = 436 on: still a little of the red half
    assert opened(data).convert("RGB").getpixel((700, 200))[2] > 200  # type: ignore[index]
    said = next(each for each in proposal.findings if each.rule == "picture_cut")
    assert said.severity == "note" and "0.90, 0.50: as you said" in said.message
    assert proposal.sha == proposal.recomputed_sha()


def test_without_a_point_it_says_how_it_was_found(studio: Studio, wide: Path) -> None:
    [proposal] = briefed(studio, f"{wide}=The quay")
    assert any("is cut for Instagram around" in each.message for each in proposal.findings)


def test_all_pictures_of_a_carousel_have_the_first_ones_shape(studio: Studio, wide: Path, tmp_path: Path) -> None:
    tall = tmp_path / "tall.jpg"
    tall.write_bytes(photo(noise(300, 900)))
    [proposal] = briefed(studio, f"{tall}=Tall", f"{wide}=Wide")
    shapes = [each.width / each.height for each in pictures_of(proposal.payload)]
    assert shapes == pytest.approx([0.8, 0.8], abs=0.01)


def test_channels_that_take_any_shape_cut_nothing(studio: Studio, wide: Path) -> None:
    [proposal] = briefed(studio, f"{wide}=The quay", channels=("mastodon",))
    assert rules(proposal) == [] and bytes_of(studio, proposal) == wide.read_bytes()


def test_a_point_that_is_none_is_refused_before_anything_is_drafted(studio: Studio, wide: Path) -> None:
    with pytest.raises(BadInput, match="outside the picture"):
        briefed(studio, f"{wide}@2,0=The quay")
    with pytest.raises(BadInput, match="no picture at"):
        briefed(studio, f"{wide}x@0.2,0.2=The quay")


def test_a_file_whose_name_has_an_at_sign_is_that_file(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "quay@0.1,0.1"
    path.write_bytes(saved(halves(), "PNG"))
    [proposal] = briefed(studio, f"{path}=The quay", channels=("mastodon",))
    assert pictures_of(proposal.payload)[0].name == "quay@0.1,0.1"


def test_a_carousels_slides_are_drawn_all_or_none(studio: Studio, tmp_path: Path) -> None:
    [proposal] = studio.start(ASK, channels=("carousel",)).proposals
    drawn = slides(studio, proposal.id, tmp_path / "slides")
    assert [each.layout for each in drawn] == ["cover", *["slide"] * (len(drawn) - 1)] and len(drawn) >= 2
    assert "\n\n---\n\n".join(each.alt for each in drawn) == proposal.payload["text"]
    first = Path(drawn[0].file)
    assert read_said(first.read_bytes()).words.alt == drawn[0].alt
    Path(drawn[1].file).unlink()
    with pytest.raises(BadInput, match=r"slide-01\.png is there already; nothing was drawn"):
        slides(studio, proposal.id, tmp_path / "slides")
    with pytest.raises(BadInput, match="Slide 1: The layout cover has no format"):
        slides(studio, proposal.id, tmp_path / "round", format_="round")
    assert not (tmp_path / "round").exists()


def test_another_channels_draft_has_no_slides(studio: Studio, wide: Path, tmp_path: Path) -> None:
    [proposal] = briefed(studio, f"{wide}=The quay", channels=("mastodon",))
    with pytest.raises(WrongUse, match="for mastodon, which has no slides"):
        slides(studio, proposal.id, tmp_path)


# alt text


def test_the_alt_text_in_the_file_is_taken_where_none_is_given(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "tin.png"
    path.write_bytes(with_words(saved(halves(), "PNG"), "image/png", PictureWords(alt="A tin", description="Not this")))
    assert pictures_of(briefed(studio, str(path), channels=("bluesky",))[0].payload)[0].alt == "A tin"
    assert pictures_of(briefed(studio, f"{path}=Mine", channels=("bluesky",))[0].payload)[0].alt == "Mine"


@pytest.fixture(scope="module")
def eyes() -> Iterator[OpenAIServer]:
    with openai_server() as running:
        yield running


@pytest.fixture
def server(eyes: OpenAIServer) -> OpenAIServer:
    eyes.journal.clear()
    return eyes


@pytest.fixture(scope="module")
def seeing(tmp_path_factory: pytest.TempPathFactory, eyes: OpenAIServer) -> Iterator[Studio]:
    with seeing_studio(tmp_path_factory.mktemp("seeing"), eyes, NOON) as made:
        yield made


def test_a_model_that_sees_says_it_once_for_all_channels_and_is_named(
    seeing: Studio, server: OpenAIServer, tmp_path: Path
) -> None:
    path = tmp_path / "IMG_0001.jpg"
    path.write_bytes(photo(noise(900, 600)))
    server.script(sees(SEEN))
    made = briefed(seeing, str(path), channels=("bluesky", "mastodon"))
    assert [pictures_of(each.payload)[0].alt for each in made] == [SEEN, SEEN]
    assert [rules(each) for each in made] == [["alt_by_a_model"], ["alt_by_a_model"]]
    assert "eyes-1, which saw it: read it" in next(e.message for e in made[0].findings if e.rule == "alt_by_a_model")
    assert len(server.journal) == 1
    shown = json.dumps(server.journal[0])
    assert "image_url" in shown and "Canon" not in shown
    [row] = [each for each in seeing.memory.usage.list(seeing.workspace.id) if each.stage == "picture"]
    assert (row.model, row.endpoint) == ("eyes-1", "eyes")
    briefed(seeing, str(path), channels=("bluesky",))
    assert len(server.journal) == 1  # it is known by now


def test_a_persons_alt_text_is_never_asked_for_nor_replaced(seeing: Studio, server: OpenAIServer, wide: Path) -> None:
    [proposal] = briefed(seeing, f"{wide}=The quay", channels=("bluesky",))
    assert pictures_of(proposal.payload)[0].alt == "The quay" and server.journal == []
    files, digest = seeing.memory.files, sha256(wide.read_bytes())
    files.describe(seeing.workspace.id, digest, "other words", by="eyes-1")
    assert files.get(seeing.workspace.id, digest).alt == "The quay"


@pytest.mark.parametrize(
    "bad",
    [
        [Say(status=500, error="out of order")],
        [Say(text="I can't help with that."), Say(text="Sorry.")],
        [Say(refusal="No."), Say(refusal="No.")],
        [sees("")],
    ],
)
def test_what_the_model_can_not_say_a_person_is_asked_for(
    seeing: Studio, server: OpenAIServer, wide: Path, bad: list[Say]
) -> None:
    server.script(*bad)
    [proposal] = briefed(seeing, str(wide), channels=("mastodon",))
    assert pictures_of(proposal.payload)[0].alt == "" and rules(proposal) == ["missing_alt"]


def test_a_private_brief_shows_its_pictures_to_no_hosted_model(
    seeing: Studio, server: OpenAIServer, wide: Path
) -> None:
    made = seeing.start(ASK, images=[str(wide)], channels=("mastodon",), private=True).proposals
    assert rules(made[0]) == ["missing_alt"] and server.journal == []


# made by a model


def test_that_a_model_made_it_stays_in_the_bytes_that_go_out(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "made.png"
    words = PictureWords(title="Ines' tin", source_type="trainedAlgorithmicMedia", tool="image-model-1")
    path.write_bytes(with_words(saved(noise(2400, 1200), "PNG"), "image/png", words))
    for proposal in briefed(studio, f"{path}=A tin", channels=("instagram", "bluesky", "wordpress")):
        data, [picture] = bytes_of(studio, proposal), pictures_of(proposal.payload)
        label = label_of(data, picture.mime)
        assert (label.source_type, label.tool) == ("trainedAlgorithmicMedia", "image-model-1")
        assert b"Ines" not in data  # nothing else that it said
        assert "picture_made_by_a_model" in rules(proposal)
        assert picture.bytes == len(data) and (proposal.channel != "bluesky" or len(data) <= 2_000_000)
