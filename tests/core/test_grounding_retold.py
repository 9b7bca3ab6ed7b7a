"""An honest retelling may change words, units and forms of a source, but not who, which currency or how often."""

import pytest

from core.drafts import Content
from core.grounding import findings

MEETING = "Two people spoke. “We would sooner mend a bridge than a budget,” said Odd Falk. Runa Dahl took notes."
SURVEY = "Petra Quist counted the swifts in June: 31 nests. Her neighbour Olaf Brandt painted the tower."
HOUSE = "A bed in the hostel costs 18 euros. The kiln burns 60 kilos of wood a week. 9 people work there."


def told(draft: str, source: str, language: str = "en") -> list[str]:
    """Return what is pointed at in a draft."""
    found = findings(Content(text=draft), [source], [], language)
    return [draft[slice(*(each.span or (0, 0)))] for each in found if each.severity != "note"]


@pytest.mark.parametrize(
    ("language", "source", "draft"),
    [
        ("en", "The club has 16 rowers.", "Sixteen rowers make up the club."),
        ("en", "It opened in nineteen seventy-one.", "It opened in 1971."),
        ("en", "It opened in 2026.", "Open since twenty twenty-six."),
        ("en", "The dough takes 2.5 kg of flour and 750 g of water.", "2,500 g of flour, 0.75 kg of water."),
        ("en", "The walk is 3.2 km and takes 90 minutes.", "3,200 m in 1.5 hours: that is the walk."),
        (
            "de",
            "Der Kurs hat 21 Plätze und kostet 120 Euro.",
            "Einundzwanzig Plätze, hundertzwanzig Euro. Ein Kurs für alle.",
        ),
        ("de", "Das Becken fasst 40 Liter.", "In das Becken passen 40 Liter Wasser."),
        ("de", "Beginn ist 19:30 Uhr.", "Beginn um 19.30 Uhr."),
        ("es", "Vinieron 245 personas en 1999.", "Vinieron doscientas cuarenta y cinco personas en 1999."),
        ("fr", "Il y a 97 bateaux et 21 places.", "Quatre-vingt-dix-sept bateaux, vingt et une places."),
        ("fr", "Ouverture à 18h30.", "Ouverture à 18:30."),
        ("it", "Il corso ha 28 posti.", "Ventotto posti per il corso."),
        ("pt", "Começa às 9h e há 120 lugares.", "Começa às 9:00, com cento e vinte lugares."),
        ("ja", "来館者の3割が子どもでした。", "来館者の30%が子どもでした。"),
        ("en", "Entry is 300 kr a month.", "Entry: 300 NOK per month."),
        ("en", MEETING, "“We would sooner mend a bridge than a budget,” said Falk, while Runa Dahl took notes."),
        ("en", MEETING, "Odd Falk, not Runa Dahl, put it so: “We would sooner mend a bridge than a budget.”"),
        ("en", MEETING, "Runa Dahl took notes. Odd Falk said: “We would sooner mend a bridge than a budget.”"),
        ("en", SURVEY, "Olaf Brandt painted the tower in which Petra Quist counted the swifts in June."),
        ("en", SURVEY, "In June Petra Quist counted the swifts: 31 nests."),
        ("en", HOUSE, "€18 a night. The kiln burns 60 kilos weekly, and 9 people come each day."),
        ("de", HOUSE, "Ein Bett kostet 18 €. Der Ofen braucht 60 Kilo Holz pro Woche."),
    ],
)
def test_an_honest_retelling_is_left_in_peace(language: str, source: str, draft: str) -> None:
    assert told(draft, source, language) == []


@pytest.mark.parametrize(
    ("language", "source", "draft", "found"),
    [
        ("en", MEETING, "Runa Dahl put it so: “We would sooner mend a bridge than a budget.”", "Runa Dahl"),
        ("en", MEETING, "“We would sooner mend a bridge than a budget,” said Runa Dahl.", "Runa Dahl"),
        ("en", SURVEY, "Olaf Brandt counted the swifts in June: 31 nests.", "Olaf Brandt counted"),
        ("en", HOUSE, "A bed in the hostel is $18.", "$18"),
        ("de", HOUSE, "Ein Bett kostet 18 Franken.", "18 Franken"),
        ("en", HOUSE, "The kiln burns 60 kilos of wood a day.", "a day"),
        ("es", HOUSE, "El horno quema 60 kilos al mes.", "al mes"),
        ("en", "It opened in nineteen seventy-one.", "It opened in 1917.", "1917"),
        ("en", "The dough takes 2.5 kg of flour.", "2,050 g of flour.", "2,050"),
        ("en", "The dough takes 2.5 kg of flour.", "It came from 2,500 people.", "2,500"),
        ("fr", "Ouverture à 18h30.", "Ouverture à 18:45.", "18:45"),
        (
            "es",
            "Vinieron 245 personas.",
            "Vinieron doscientas cincuenta y cuatro personas.",
            "doscientas cincuenta y cuatro",
        ),
        ("de", "Der Kurs hat 21 Plätze.", "Zwölf Plätze hat der Kurs.", "zwölf"),
        ("ja", "来館者の3割が子どもでした。", "来館者の40%が子どもでした。", "40"),
    ],
)
def test_what_changes_the_fact_is_pointed_at(language: str, source: str, draft: str, found: str) -> None:
    assert found.casefold() in " | ".join(told(draft, source, language)).casefold()
