import pytest

from memory.voice.background import load
from memory.voice.features import FEATURES
from memory.voice.function_words import FUNCTION_WORDS
from memory.voice.portrait import portray
from memory.voice.profile import Voiceprint
from memory.voice.prose import Prose
from memory.voice.score import score
from tests.memory.voices import work, works, write

_BY_NAME = {feature.name: feature for feature in FEATURES}


@pytest.fixture(scope="module")
def brisk() -> Voiceprint:
    return portray(works("brisk", 30), load())


@pytest.mark.parametrize("words", [40, 100, 300, 900])
def test_the_creators_own_style_is_in_voice_and_another_is_off(brisk: Voiceprint, words: int) -> None:
    own, other = (score(brisk, load(), write(style, words, seed=7)) for style in ("brisk", "stately"))
    assert (own.verdict, other.verdict) == ("in_voice", "off_voice")
    assert own.score is not None and other.score is not None
    assert own.score > 70
    assert other.score < 30


def test_the_interval_holds_the_score_and_narrows_with_length(brisk: Voiceprint) -> None:
    mixed = [write("brisk", half, seed=3) + " " + write("stately", half, seed=3) for half in (15, 50, 150)]
    scored = [score(brisk, load(), text) for text in mixed]
    widths = []
    for each in scored:
        assert each.interval is not None and each.score is not None
        assert 0 <= each.interval[0] <= each.score <= each.interval[1] <= 100
        widths.append(each.interval[1] - each.interval[0])
    profile = portray(works("plain", 30), load())
    plain = [score(profile, load(), write("plain", words, seed=5)) for words in (20, 40, 100, 300)]
    narrowing = [each.interval[1] - each.interval[0] for each in plain if each.interval]
    assert narrowing == sorted(narrowing, reverse=True)


def test_reasons_recompute_from_the_texts() -> None:
    pieces = works("brisk", 20)
    draft = write("stately", 120, seed=9)
    scored = score(portray(pieces, load()), load(), draft)
    assert len(scored.reasons) >= 4
    all_works = Prose.of("\n".join(piece.body for piece in pieces))
    for reason in scored.reasons:
        rate = _word_rate if reason.feature.startswith("word:") else _feature_rate
        assert reason.draft == rate(reason.feature, Prose.of(draft))
        assert reason.yours == rate(reason.feature, all_works)
        assert "yours" in reason.text


def _feature_rate(name: str, prose: Prose) -> float:
    return _BY_NAME[name].rate(prose)


def _word_rate(name: str, prose: Prose) -> float:
    word = name.removeprefix("word:")
    assert word in FUNCTION_WORDS
    return 100 * prose.lower.count(word) / len(prose.words)


def test_a_reason_is_a_sentence_with_both_rates(brisk: Voiceprint) -> None:
    texts = [reason.text for reason in score(brisk, load(), write("stately", 200, seed=4)).reasons]
    assert "“was” 3.9 per 100 words, yours 0" in texts
    assert sum(text.startswith("“") for text in texts[:4]) <= 2


def test_no_two_reasons_say_the_same(brisk: Voiceprint) -> None:
    scored = score(brisk, load(), write("stately", 300, seed=11))
    assert len({reason.feature for reason in scored.reasons}) == len(scored.reasons)


def test_refuses_below_ten_works() -> None:
    few = score(portray(works("brisk", 9), load()), load(), write("brisk", 100, seed=1))
    assert few.model_dump() == {
        "score": None,
        "verdict": "not_enough",
        "interval": None,
        "reasons": (),
        "works": 9,
        "among": None,
    }
    assert score(portray(works("brisk", 10), load()), load(), write("brisk", 100, seed=1)).verdict == "in_voice"


def test_refuses_a_few_words_and_an_empty_archive(brisk: Voiceprint) -> None:
    assert score(brisk, load(), "Just a few words, really!").verdict == "not_enough"
    assert score(brisk, load(), "").verdict == "not_enough"
    assert score(portray([], load()), load(), write("brisk", 100, seed=1)).verdict == "not_enough"


def test_another_language_needs_works_of_its_own(brisk: Voiceprint) -> None:
    spanish = "¡Pinté la tetera! ¿No te gusta? ¡Qué bonita, la verdad! " * 6
    assert score(brisk, load(), spanish).verdict == "not_enough"
    assert score(brisk, load(), spanish, locale="es-MX").works == 0


def test_another_language_is_judged_by_what_names_no_english_words() -> None:
    shouts = ["¡Pinté la tetera!", "¿No te gusta?", "¡Qué bonita!", "¡Mira el puerto, amiga!", "¡Nunca pares!"]
    pieces = [
        work(n, f"¡Hola {n}! " + " ".join(shouts[(n + k) % 5] for k in range(40)), language="es") for n in range(20)
    ]
    voiceprint = portray(pieces, load())
    calm = "La tetera, que estaba junto a la ventana del puerto; fue pintada por el comité con mucha atención. " * 6
    own = score(voiceprint, load(), " ".join(shouts * 8), locale="es")
    other = score(voiceprint, load(), calm, locale="es")
    assert own.score is not None and other.score is not None
    assert own.score > other.score
    assert not any(_BY_NAME[reason.feature].english for reason in (*own.reasons, *other.reasons))
    assert not any("“" in line for line in voiceprint.profile.summary)


def test_markdown_and_code_do_not_change_the_score(brisk: Voiceprint) -> None:
    text = write("brisk", 100, seed=2)
    dressed = f"# The heading: of it all; really\n\n**{text}**\n\n```\nfor x in y: pass;;;\n```\n"
    assert score(brisk, load(), dressed).score == score(brisk, load(), text).score
