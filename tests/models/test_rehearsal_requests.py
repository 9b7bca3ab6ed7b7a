"""What is only said to whoever writes, and what is news."""

import pytest

from models.rehearsal.connectors import connectors
from models.rehearsal.requests import is_request, without_requests
from models.rehearsal.statement import read_ask


@pytest.mark.parametrize(
    "text",
    [
        "I need posts for Bluesky and the site.",
        "Site, newsletter and a short one on Mastodon.",
        "Nothing long.",
        "Keep it plain.",
        "Uno corto por lado y sin drama.",
        "Don't say who asked.",
        "Necesito la descripción y dos posts.",
        "En español y en inglés.",
        "Fais-moi un post et le texte de la newsletter.",
        "Il faut prévenir les gens.",
        "Ich brauche einen Beitrag für Instagram.",
        "Bitte allen sagen.",
        "Mi serve il foglio e un post.",
        "Niente di lungo.",
        "Escreve o texto do carrossel.",
        "Maak een bericht voor Mastodon en de nieuwsbrief.",
        "Niet te lang.",
        "Napisz posty i newsletter.",
        "Ogłoszenie po angielsku i po polsku.",
        "ニュースレターと投稿をお願いします。",
    ],
)
def test_an_order_of_forms_is_a_request_in_each_language(text: str) -> None:
    assert is_request(text)


@pytest.mark.parametrize(
    "text",
    [
        "Announce our guide to plain language.",
        "We need volunteers for the site.",
        "Don't miss our open day.",
        "Make your own bread on Saturday.",
        "A short film about rivers.",
        "Busco casetes viejos para un disco.",
        "Sin luz no hay concierto.",
        "Annoncer le concert de samedi.",
        "Je cherche une voix grave.",
        "Den Workshop am Samstag ankündigen.",
        "Suche zehn Leute für einen Film.",
        "Cerco una persona per la cucina.",
        "Senza rete è il nuovo spettacolo.",
        "Procuro gente que costure.",
        "We zoeken twee fietsers.",
        "Szukam dwóch osób do chóru.",
        "新しい号が出ます。",
    ],
)
def test_news_is_no_request(text: str) -> None:
    assert not is_request(text)


def test_a_request_at_the_end_of_a_sentence_is_left_out_and_the_news_stays() -> None:
    assert without_requests(["The book is out, please announce it.", "Need posts for it."]) == ["The book is out."]
    assert without_requests(["Das Buch ist da, bitte ankündigen."]) == ["Das Buch ist da."]


def test_an_ask_to_tell_an_old_piece_again_goes_by_the_pieces_title() -> None:
    for ask in ("Rerun the harbour letter for new people. With the dogs in.", "Put the harbour one round again."):
        statement = read_ask(ask, connectors("en", plural=False), "The slow harbour")
        assert (statement.about, statement.origin, statement.more) == ("“The slow harbour”", "source", "")
