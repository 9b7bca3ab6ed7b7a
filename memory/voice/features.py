"""The habits that are counted: each is a count out of opportunities, so anyone can recount the rate.

The table below is the whole definition of the style half of voice. A feature that names words works for English only;
the others (punctuation, sentence length, emoji, capitals, numbers) count in any language. Curly quotes are not in it:
software makes them, not authors.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memory.voice import counters as c
from memory.voice.counters import Counter
from memory.voice.function_words import FUNCTION_WORDS, INDEX
from memory.voice.prose import Prose

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Feature:
    """One habit: `count` of it out of `opportunities`, both whole numbers."""

    name: str
    label: str  # as it stands in a sentence: "commas"
    per: str  # what an opportunity is: words, sentences …
    count: Counter
    opportunities: Counter
    english: bool  # names English words

    def rate(self, prose: Prose) -> float:
        """Return how often it occurs per 100 opportunities, 0 where there are none."""
        chances = self.opportunities(prose)
        return 100 * self.count(prose) / chances if chances else 0.0


@dataclass(frozen=True)
class Measure:
    """All counts of one text. Shapes: (features,), (features,), (function words + 1,)."""

    counts: Array
    opportunities: Array
    function_words: Array  # the last place holds every other word
    words: int


def measure(prose: Prose) -> Measure:
    """Count every feature and function word of a text."""
    small = np.zeros(len(FUNCTION_WORDS) + 1)
    for word, times in prose.counts.items():
        small[INDEX.get(word, -1)] += times
    return Measure(
        np.array([feature.count(prose) for feature in FEATURES], dtype=float),
        np.array([feature.opportunities(prose) for feature in FEATURES], dtype=float),
        small,
        len(prose.words),
    )


def _any(name: str, label: str, count: Counter, per: str = "words", out_of: Counter = c.words) -> Feature:
    return Feature(name, label, per, count, out_of, english=False)


def _en(name: str, label: str, count: Counter, per: str = "words", out_of: Counter = c.words) -> Feature:
    return Feature(name, label, per, count, out_of, english=True)


def _listed(name: str, label: str, words: str, pairs: str = "") -> Feature:
    return _en(name, label, c.either(c.listed(words), c.pairs(pairs)) if pairs else c.listed(words))


def _opening(name: str, label: str, words: str) -> Feature:
    return _en(name, f"sentences that open with {label}", c.starting(words), "sentences", c.sentences)


def _length(name: str, label: str, least: int, most: int) -> Feature:
    return _any(name, f"sentences of {label}", c.sentences_of(least, most), "sentences", c.sentences)


_LAST_ITEM = r", [\w'’-]+(?: [\w'’-]+)?{comma} (?:and|or) "
_SERIAL, _NOT_SERIAL = c.pattern(_LAST_ITEM.format(comma=",")), c.pattern(_LAST_ITEM.format(comma=""))
_EARLY_COMMA = r"(?:^|\n)[\"“(]*[A-Z][\w'’]*(?: [\w'’]+){0,3}, "
_BRITISH = c.stems(
    "colour favour behaviour honour labour neighbour flavour humour rumour centre theatre organis realis recognis "
    "optimis customis prioritis summaris minimis maximis utilis analys defence travell cancell modell labell grey"
)
_AMERICAN = c.stems(
    "color favor behavior honor labor neighbor flavor humor rumor center theater organiz realiz recogniz "
    "optimiz customiz prioritiz summariz minimiz maximiz utiliz analyz defense traveled traveling canceled canceling "
    "modeled modeling labeled labeling gray"
)

FEATURES: tuple[Feature, ...] = (
    # punctuation and marks
    _any("commas", "commas", c.characters(",，、")),
    _any("semicolons", "semicolons", c.characters(";；")),
    _any("colons", "colons", c.characters(":：")),
    _any("dashes", "dashes", c.pattern(r"—| – | -{1,3} |(?<=\w)-{2,3}(?=\w)")),
    _any("hyphens", "hyphenated words", c.pattern(r"-(?<=[^\W\d_]-)(?=[^\W\d_])")),
    _any("parentheses", "parentheses", c.characters("(（")),
    _any("ellipses", "ellipses", c.pattern(r"…|\.\.\.+")),
    _any("slashes", "slashes", c.characters("/")),
    _any("quotations", "quotation marks", c.characters('"“”«»「」')),
    _any("exclamations", "exclamation marks", c.characters("!！"), "sentences", c.sentences),
    _any("questions", "question marks", c.characters("?？"), "sentences", c.sentences),
    _any("emoji", "emoji", c.emoji),
    _any("hashtags", "hashtags and mentions", c.pattern(r"[#@](?<!\w.)(?=[^\W\d_])")),
    _any("digits", "numbers in digits", c.digits),
    _any("capitals", "words in capitals", c.capitals),
    _any("capitalised", "capitalised words inside sentences", c.capitalised),
    _en("serial_commas", "commas before the last item", _SERIAL, "lists", c.either(_SERIAL, _NOT_SERIAL)),
    _en("comma_and", "commas before “and”", c.pattern(", and ")),
    _en("comma_but", "commas before “but”", c.pattern(", but ")),
    _en("early_commas", "sentences with an early comma", c.pattern(_EARLY_COMMA), "sentences", c.sentences),
    # the shape of sentences and words
    _length("fragments", "1 to 4 words", 1, 4),
    _length("short_sentences", "5 to 9 words", 5, 9),
    _length("middle_sentences", "10 to 17 words", 10, 17),
    _length("long_sentences", "26 to 37 words", 26, 37),
    _length("very_long_sentences", "38 words or more", 38, 10**6),
    _en("short_words", "words of up to 3 letters", c.letters(1, 3)),
    _en("long_words", "words of 8 letters or more", c.letters(8, 99)),
    _en("very_long_words", "words of 12 letters or more", c.letters(12, 99)),
    # how it speaks
    _en("contractions", "contractions", c.contractions),
    _en("contracted", "contractions", c.contractions, "choices", c.either(c.contractions, c.full_forms)),
    _listed("first_person", "“I”, “me”, “my”", "i i'm i've i'd i'll me my mine myself"),
    _listed("we", "“we”, “us”, “our”", "we we're we've we'd we'll us our ours ourselves let's"),
    _listed("you", "“you”, “your”", "you you're you've you'd you'll your yours yourself"),
    _listed("they", "“they”, “them”, “their”", "they they're they've them their themselves"),
    _listed("he_she", "“he”, “she” and their forms", "he she him her his hers he's she's"),
    _opening("open_i", "“I”", "i i'm i've i'd i'll"),
    _opening("open_we", "“we”", "we we're we've we'll"),
    _opening("open_you", "“you”", "you you're you've you'll"),
    _opening("open_and", "“and”, “but”, “so” or “or”", "and but so or"),
    _opening("open_the", "“the”", "the"),
    _opening("open_this", "“this”, “that” or “it”", "this that that's these those it it's"),
    _opening("open_if", "“if”, “when”, “as” …", "if when while as since because although though once"),
    _opening("open_adverb", "“however”, “then”, “now” …", "however also then now finally first instead sadly"),
    _opening("open_question", "a question word", "what why how who where which"),
    # its manner
    _en("adverbs", "adverbs on -ly", c.ending("ly", 5, "family early reply apply supply daily")),
    _en("gerunds", "words on -ing", c.ending("ing", 6, "during nothing something anything everything string things")),
    _en(
        "abstract_nouns",
        "abstract nouns (-tion, -ment, -ness …)",
        c.ending("tion tions sion sions ment ments ness ity ities ance ence", 6),
    ),
    _listed("intensifiers", "intensifiers (“very”, “really” …)", "very really quite pretty totally super extremely"),
    _listed("just", "“just”, “simply”, “only”", "just simply only merely"),
    _listed(
        "hedges",
        "hedges (“perhaps”, “probably”, “might” …)",
        "perhaps maybe probably possibly might seem seems likely somewhat arguably apparently suspect guess",
    ),
    _listed(
        "stance",
        "“actually”, “basically”, “obviously” …",
        "actually basically obviously clearly literally honestly essentially certainly definitely sure surely indeed",
    ),
    _listed("can", "“can”, “could”", "can can't cannot could couldn't"),
    _listed("would", "“would”, “should”", "would wouldn't should shouldn't i'd we'd you'd they'd"),
    _listed("will", "“will”", "will won't i'll we'll you'll they'll it'll"),
    _listed("must", "“must”, “need”, “have to”", "must need needs", "have to,has to,had to"),
    _en("negations", "negations", c.either(c.listed("not no never none nobody cannot"), c.ending("n't", 4))),
    _en("passives", "passives", c.passives),
    _en("which", "“which” rather than “that”", c.listed("which"), "relative words", c.listed("which that")),
    _listed("because", "“because”, “since”, “as”", "because since as"),
    _listed("contrast", "“but”, “though”, “however” …", "but though although however yet while whereas"),
    _listed("addition", "“also”, “too”, “as well”", "also too additionally furthermore moreover", "as well"),
    _listed("consequence", "“so”, “therefore”, “thus”", "so therefore thus hence consequently"),
    _listed("time", "“now”, “then”, “again” …", "now then again already still soon once before after"),
    _listed("examples", "“like”, “such as”, “for example”", "like", "for example,for instance,such as"),
    _listed("there_is", "“there is”, “there are”", "there's", "there is,there are,there was,there were"),
    _listed("quantities", "“some”, “many”, “a lot” …", "some many most several few bunch lots", "a lot,a bit"),
    _listed(
        "chatty",
        "chatty words (“stuff”, “cool” …)",
        "thing things stuff cool awesome nice fun hey yeah okay ok well anyway folks wow oh kinda great",
    ),
    _en("british", "British spellings", _BRITISH, "words that have two", c.either(_BRITISH, _AMERICAN)),
)

NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)

IN_ANY_LANGUAGE: NDArray[np.bool_] = np.array([not feature.english for feature in FEATURES])
