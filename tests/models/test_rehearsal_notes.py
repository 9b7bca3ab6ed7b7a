"""Raw notes: what is told of them, in which order, and what stays back."""

import pytest

from core.counting import fits
from models.rehearsal.drafting import draft
from models.rehearsal.noting import are_notes, read_notes
from models.rehearsal.vectors import Vectors
from models.tasks import DraftAnswer, DraftRequest, PastWork, Source

NOTES = """Winter open day at the boat shed. Saturday 12 December 2026, 10 to 2
- soup from noon, bread from Ines
- price: 4 euros a bowl. the poster says 3, that's wrong, old poster
- sign up: shed.example/winter
- old Per will sail the gaff rig if the wind lets him. "A boat is a promise." use that, he's fine with it
- the council wants to close the slip. off the record, don't mention the council
- Marit's number 555 010 2233, for us only
- how many will come? no idea, do not put a number
- (ask Ines about the oven)
- dogs welcome
"""
ASK = "We need posts for the open day, nothing long. Newsletter and Bluesky."
SAID_BACK = ("council", "slip", "555", "oven", "number", "use that", "3, that", "nothing long", "We need posts")


def drafted(channel: str, notes: str = NOTES, ask: str = ASK, locale: str = "en", **more: object) -> DraftAnswer:
    request = DraftRequest(ask=ask, locale=locale, source=Source(text=notes), channel=channel, **more)
    return draft(request, Vectors(None))


def everything(answer: DraftAnswer) -> str:
    return "\n".join([answer.title, answer.subject, answer.preheader, answer.summary, answer.text])


@pytest.mark.parametrize(
    "channel", ["bluesky", "x", "mastodon", "linkedin", "newsletter", "site", "youtube", "carousel"]
)
def test_a_draft_of_notes_says_what_when_how_much_and_where_to_sign_up(channel: str) -> None:
    answer = drafted(channel)
    said = everything(answer)
    for fact in (
        "Winter open day at the boat shed",
        "Saturday 12 December 2026",
        "4 euros a bowl",
        "shed.example/winter",
    ):
        assert fact in said, (channel, fact, said)
    assert fits(channel, answer.text) or channel == "carousel"
    assert answer.text.startswith("Winter open day at the boat shed")


@pytest.mark.parametrize("channel", ["bluesky", "linkedin", "newsletter", "site", "shownotes", "carousel", "threads"])
def test_what_notes_keep_back_and_what_is_said_to_whoever_writes_is_in_no_draft(channel: str) -> None:
    said = everything(drafted(channel))
    assert [words for words in SAID_BACK if words in said] == []


def test_every_line_has_a_receipt_whose_quote_stands_in_the_notes() -> None:
    answer = drafted("newsletter")
    flat = " ".join(NOTES.split())
    assert answer.receipts
    for line in answer.receipts:
        assert line.origin == "source"
        assert line.quote in flat
        assert line.line in answer.text


def test_a_list_stays_a_list_where_there_is_room_and_sentences_are_told_where_there_is_little() -> None:
    assert "- Dogs welcome." in drafted("newsletter").text
    assert "- " not in drafted("bluesky").text


def test_the_links_of_notes_are_carried_where_they_can_be_followed_and_those_kept_back_are_not() -> None:
    notes = "Open day. Sunday 3 May 2026\nsign up: https://shed.test/may\ndo not share: https://shed.test/secret"
    links = ("https://shed.test/may", "https://shed.test/secret")
    assert "https://shed.test/may" in drafted("bluesky", notes, links=links).text
    assert "shed.test" not in drafted("instagram", notes, links=links).text
    for channel in ("bluesky", "newsletter", "site", "linkedin"):
        assert "secret" not in everything(drafted(channel, notes, links=links))


def test_an_older_piece_does_not_say_what_the_notes_keep_back() -> None:
    work = PastWork(
        id="w_1",
        title="The open day at the shed",
        passages=(
            "The boat shed had its open day in winter, and the council closed the slip for the winter open day.",
        ),
    )
    assert "council" not in everything(drafted("newsletter", works=(work,)))


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Marco lascia il coro a marzo (non scrivere)", "it"),
        ("Marco lascia il coro, questo resta fra noi", "it"),
        ("Jana hört im März auf, nicht erwähnen", "de"),
        ("Jana hört auf. bleibt unter uns", "de"),
        ("la chica nueva se va en mayo. no decir nada", "es"),
        ("el dueño vende el local, entre nosotros", "es"),
        ("Luc quitte la troupe, ne pas le dire", "fr"),
        ("le prix du jury est sous embargo", "fr"),
        ("o baixista sai em maio. cortar o nome, foi o Beto", "pt"),
        ("telefone da casa, só pra mim: 81 4002 8922", "pt"),
        ("Joke stopt ermee, niet noemen", "nl"),
        ("het pand wordt verkocht. dit blijft onder ons", "nl"),
        ("Ewa odchodzi w maju, nie pisać", "pl"),
        ("numer do Ewy 600 100 200, tylko dla mnie", "pl"),
        ("店を閉めるかもしれない、書かないで", "ja"),
        ("大家さんの話はオフレコ", "ja"),
        ("he's leaving in May. don't print", "en"),
        ("the grant is not announced, leave it out", "en"),
        ("new venue: not sure", "en"),
        ("todo: buy stamps", "en"),
    ],
)
def test_a_line_that_says_so_stays_back_in_each_language(line: str, language: str) -> None:
    notes = read_notes(f"Concert 12.12.2026, 19:30\n{line}\nTea", "", language)
    assert [each.text for each in notes.told if each.line == 1] == []
    assert any(each.line == 0 for each in notes.told)


@pytest.mark.parametrize(
    ("line", "told", "figure"),
    [
        ("28 euro a testa. sul vecchio foglio c'è 24, è sbagliato", "28 euro a testa.", "24"),
        ("entrada $90. el cartel dice $70, está mal", "Entrada $90.", "70"),
        ("Eintritt 12 Euro. Plakat sagt 10 Euro, stimmt nicht mehr", "Eintritt 12 Euro.", "10"),
        ("12 uur. op de site staat 11 uur, klopt niet", "12 uur.", "11"),
    ],
)
def test_a_figure_that_is_said_to_be_wrong_stands_nowhere(line: str, told: str, figure: str) -> None:
    notes = read_notes(f"Sera, 3.5.2026\n{line}\nancora {figure} posti", "Annuncia la sera", "it")
    assert [each.text for each in notes.told if each.line == 1] == [told]
    assert not any(figure in each.text for each in notes.told)


def test_in_a_correction_the_wrong_is_the_news_and_is_told_with_the_right() -> None:
    notes = "episode 9, the pier\nI said 40 metres, that's wrong. it's 60 metres\nthanks to Ola"
    for channel in ("bluesky", "newsletter"):
        assert "I said 40 metres, that's wrong. It's 60 metres." in drafted(channel, notes, ask="A correction").text


def test_what_is_not_known_is_not_told_and_the_rest_of_its_line_is() -> None:
    notes = read_notes("Fest, 3. Mai 2026\nwann? weiß ich nicht. ich melde mich am 1. April", "", "de")
    assert [each.text for each in notes.told if each.line == 1] == ["Ich melde mich am 1. April."]


def test_an_ask_gives_the_news_where_the_notes_only_have_details() -> None:
    answer = drafted("bluesky", "doors at the usual time\nbring a cup", ask="Announce our harvest supper")
    assert answer.text.startswith("Our harvest supper.")


def test_prose_transcripts_and_pages_are_no_notes() -> None:
    prose = "The harbour office printed the tables until 1987. After that nobody was sure.\n\nMarit kept them in a tin."
    wrapped = (
        "The harbour office printed the tide tables until\nnineteen eighty-seven and after that nobody was\n"
        "really sure whose job it was to print any of them\nand so Marit kept the tables in a biscuit tin."
    )
    talk = "Ines: We went out at night and saw it.\n\nOla: The sea was as flat as a table that night."
    page = "# Agenda\n\n- one\n- two\n\n## Later\n\n- three"
    assert [are_notes(text) for text in (prose, wrapped, talk, page, "", NOTES)] == [False] * 5 + [True]


def test_the_same_notes_make_the_same_draft() -> None:
    assert drafted("newsletter") == drafted("newsletter")
