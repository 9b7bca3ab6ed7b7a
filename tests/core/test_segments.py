"""Segments of a translation: cut, found again after edits, carried over; whatever is edited, exactly that is lost."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from core.drafts import Content
from core.segments import aligned, carried, changed, cut, fields_of, is_whole, with_target, written
from core.sentences import split
from core.translated import Segment, SegmentAct, state_of
from tests.core.making_segments import NOON, picture, translated


def ids() -> Iterator[str]:
    return (f"n{number}" for number in range(10_000))


def test_a_translation_reads_like_its_source_with_every_mark_in_its_place() -> None:
    source = Content(text="# The tin\n\nIt held tables. It rusted.\n\n- one thing\n- another thing", title="The tin")
    grid = cut(source)
    assert [(each.field, each.source) for each in grid] == [
        ("text", "The tin"),
        ("text", "It held tables."),
        ("text", "It rusted."),
        ("text", "one thing"),
        ("text", "another thing"),
        ("title", "The tin"),
    ]
    made = written(source, [each.model_copy(update={"target": each.source.upper()}) for each in grid])
    assert made.text == "# THE TIN\n\nIT HELD TABLES. IT RUSTED.\n\n- ONE THING\n- ANOTHER THING"
    assert made.title == "THE TIN"


def test_alt_texts_are_segments_too() -> None:
    source = Content(text="A tin.", pictures=(picture("A tin on a shelf."), picture("")))
    grid = [each.model_copy(update={"target": f"<{each.source}>"}) for each in cut(source)]
    assert [each.field for each in grid] == ["text", "alt:1"]
    assert [each.alt for each in written(source, grid).pictures] == ["<A tin on a shelf.>", ""]


def test_an_unedited_translation_is_found_as_it_was() -> None:
    source, grid, content = translated(12)
    assert aligned(grid, content) == grid
    assert is_whole(grid) and fields_of(source).keys() == fields_of(content).keys()


def test_a_gap_is_an_empty_segment() -> None:
    source, grid, _ = translated(5)
    holed = tuple(each.model_copy(update={"target": ""}) if n == 2 else each for n, each in enumerate(grid))
    assert aligned(holed, written(source, holed)) == holed
    assert not is_whole(holed)


def test_one_segment_is_reworded_and_nothing_else_moves() -> None:
    _, grid, content = translated(6)
    new = with_target(content, grid, grid[3].id, "Otra cosa.")
    assert new.text == content.text.replace(grid[3].target, "Otra cosa.")
    found = aligned(grid, new)
    assert [each.target for each in found if each.id != grid[3].id] == [
        each.target for each in grid if each.id != grid[3].id
    ]
    assert found[3].target == "Otra cosa."


def test_what_is_added_belongs_to_the_segment_before_it() -> None:
    _, grid, content = translated(3)
    found = aligned(grid, content.model_copy(update={"text": content.text + " Y algo más."}))
    assert found[2].target == grid[2].target + " Y algo más."
    assert found[:2] == grid[:2]


def test_sentences_that_were_melted_together_are_one_segment() -> None:
    _, grid, content = translated(4)
    melted = content.text.replace(f"{grid[1].target} {grid[2].target}", "Todo en una sola frase.")
    found = aligned(grid, content.model_copy(update={"text": melted}))
    assert [each.target for each in found] == [grid[0].target, "Todo en una sola frase.", grid[3].target]
    assert found[1].source == f"{grid[1].source} {grid[2].source}"


def test_a_melted_segment_is_carried_over_as_one() -> None:
    source, grid, content = translated(4)
    melted = content.text.replace(f"{grid[1].target} {grid[2].target}", "Todo en una sola frase.")
    found = aligned(grid, content.model_copy(update={"text": melted}))
    assert carried(found, source) == found
    assert written(source, found).text == melted


@pytest.mark.parametrize("seed", range(150))
def test_whatever_becomes_of_the_source_exactly_the_changed_segments_lose_their_state(seed: int) -> None:
    """Sentences are changed, taken out, put in, moved and said twice; the oracle counts sentences."""
    random_ = random.Random(seed)
    source, grid, _ = translated(random_.randint(1, 14), twice=random_.random() < 0.4)
    acts = [approval(each) for each in grid]
    sentences = [span.text for span in split(source.text)]
    for _ in range(random_.randint(0, 4)):
        edit(random_, sentences)
    new = source.model_copy(update={"text": joined(random_, sentences)})
    after = [span.text for span in split(new.text)]
    kept = Counter(each.source for each in grid) & Counter(after)

    gone = changed(grid, new)
    assert Counter(each.source for each in grid if each.id not in gone) == kept
    next_id = ids()
    carried_over = carried(grid, new, lambda: next(next_id))
    assert [each.source for each in carried_over] == after
    states = [state_of(each, acts) for each in carried_over]
    assert states == ["approved" if each.target else "empty" for each in carried_over]
    assert Counter(each.source for each in carried_over if each.target) == kept
    assert {each.id for each in carried_over if each.target} == {each.id for each in grid} - gone
    assert written(new, carried_over).text.split() == [
        word for each in carried_over for word in each.target.split()
    ] or any(not each.target for each in carried_over)


@pytest.mark.parametrize("seed", range(100))
def test_whatever_becomes_of_the_translation_untouched_segments_keep_their_approval(seed: int) -> None:
    random_ = random.Random(seed)
    _, grid, content = translated(random_.randint(1, 12))
    acts = [approval(each) for each in grid]
    sentences = [span.text for span in split(content.text)]
    for _ in range(random_.randint(0, 3)):
        edit(random_, sentences, word="cambiado")
    text = joined(random_, sentences)
    found = aligned(grid, content.model_copy(update={"text": text}))
    standing = {each.target for each in found if state_of(each, acts) == "approved"}
    assert standing <= set(sentences)
    untouched = set(sentences) & {each.target for each in grid}
    added = sum((Counter(sentences) - Counter(each.target for each in grid)).values())
    assert len(standing) >= len(untouched) - added  # what is put beside a segment is looked at with it
    words = " ".join(each.target for each in found).split()
    assert Counter(words) == Counter(text.split())  # no word is in no segment


def approval(segment: Segment) -> SegmentAct:
    return SegmentAct(
        id=f"act_{segment.id}", workspace="w", brief_id="b", channel="site", variant=1, source_locale="en",
        locale="es", segment_id=segment.id, field=segment.field, source=segment.source, target=segment.target,
        verb="approve", by="Ana", at=NOON, seq=1,
    )  # fmt: skip


def edit(random_: random.Random, sentences: list[str], word: str = "changed") -> None:
    what = random_.choice(["change", "remove", "insert", "swap", "again"])
    at = random_.randrange(len(sentences)) if sentences else 0
    if what == "insert" or not sentences:
        sentences.insert(at, f"Quite {word} number {random_.randint(100, 999)} now.")
    elif what == "change":
        sentences[at] = f"{word.title()} {random_.randint(100, 999)} times over."
    elif what == "remove" and len(sentences) > 1:
        sentences.pop(at)
    elif what == "swap":
        other = random_.randrange(len(sentences))
        sentences[at], sentences[other] = sentences[other], sentences[at]
    elif what == "again":
        sentences.insert(random_.randrange(len(sentences) + 1), sentences[at])


def joined(random_: random.Random, sentences: list[str]) -> str:
    return "".join(each + (" " if random_.random() < 0.7 else "\n\n") for each in sentences).strip()


def test_the_alt_text_of_a_changed_picture_is_lost_and_no_other() -> None:
    source = Content(text="A tin.", pictures=(picture("A tin."), picture("A shelf.")))
    grid = [each.model_copy(update={"target": f"{each.source} (es)"}) for each in cut(source)]
    new = source.model_copy(update={"pictures": (picture("A tin."), picture("A stove."))})
    assert changed(grid, new) == {grid[2].id}
