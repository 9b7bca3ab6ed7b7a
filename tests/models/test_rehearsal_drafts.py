"""The rehearsal model's drafts: from own words, native to the channel, whole, within limits, receipts that hold."""

import re

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels import channels
from core.counting import fits
from models import ModelConfig, ask, open_model
from models.rehearsal.connectors import connectors
from models.rehearsal.drafting import draft, kit_for
from models.rehearsal.reading import sentences
from models.rehearsal.shapes.kit import Piece
from models.rehearsal.vectors import Vectors
from models.tasks import DraftAnswer, DraftRequest, PastWork, VoiceNotes
from tests.models.material import ASK, DIRTY, TRANSCRIPT, WORKS, request, sourced

CHANNELS = [channel.name for channel in channels()]
SOCIAL = ["bluesky", "mastodon", "x", "threads", "linkedin", "instagram"]
BY_WORDS = Vectors(None)


def fake_embedding(texts: list[str]) -> np.ndarray:
    """Vectors by character trigrams: not meaning, but stable, and of a fixed width as an embedder's are."""
    matrix = np.zeros((len(texts), 64), np.float32)
    for row, text in enumerate(texts):
        for at in range(len(text) - 2):
            matrix[row, sum(map(ord, text[at : at + 3])) % 64] += 1
    return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", text.lower()))


def material_of(asked: DraftRequest) -> str:
    works = "\n".join("\n".join([work.title, *work.passages]) for work in asked.works)
    return "\n".join([asked.ask, asked.source.title, asked.source.text, works])


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("source", ["", DIRTY, TRANSCRIPT])
def test_says_nothing_but_own_words_and_listed_phrases(channel: str, source: str) -> None:
    asked = request(channel, **sourced(source))
    made = draft(asked, BY_WORDS)
    listed = words_of(yaml.safe_dump(connectors("en", plural=True).phrases, allow_unicode=True))
    allowed = words_of(material_of(asked)) | listed | words_of(" ".join(work.url or "" for work in asked.works))
    allowed |= {word.replace(" ", "").replace("-", "") for word in asked.hashtags}
    said = " ".join([made.text, made.title, made.subject, made.preheader, made.summary])
    assert words_of(said) <= allowed


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("source", ["", DIRTY, TRANSCRIPT])
def test_every_receipt_holds(channel: str, source: str) -> None:
    asked = request(channel, **sourced(source))
    made = draft(asked, BY_WORDS)
    assert made.receipts
    flat = " ".join(material_of(asked).split())
    for receipt in made.receipts:
        assert receipt.line in made.text + made.summary
        assert receipt.quote in flat
        assert (receipt.work_id is not None) == (receipt.origin == "work")


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_markup_code_label_note_or_dangling_start(channel: str) -> None:
    for source in (DIRTY, TRANSCRIPT):
        text = draft(request(channel, **sourced(source)), BY_WORDS).text
        for trace in ("{%", "```", "`", "[^", "**", "[laughter", "01:20", "caption", "footnote", "print(", "You know"):
            assert trace not in text
        assert not re.search(r"(?:^|\n|“|> )(?:However|This|It|After that)\b", text)


def test_the_ask_is_announced_in_its_own_words() -> None:
    for channel in CHANNELS:
        made = draft(request(channel), BY_WORDS)
        assert "our walk along the harbour with the tide tables" in made.text
        assert "Announce" not in made.text


@pytest.mark.parametrize("embed", [None, fake_embedding])
def test_channels_of_one_brief_begin_differently(embed: object) -> None:
    vectors = Vectors(embed)  # type: ignore[arg-type]
    firsts = {channel: draft(request(channel), vectors).text.split("\n")[0] for channel in CHANNELS}
    usual = [channel for channel in CHANNELS if channel not in {"wordpress", "webhook"}]  # the ninth begins anew
    assert len({firsts[channel] for channel in usual}) >= len(usual) - 1
    assert len({firsts[channel] for channel in ("site", "wordpress", "webhook", "newsletter")}) == 4


LATER = """Out on Sunday 22 November 2026, 43 minutes. Listen at https://harbour.example/41

The electric pump on the fuel berth stopped for good on a Monday in August.

The hand pump gives a litre of diesel for every two strokes of the long arm."""


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_is_said_to_be_out_before_its_day(channel: str) -> None:
    for asked in (
        request(channel, ask="Announce episode 41", **sourced(LATER), links=("https://harbour.example/41",)),
        request(channel, ask="Announce our gathering on 1 December at the harbour with the tide tables"),
    ):
        made = draft(asked, BY_WORDS)
        said = " ".join([made.text, made.title, made.subject, made.summary])
        assert not re.search(r"Out now|New:|News:|Here it is:(?! http)|Ready for you", said)
        assert made.text.count("https://harbour.example/41") <= 1
        if asked.links and channel not in ("instagram", "carousel"):
            assert "Out on Sunday 22 November 2026" in made.text
            assert "https://harbour.example/41" in made.text


def test_words_of_a_past_guest_are_introduced_as_theirs() -> None:
    told = (
        "And then the wall of the room moved when the old horn sounded.\n\n"
        "**Borghild Myhre:** The horn on the rock was loud enough to move the wall of my room every night.\n\n"
        "**Ines Tveit:** The horn of the rock is in a museum now and nobody can hear it any more."
    )
    work = PastWork(id="w_1", title="The horn", published_at="2025-02-23", passages=(told,))
    for channel in CHANNELS:
        made = draft(request(channel, ask="Announce our horn on the rock", works=(work,), variant=1), BY_WORDS)
        assert "wrote" not in made.text
        assert "wall of the room" not in made.text
        assert re.search(r"(?:Borghild Myhre|Ines Tveit) said", made.text)


@pytest.mark.parametrize("channel", CHANNELS)
def test_without_material_a_draft_keeps_to_the_announcement(channel: str) -> None:
    made = draft(request(channel, ask="Announce our new course on beekeeping in winter"), BY_WORDS)
    assert "“" not in made.text
    assert "> " not in made.text
    assert made.summary == ""


@pytest.mark.parametrize("channel", SOCIAL)
def test_a_sentence_of_the_ask_is_never_cut_and_closed_with_a_stop(channel: str) -> None:
    long = "We spent the autumn on the quay with a tape measure and a thermos " + "and a notebook and a lamp " * 9
    made = draft(request(channel, ask=long.strip(), works=(), hashtags=()), BY_WORDS)
    assert made.text.endswith((long.strip()[1:] + ".", " …"))


@pytest.mark.parametrize("ask", ["Write a tweet about fog", "Write me something nice about fog", "draft a post on fog"])
def test_a_draft_never_holds_the_order(ask: str) -> None:
    for channel in CHANNELS:
        assert not re.search(r"\b(?:write|draft|tweet)\b", draft(request(channel, ask=ask), BY_WORDS).text, re.I)


def test_a_piece_that_the_ask_names_is_the_one_that_is_quoted() -> None:
    for channel in CHANNELS:
        made = draft(request(channel, ask="Turn “The fog signal at Ferder” into posts"), BY_WORDS)
        assert {line.work_id for line in made.receipts} <= {"w_fog000000000", None}


@pytest.mark.parametrize("channel", CHANNELS)
def test_variants_begin_differently(channel: str) -> None:
    texts = [draft(request(channel, variant=number), BY_WORDS).text for number in (1, 2, 3)]
    assert len({text.split("\n")[0] for text in texts}) == 3


def test_the_same_request_gives_the_same_draft() -> None:
    for channel in CHANNELS:
        assert draft(request(channel), Vectors(None)) == draft(request(channel), Vectors(None))


def test_past_work_is_quoted_with_its_date_in_the_creators_person() -> None:
    made = draft(request("mastodon"), BY_WORDS)
    assert re.search(r"we (?:wrote|put it) .*“|we put it in \w+ 20\d\d: “", made.text)
    alone = draft(
        request(
            "mastodon",
            ask="Announce my walk with the tide table of the harbour office",
            voice=VoiceNotes(exemplars=("I kept my own tin.",)),
        ),
        BY_WORDS,
    )
    assert "I put it in" in alone.text or "I wrote" in alone.text


def test_a_transcript_is_quoted_by_who_said_it_never_the_host() -> None:
    for channel in CHANNELS:
        made = draft(request(channel, works=(), **sourced(TRANSCRIPT, title="Episode 3")), BY_WORDS)
        assert "Marit Dahl" in made.text
        assert "Ines Host" not in made.text.replace("- Ines Host", "")  # show notes list who speaks
        assert "anybody care" not in made.text


def test_where_nothing_was_found_the_draft_is_the_asks_own_words() -> None:
    for channel in CHANNELS:
        made = draft(request(channel, works=(), hashtags=()), BY_WORDS)
        assert len(made.text.split()) < 30
        assert "our walk along the harbour with the tide tables" in made.text


def test_linkedin_has_paragraphs_of_600_to_1300_characters() -> None:
    wide = "Announce our walk along the quay: the tide tables, the fog signal on the island, the ferry timetable"
    made = draft(request("linkedin", ask=wide), BY_WORDS)
    assert 600 <= len(made.text) <= 1300
    assert len(made.text.split("\n\n")) >= 4


def test_a_newsletter_has_a_subject_a_different_preheader_and_links_what_it_quotes() -> None:
    made = draft(request("newsletter", ask=ASK + " for everybody who ever waited for the tide at Ferder"), BY_WORDS)
    assert made.subject == "Our walk along the harbour with the tide tables"
    assert len(made.subject) <= 60
    assert 0 < len(made.preheader) <= 110
    assert made.preheader != made.subject
    assert "[Who owns the tide tables](https://harbour.example/tide-tables)" in made.text


def test_an_article_has_title_summary_headings_and_block_quotes() -> None:
    made = draft(request("site", ask=f"{ASK}, the fog signal and the ferry timetable"), BY_WORDS)
    assert made.title.startswith("Our walk along the harbour with the tide tables")
    assert made.text.count("\n## ") >= 2
    assert "\n> " in made.text
    assert made.tags == ("harbours", "tide tables", "sea-level")


def test_links_and_hashtags_are_only_those_that_were_given() -> None:
    made = {channel: draft(request(channel, links=("https://harbour.example/walk",)), BY_WORDS) for channel in CHANNELS}
    for channel, answer in made.items():
        given_links = {"https://harbour.example/walk", *(work.url for work in WORKS)}
        assert set(re.findall(r"https?://[^\s)]+", answer.text)) <= given_links
        assert set(re.findall(r"#(\w+)", answer.text)) <= {"Harbours", "TideTables", "SeaLevel"}
        if channel in {"bluesky", "mastodon", "x", "threads", "linkedin", "newsletter"}:
            assert "https://harbour.example/walk" in answer.text
    assert "http" not in made["instagram"].text
    assert made["bluesky"].text.count("#") <= 2


def test_an_angle_of_a_person_is_followed() -> None:
    angle = {"title": "The tin above the stove", "premise": "Start with the tin.", "work_ids": ["w_tide00000000"]}
    made = draft(request("site", angle=angle), BY_WORDS)
    assert made.title == "The tin above the stove"
    assert made.text.startswith("Start with the tin.")


def test_another_language_gets_no_english_phrases() -> None:
    work = PastWork(
        id="w_1", title="La sal", published_at="2024-05-02", passages=("La sal se vendía en el puerto de noche.",)
    )
    made = draft(request("mastodon", ask="La feria de la sal abre el lunes", locale="es", works=(work,)), BY_WORDS)
    assert words_of(made.text) <= words_of(
        f"La feria de la sal abre el lunes {work.title} {work.passages[0]} harbours tidetables sealevel"
    )


def test_drafts_come_through_ask_like_any_models() -> None:
    model = open_model(ModelConfig())
    answer = ask(model, "draft", request("bluesky"), DraftAnswer, stage="draft", channels=["bluesky"])
    assert answer == draft(request("bluesky"), BY_WORDS)


prose = st.lists(
    st.sampled_from(
        [
            *(sentence for work in WORKS for passage in work.passages for sentence in passage.split(". ")),
            "**Bold** _and_ {% liquid %}.",
            "WEBVTT",
            "A word" * 30,
            "👩‍👩‍👧 emoji 🏳️‍🌈 sentence about the tide tables of the harbour.",
            "\n\n",
            "> quoted",
            "“Unbalanced (quote about the sea.",
        ]
    )
    | st.text(max_size=40),
    max_size=12,
).map(". ".join)


@settings(max_examples=60, deadline=None)
@given(
    ask=st.text(min_size=1, max_size=400).filter(str.strip) | st.just(ASK),
    source=prose,
    channel=st.sampled_from(SOCIAL),
)
def test_whatever_it_is_given_it_fits_the_channel(ask: str, source: str, channel: str) -> None:
    made = draft(request(channel, ask=ask, **sourced(source, title="")), BY_WORDS)
    assert made.text.strip()
    assert fits(channel, made.text)


@pytest.mark.parametrize("channel", ["linkedin", "instagram", "youtube"])
@pytest.mark.parametrize("variant", range(1, 9))
def test_what_comes_first_leans_on_nothing_before_it(channel: str, variant: int) -> None:
    past = draft(request(channel, ask="Tides", variant=variant), BY_WORDS)
    assert not past.text.startswith("And in ")
    spoken = draft(request(channel, ask="Tides", works=(), variant=variant, **sourced(TRANSCRIPT, title="")), BY_WORDS)
    assert "Marit Dahl" in next(each for each in spoken.text.split("\n\n") if "“" in each)


def test_two_speakers_keep_their_words_when_one_of_them_begins() -> None:
    kit = kit_for(request("linkedin", ask="How do tides work?"), BY_WORDS).at(1)
    body = [Piece("Ana says: “a”"), Piece("Bo says: “b”"), Piece("“b2”"), Piece("“b3”")]
    alone = [Piece("Ana: “a”"), Piece("Bo: “b”"), Piece("Bo: “b2”"), Piece("Bo: “b3”")]
    begun = [piece.text for piece in kit.at(2).begun([Piece("How do tides work?")], body, alone)]
    assert begun == ["Bo: “b”", "How do tides work?", "Ana says: “a”", "Bo: “b2”", "“b3”"]


def test_a_sentence_that_was_wrapped_early_is_not_taken_for_a_heading() -> None:
    wrapped = "Section 9, an amendment to the\nHarbour Act of\n1973, was enacted\nto keep the quay open to all of us."
    assert [each.text for each in sentences(wrapped)] == [" ".join(wrapped.split())]
    assert [each.text for each in sentences("Our fog signal\nThe signal sounds twice.")] == ["The signal sounds twice."]
