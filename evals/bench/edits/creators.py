"""Scripted creators: people with habits that nobody told the program, who also correct facts, err and change moods.

Nothing here is shared with the detectors in `core/edits`: an editor that used them would only find what they know.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Edit = Callable[[str, Random], str]


@dataclass(frozen=True)
class Habit:
    """One hidden preference: how it edits, and the rules (trait, old, new) that would be right to learn from it."""

    name: str
    edit: Edit
    rules: frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Creator:
    """One scripted person. `later` are the habits they change to after a while; None: they don't."""

    name: str
    habits: tuple[Habit, ...]
    beyond: tuple[Habit, ...]
    later: tuple[Habit, ...] | None = None

    def habits_at(self, number: int, drift_after: int) -> tuple[Habit, ...]:
        """Return the habits they have at draft `number`, counted from 1."""
        return self.later if self.later is not None and number > drift_after else self.habits

    def by_habit(self, text: str, habits: tuple[Habit, ...]) -> str:
        """Return the draft that would suit them best, as far as habits go: what learning could reach at most."""
        for habit in habits:
            text = habit.edit(text, Random(0))
        return text.strip()

    def edited(self, text: str, random: Random, habits: tuple[Habit, ...]) -> str:
        """Return what they make of a draft: by habit (one is forgotten now and then) and by what else occurs."""
        forgotten = random.randrange(len(habits)) if random.random() < FORGETS else None
        mood = random.random()
        for habit in self.beyond:
            text = habit.edit(text, random) if random.random() < BEYOND else text
        for at, habit in enumerate(habits):
            text = text if at == forgotten else habit.edit(text, random)
        if mood < CORRECTS:
            text = _correct_a_fact(text, random)
        elif mood < CORRECTS + WHIMS:
            text = random.choice((_other_word, _put_in, _drop_a_bit))(text, random)
        return text.strip()


BEYOND, FORGETS, CORRECTS, WHIMS = 0.4, 0.08, 0.25, 0.3
"""How often they do what no rule could, a habit is forgotten, a fact is put right, and something is changed for no
reason that comes again."""


def creators(count: int, drifting: int, seed: int) -> list[Creator]:
    """Return the scripted creators of a seed, the last `drifting` of which change some habits midway."""
    return [_creator(Random(seed * 1_000 + at), at, drifts=at >= count - drifting) for at in range(count)]


def _creator(random: Random, number: int, *, drifts: bool) -> Creator:
    pool = _pool(random)
    habits = tuple(random.sample(pool, random.randrange(6, 9)))
    if drifts and not any(habit.name == "users" for habit in habits):
        habits = (*habits[:-1], next(habit for habit in pool if habit.name == "users"))
    beyond = (_BEYOND[number % len(_BEYOND)],)  # each kind as often: a seed of nothing but movers would say little
    later = _drifted(random, pool, habits) if drifts else None
    return Creator(f"creator {number + 1}", habits, beyond, later)


def _drifted(random: Random, pool: list[Habit], habits: tuple[Habit, ...]) -> tuple[Habit, ...]:
    """Another word for the same, one habit given up for its opposite where there is one, and one that is new."""
    kept = [_users("members") if habit.name == "users" else habit for habit in habits]
    for at, habit in enumerate(kept):
        if habit.name in _OPPOSITES:
            kept[at] = _OPPOSITES[habit.name]
            break
    new = [habit for habit in pool if habit.name not in {each.name for each in kept} and habit.name not in _TURNED]
    return (*kept, random.choice(new))


def _rules(*rules: tuple[str, str, str]) -> frozenset[tuple[str, str, str]]:
    return frozenset(rules)


def _sub(pattern: str, new: str | Callable[[re.Match[str]], str], flags: int = 0) -> Edit:
    compiled = re.compile(pattern, flags)
    return lambda text, _: compiled.sub(new, text)


def _capital(text: str) -> str:
    """Begin every sentence with a capital, as somebody does who cut its first words."""
    return re.sub(r"(^|\n\n|[.!?] )([a-z])(?!\S*\.\w)", lambda m: m[1] + m[2].upper(), text)


def _without(words: str) -> Edit:
    pattern = re.compile(rf"\b(?:{words})[ ]+", re.IGNORECASE)
    return lambda text, _: _capital(pattern.sub("", text))


def _pairs(table: dict[str, str], *rules: tuple[str, str, str]) -> frozenset[tuple[str, str, str]]:
    """Return the rules that are right for a table: the one on all of it, or one on a word of it."""
    return frozenset((*rules, *(("words", old, new) for old, new in table.items())))


def _table(pairs: dict[str, str]) -> Edit:
    def edit(text: str, _: Random) -> str:
        for old, new in pairs.items():
            text = re.sub(rf"\b{old}\b", _cased(new), text, flags=re.IGNORECASE)
        return text

    return edit


def _cased(new: str) -> Callable[[re.Match[str]], str]:
    return lambda found: new.capitalize() if found[0][0].isupper() else new


_FOR_USERS = ("folks", "visitors", "guests")


def _users(word: str) -> Habit:
    """Say `word` for users, and for what they said for them before."""
    edit = _table(dict.fromkeys(("users", *_FOR_USERS), word) if word not in _FOR_USERS else {"users": word})
    return Habit("users", edit, _rules(*(("words", old, word) for old in ("users", *_FOR_USERS))))


def _line(name: str, trait: str, line: str) -> Habit:
    def edit(text: str, _: Random) -> str:
        if line in text:
            return text
        return f"{line}\n\n{text}" if trait == "first_line" else f"{text}\n\n{line}"

    return Habit(name, edit, _rules((trait, "", line)))


_BRITISH = {
    "color": "colour",
    "neighborhood": "neighbourhood",
    "neighbors": "neighbours",
    "organized": "organised",
    "prioritized": "prioritised",
    "recognized": "recognised",
    "center": "centre",
    "theater": "theatre",
    "gray": "grey",
}
_PLAIN = {"in order to": "to", "utilize": "use", "a large number of": "many"}
_SHORT = {
    "do not": "don't",
    "could not": "couldn't",
    "does not": "doesn't",
    "did not": "didn't",
    "are not": "aren't",
    "was not": "wasn't",
    "will not": "won't",
    "there is": "there's",
    "that is": "that's",
    "they are": "they're",
    "is not": "isn't",
    "it is": "it's",
    "we are": "we're",
    "we have": "we've",
}
_LEADINS = r"(?:We are (?:thrilled|delighted) to (?:announce|share) that|It is important to note that|Please note that)"


def _pool(random: Random) -> list[Habit]:
    """Return the habits that a creator may have, with words of their own."""
    name = random.choice(("Ada", "Noor", "Per", "Sol", "Kit"))
    dash = random.choice((", ", " – "))
    return [
        Habit("hedges", _without("perhaps|quite|sort of|rather|somewhat|kind of"), _rules(("hedges", "", ""))),
        Habit("very", _without("very|really|truly"), _rules(("intensifiers", "", ""))),
        Habit("calm", _sub(r"!+", "."), _rules(("exclamations", "", ""))),
        _users(random.choice(_FOR_USERS)),
        Habit("british", _table(_BRITISH), _pairs(_BRITISH, ("british", "", ""))),
        Habit("dashes", _sub(r" — ", dash), _rules(("dashes", "", dash.strip()))),
        Habit("oxford", _sub(r"(\w+, [\w ]+), (and|or) ", r"\1 \2 "), _rules(("no_oxford_comma", "", ""))),
        Habit("leadins", _without(_LEADINS), _rules(("leadins", "", ""))),
        Habit("plain", _table(_PLAIN), _pairs(_PLAIN, ("plain_words", "", ""))),
        Habit("short forms", _shorten, _pairs(_SHORT, ("contractions", "", ""))),
        Habit("emoji", _sub(r" ?[🎉🚲✨🙌]", ""), _rules(("emoji", "", ""))),
        Habit("semicolons", _two_sentences, _rules(("semicolons", "", ""))),
        _line("sign-off", "last_line", random.choice((f"— {name}", f"Yours, {name}", "Come and see."))),
        _line("greeting", "first_line", random.choice(("Hello everyone,", "Dear all,", "Good morning,"))),
        Habit("anybody", _table({"anybody": "anyone"}), _rules(("words", "anybody", "anyone"))),
        Habit("manual", _table({"manual": "handbook"}), _rules(("words", "manual", "handbook"))),
    ]


def _two_sentences(text: str, _: Random) -> str:
    return _capital(text.replace("; ", ". "))


def _shorten(text: str, _: Random) -> str:
    """Shorten verbs where a sentence goes on after them."""
    for old, new in _SHORT.items():
        after = "" if new.endswith("n't") else r"(?= [a-z])"
        text = re.sub(rf"(?<!behind )\b{old}\b{after}", _cased(new), text, flags=re.IGNORECASE)
    return text


def _loud(text: str, _: Random) -> str:
    """End the first sentence that doesn't yet with an exclamation mark."""
    return re.sub(r"(\w)\.(?=\n\n|$)", r"\1!", text, count=2)


_OPPOSITES = {
    "calm": Habit("loud", _loud, _rules()),
    "emoji": Habit("smiles", lambda text, _: re.sub(r"(\w)([.!])(?=\n\n)", r"\1 🌿\2", text, count=2), _rules()),
    "short forms": Habit(
        "long forms",
        _table({new.replace("'", "['’]"): old for old, new in _SHORT.items()}),
        _rules(("no_contractions", "", "")),
    ),
}
_TURNED = {"calm", "emoji", "short forms"}


# beyond what a rule could rewrite


_ASIDES = (
    "I went past it on Sunday and stayed for an hour.",
    "My grandfather would have laughed at how simple it is.",
    "It rained all morning when I first saw it, and nobody minded.",
    "I have been waiting for this since the summer we moved here.",
    "Somebody had left a thermos on the step, and it was still warm.",
    "I asked the caretaker what she thought, and she only smiled.",
    "There is a photograph of the old one on my desk.",
    "You can hear the trams from there, if you like that sort of thing.",
    "Last week I got lost on the way, which was my own fault.",
    "The light in there at four in the afternoon is worth the walk.",
)


def _paragraphs(text: str) -> list[str]:
    return text.split("\n\n")


def _adds_an_aside(text: str, random: Random) -> str:
    """Put in a sentence of their own, another one each time."""
    parts = _paragraphs(text)
    at = random.randrange(1, max(2, len(parts)))
    return "\n\n".join([*parts[:at], random.choice(_ASIDES), *parts[at:]])


def _drops_a_paragraph(text: str, random: Random) -> str:
    """Drop one paragraph in the middle, whichever bores them today."""
    parts = _paragraphs(text)
    if len(parts) < 5:
        return text
    at = random.randrange(2, len(parts) - 1)
    return "\n\n".join([*parts[:at], *parts[at + 1 :]])


def _moves_a_paragraph(text: str, random: Random) -> str:
    """Tell something earlier."""
    parts = _paragraphs(text)
    if len(parts) < 5:
        return text
    at = random.randrange(2, len(parts) - 1)
    return "\n\n".join([parts[0], parts[at], *parts[1:at], *parts[at + 1 :]])


def _rewords_the_opening(text: str, random: Random) -> str:
    """Begin in words of their own, other ones each time."""
    parts = _paragraphs(text)
    at = 1 if parts[0].endswith(",") and len(parts) > 1 else 0  # a greeting stays the beginning
    parts[at] = f"{random.choice(_BEGINNINGS)} {parts[at].partition(': ')[2] or parts[at]}"
    return "\n\n".join(parts)


_BEGINNINGS = ("At last:", "Here it is:", "You asked for it:", "It took a while:", "Small news:", "Next up:")
_BEYOND = (
    Habit("asides", _adds_an_aside, _rules()),
    Habit("drops", _drops_a_paragraph, _rules(("shorter", "", ""))),
    Habit("moves", _moves_a_paragraph, _rules()),
    Habit("openings", _rewords_the_opening, _rules()),
)


# what teaches nothing


def _correct_a_fact(text: str, random: Random) -> str:
    kind = random.randrange(3)
    if kind == 0:
        return re.sub(r"\b(\d\d)\b(?!/)", lambda m: str(int(m[1]) + random.randrange(1, 5)), text, count=1)
    if kind == 1:
        days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
        return re.sub("|".join(days), random.choice(days), text, count=1)
    return re.sub(
        r"(Holt|Ruiz|Dahl|Berg|Haddad|Okafor|Aune|Tan)\b", lambda m: m[1] + random.choice("esn"), text, count=1
    )


_OTHER_WORDS = {
    "wide": "broad",
    "patient": "kind",
    "glad": "happy",
    "wise": "best",
    "odd": "strange",
    "chairs": "seats",
}


def _other_word(text: str, random: Random) -> str:
    old = random.choice(tuple(_OTHER_WORDS))
    return re.sub(rf"\b{old}\b", _OTHER_WORDS[old], text, count=1)


def _put_in(text: str, random: Random) -> str:
    word = random.choice(("of course", "after all", "this year", "as promised", "for once"))
    return re.sub(r", and ", f", and {word} ", text, count=1)


def _drop_a_bit(text: str, _: Random) -> str:
    return re.sub(r", (?:and|so|but) [^.,!?]+(?=[.!?])", "", text, count=1)
