"""The translation memory: what was approved is found again, with whose word it was; what was taken back is not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import NotAllowed, NotFound
from core.works import Piece, Workspace
from memory import Memory
from memory.translations.matching import Sources, likeness
from memory.translations.tmx import Unit
from tests.memory.conftest import NOON

THEN = datetime(2025, 3, 1, 8, 30, tzinfo=UTC)


def pair(source: str, target: str, **more: object) -> Unit:
    return Unit.model_validate(
        {"source_locale": "en", "target_locale": "es", "source": source, "target": target, "by": "Ana", "at": THEN}
        | more
    )


def keep(memory: Memory, *units: Unit, workspace: str = "ines") -> None:
    memory.translations.take(workspace, units, file="old.tmx", by="Ines")


def matches(memory: Memory, text: str, target: str = "es", workspace: str = "ines") -> list[tuple[int, str, str]]:
    [found] = memory.translations.matches(workspace, [text], source="en", target=target)
    return [(each.percent, each.target, each.by) for each in found]


def test_the_same_words_are_found_with_who_approved_them_when_and_where_they_are_from(memory: Memory) -> None:
    keep(memory, pair("The lid does not close.", "La tapa no cierra."))
    [found] = memory.translations.matches("ines", ["The  lid does not\nclose."], source="en-GB", target="es")[0]
    assert (found.percent, found.by, found.at, found.file) == (100, "Ana", THEN, "old.tmx")


def test_like_words_are_found_with_how_like_and_are_never_a_hundred(memory: Memory) -> None:
    keep(memory, pair("The lid does not close.", "La tapa no cierra."), pair("Nobody owns the tide.", "De nadie."))
    [(percent, target, _)] = matches(memory, "The lid does not close any more.")
    assert (70 <= percent < 100, target) == (True, "La tapa no cierra.")
    assert (
        matches(memory, "The LID does not close.")[0][0] == 99 or matches(memory, "The LID does not close.")[0][0] < 99
    )
    assert matches(memory, "Kelp is sold by weight.") == []


def test_another_regions_words_are_told_from_this_ones(memory: Memory) -> None:
    keep(memory, pair("The bus.", "El camión.", target_locale="es-MX"), pair("The bus.", "El autobús."))
    assert matches(memory, "The bus.") == [(100, "El autobús.", "Ana"), (99, "El camión.", "Ana")]
    assert matches(memory, "The bus.", "es-MX")[0][:2] == (100, "El camión.")
    assert matches(memory, "The bus.", "est") == []  # Estonian is no kind of Spanish


def test_of_two_approved_wordings_the_later_comes_first(memory: Memory) -> None:
    keep(memory, pair("The tin.", "El bote.", at=NOON), pair("The tin.", "La lata.", at=THEN))
    assert [target for _, target, _ in matches(memory, "The tin.")] == ["El bote.", "La lata."]


def test_another_workspace_sees_nothing_of_it(memory: Memory) -> None:
    memory.workspaces.add(Workspace(id="olav", name="Olav", created_at=NOON))
    keep(memory, pair("The tin.", "La lata."))
    assert matches(memory, "The tin.", workspace="olav") == []
    assert memory.translations.counts("olav") == []
    [row] = memory.translations.all("ines")
    with pytest.raises(NotFound):
        memory.translations.remove("olav", row.id, by="Olav")
    assert memory.translations.remove("ines", row.id, by="Ines").target == "La lata."
    assert matches(memory, "The tin.") == []


def test_a_second_time_changes_nothing(memory: Memory) -> None:
    for expected in ((2, 0), (0, 2)):
        units = [pair("The tin.", "La lata."), pair("The lid.", "La tapa.")]
        taken = memory.translations.take("ines", units, file="old.tmx", by="Ines")
        assert (taken.added, taken.unchanged) == expected


def test_who_may_not_approve_brings_nothing_in_and_takes_nothing_out(memory: Memory) -> None:
    keep(memory, pair("The tin.", "La lata."))
    memory.members.add("ines", "Kit", "contributor", by="Ines", new_secret="a tin without a lid")
    with pytest.raises(NotAllowed):
        memory.translations.take("ines", [pair("x", "y")], file="f", by="Kit", secret="a tin without a lid")
    with pytest.raises(NotAllowed):
        memory.translations.take("ines", [pair("x", "y")], file="f", by="greenroom")
    [row] = memory.translations.all("ines")
    with pytest.raises(NotAllowed):
        memory.translations.remove("ines", row.id, by="Kit", secret="a tin without a lid")


def test_exemplars_are_the_creators_own_words_in_that_language(memory: Memory) -> None:
    spanish = (
        "La oficina del puerto imprimió las tablas de mareas hasta aquel año, y después nadie supo quién lo haría."
    )
    english = (
        "The harbour office printed the tide tables until that year, and then nobody knew whose job it was at all."
    )
    for name, body in (("a.md", f"# Mareas\n\n{spanish}"), ("b.md", english)):
        memory.works.remember("ines", [Piece(source=name, title=name, body=body)])
    assert memory.translations.exemplars("ines", "es-MX") == (spanish,)
    assert memory.translations.exemplars("ines", "ja") == ()
    work = next(each for each in memory.works.list("ines") if each.title == "a.md")
    memory.privacy.mark_work("ines", work.id, private=True, by="Ines")
    assert memory.translations.exemplars("ines", "es") == ()
    memory.privacy.mark_work("ines", work.id, private=False, by="Ines")
    memory.consents.say("ines", f"work:{work.id}", granted=False, by="Ines")
    assert memory.translations.exemplars("ines", "es") == ()


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("The lid does not close.", "The lid does not close.", 100, 100),
        ("The lid does not close.", "The lid did not close.", 70, 95),
        ("The lid does not close.", "Nobody owns the tide.", 0, 40),
        ("蓋が閉まらない缶です。", "蓋が閉まらない箱です。", 70, 95),
        ("", "The tin.", 0, 0),
        ("a", "b", 0, 0),
    ],
)
def test_how_like_two_texts_are(one: str, other: str, least: int, most: int) -> None:
    assert least <= likeness(one, other) <= most
    assert likeness(one, other) == likeness(other, one)


def test_the_likest_of_thousands_is_found(tmp_path: Path) -> None:
    texts = [f"Olav read sign number {n} twice and said it was good to know." for n in range(3000)]
    found = Sources(texts).like("Olav read sign number 1234 twice and said it was good to know it.", 70, 3)
    assert texts[found[0][0]].split()[4] == "1234"
