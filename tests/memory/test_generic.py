"""Generic-writing risk: against other people's texts and the creator's own, refusals, and places that can be mended."""

import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core.works import Piece, Workspace
from memory import Memory
from memory.generic import risk
from memory.generic.baseline import SHIPPED, between, everybodys, load, told_apart
from memory.generic.own import Own, measured, own
from memory.generic.places import MOST, places
from memory.generic.risk import RAISED, why
from memory.generic.signals import SIGNED_WEIGHTS
from memory.generic.words import PHRASES, UNTOLD
from memory.voice.prose import Prose, written
from tests.making import LETTERS
from tests.memory.conftest import NOON
from tests.memory.voices import write

GENERIC = (
    "In today's fast-paced world, innovation plays a crucial role in shaping our communities, fostering resilience, "
    "collaboration, and growth. Moreover, organizations are leveraging cutting-edge solutions to empower individuals, "
    "highlighting the importance of sustainable development. It's not just about technology, it's about people. By "
    "embracing a holistic approach, stakeholders can unlock the full potential of their initiatives, ensuring "
    "meaningful, transformative, and lasting impact."
)
LETTER = " ".join(body for _, _, body in LETTERS.values()).replace("\n\n", " ")
SPANISH = "El faro de la isla se apagó en el año de la gran tormenta y los perros ladraron durante dos días. " * 5


def creator(style: str, many: int) -> Own | None:
    return own([found for seed in range(many) if (found := measured(Prose.of(write(style, 120, seed)))) is not None])


def score(text: str, against: Own | None = None) -> float:
    found = risk(text, against).score
    assert found is not None
    return found


def test_a_text_of_formulas_is_high_and_a_letter_is_low() -> None:
    assert risk(GENERIC).verdict == "high"
    assert risk(LETTER).verdict == "low"
    assert why(risk(GENERIC)).startswith("more ")
    assert set(risk(GENERIC).signals) == set(json.loads(SHIPPED.read_text())["signals"])


@pytest.mark.parametrize("words", [60, 120, 300])
def test_what_is_usual_for_its_creator_is_not_held_against_them(words: int) -> None:
    text = write("stately", words, seed=99)
    assert score(text) > RAISED  # others seldom write so
    assert score(text, creator("stately", 30)) < RAISED
    assert score(text, creator("brisk", 30)) > RAISED


def test_few_works_are_drawn_to_everybody_and_fewer_are_none() -> None:
    text = write("stately", 120, seed=99)
    assert score(text) > score(text, creator("stately", 6)) > score(text, creator("stately", 40))
    assert creator("stately", 4) is None


def test_short_texts_get_no_score_but_their_places() -> None:
    short = risk("It is important to note that the harbour office printed the tables.")
    assert (short.score, short.verdict) == (None, "not_measured")
    assert "too few" in short.reason and [each.rule for each in short.findings] == ["generic_formula"]


def test_another_language_is_refused_plainly() -> None:
    for found in (risk(SPANISH), risk(LETTER, locale="es")):
        assert (found.score, found.findings) == (None, ())
        assert "Only English" in found.reason


def test_places_hold_what_their_message_names_and_lie_apart() -> None:
    found = places(GENERIC)
    assert {each.rule.removeprefix("generic_") for each in found} >= {
        "formula",
        "contrast",
        "connective",
        "tail",
        "word",
    }
    assert all(each.severity == "note" for each in found)
    spans = sorted(each.span for each in found if each.span)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    for each in found:
        quoted = re.search("“([^”]*[^”… ])”", each.message)
        if quoted and each.rule != "generic_contrast":
            assert each.span and quoted[1] in GENERIC[slice(*each.span)]


@pytest.mark.parametrize("frame", ["“{}”", '"{}"', "```\n{}\n```", "> {}", "`{}`"])
def test_quotes_and_code_are_left_alone(frame: str) -> None:
    assert places(frame.format("It is important to note the vibrant tapestry")) == ()


def test_everyday_formulas_count_and_are_not_told() -> None:
    assert places("The boats were late due to fog, as well as ice.") == ()
    assert set(PHRASES) >= UNTOLD


def test_a_wall_of_findings_is_cut() -> None:
    assert len(places(GENERIC * 20)) <= MOST


def test_nothing_here_says_who_wrote_a_text() -> None:
    home = Path(__file__).parents[2]
    files = [*home.glob("memory/generic/*"), home / "tools/generic.py", home / "app/cli/slop.py"]
    said = "".join(file.read_text(encoding="utf-8") for file in files if file.is_file())
    assert not re.search(r"\b(?:AI|LLM|GPT|bot|machine|model)[- ](?:written|generated|made|like)", said, re.IGNORECASE)


def test_a_baseline_for_other_lists_is_refused(tmp_path: Path) -> None:
    stored = json.loads(SHIPPED.read_text())
    other = tmp_path / "baseline.json"
    other.write_text(json.dumps({**stored, "made_for": "something else"}))
    with pytest.raises(ValueError, match="made for other signals"):
        load(other)


def test_between_two_lengths_what_is_usual_lies_between() -> None:
    low, middle, high = (between(load(), words).spread for words in (40, 70, 100))
    assert ((middle <= low.clip(high)) & (middle >= high.clip(max=low))).all()
    assert (between(load(), 9000).mean == between(load(), 300).mean).all()


def test_a_workspace_is_measured_on_its_own_works_that_may_be_used(memory: Memory) -> None:
    memory.workspaces.add(Workspace(id="ben", name="Ben", created_at=NOON))
    pieces = [Piece(source=str(seed), body=write("stately", 120, seed)) for seed in range(12)]
    memory.works.remember("ines", pieces)
    memory.works.remember("ines", [Piece(source="out", body=GENERIC)], kind="published")
    text = write("stately", 120, seed=99)
    mine, theirs = memory.generic.risk("ines", text), memory.generic.risk("ben", text)
    assert (mine.works, mine.relative_to, theirs.works) == (12, "your works", 0)
    assert mine.score is not None and theirs.score is not None and mine.score < theirs.score
    work = memory.works.list("ines", kind="import")[0]
    memory.consents.say("ines", f"work:{work.id}", granted=False, by="Ines")
    assert memory.generic.risk("ines", text).works == 11


def test_levels_are_of_prose_not_of_markup() -> None:
    plain = written(f"# A heading\n\n{LETTER}\n\n```\nimport this\n```\n")
    assert score(f"# A heading\n\n{LETTER}\n\n```\nimport this\n```\n") == score(plain)


def test_signals_that_come_together_weigh_less_and_none_speaks_against_its_sign() -> None:
    many = len(SIGNED_WEIGHTS)
    alone = told_apart(np.eye(many))
    twins = np.eye(many)
    twins[0, 1] = twins[1, 0] = 0.95
    apart = told_apart(twins)
    assert np.allclose(alone, SIGNED_WEIGHTS)
    assert abs(apart[0]) < abs(alone[0])
    assert abs(apart[2]) > abs(alone[2])
    assert (np.sign(told_apart(everybodys())) * np.sign(SIGNED_WEIGHTS) >= 0).all()
