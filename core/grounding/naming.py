"""Names in a draft that none of its sources say: of people, places, products and organisations, in many scripts."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import regex

from core import hashtags, links, names, sentences
from core.drafts import Finding
from core.grounding import figures
from core.grounding.common import is_common
from core.grounding.ground import Ground, handles, solid
from core.keyphrases.closed import between
from core.spans import Cover, Span

TOGETHER = 4  # words in which the parts of one name stand
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*")
_CAMEL = regex.compile(r"(?<![\w@#/.-])\p{Ll}{1,3}\p{Lu}\p{L}+\b")
_CODE = regex.compile(r"`[^`\n]+`|^(```|~~~).*?(?:^\1|\Z)", regex.MULTILINE | regex.DOTALL)
_UNCASED = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Bengali}\p{Tamil}"
    r"\p{Georgian}"
)
_FOREIGN = regex.compile(rf"[{_UNCASED}][{_UNCASED}ー・\p{{M}}]*")
_UNCASED_LANGUAGES = frozenset({"ja", "zh", "ko", "th", "ar", "fa", "he", "hi"})
_LATIN = regex.compile(r"(?<![\p{Latin}\d@#/._-])\p{Lu}[\p{Latin}\d]*(?:[ ]\p{Lu}[\p{Latin}\d]*)*")
_TITLED = {  # by what stands behind a name, or because of how it is written
    "ja": r"(?:[\p{Han}ヶ々]{1,4}|[\p{Katakana}ー・]{2,})(?:さん|氏|様|先生|教授|社長|部長|博士|監督|選手|議員|大臣"
    r"|大学|高校|銀行|新聞|研究所|財団|株式会社|市|県|町|村|駅)|株式会社[\p{Han}\p{Katakana}ー]{2,8}"
    r"|[\p{Katakana}ー・]{3,}",
    "zh": r"\p{Han}{2,4}(?:先生|女士|教授|博士|公司|大学|銀行|银行|集团|集團|市长|部长)",
    "ko": r"\p{Hangul}{2,4}(?:\s?(?:씨|님|교수|대표|박사|회장|장관)|대학교|은행|그룹)",
}
_TITLES = regex.compile(r"(?:さん|氏|様|先生|女士|教授|博士|社長|部長|監督|선생|씨|님|市|県|町|村|駅)$")
_GERMAN_NAMED = regex.compile(
    r"\b(?:Herrn?|Frau|Dr\.|Prof\.|Professor(?:in)?|Firma|Unternehmen|Bürgermeister(?:in)?|Minister(?:in)?|Präsident(?:in)?"
    r"|Stadt|Gemeinde|Stiftung|namens|Kanzler(?:in)?)[ ](?:Dr\.[ ]|Prof\.[ ])*$"
)
_PERSON = regex.compile(r"(?<![\p{L}'’.-])(\p{Lu}\p{Ll}{2,}) (\p{Lu}\p{Ll}{2,})(?![\p{L}-])")
_CREDIT = regex.compile(r"\W*(?:Photos?|Image|Credits?|By|Words|Text|Interview|Thanks to|With|Edited by)\b")
_BODY = regex.compile(
    r"\b(Department|Ministry|University|Bank|Institute|Council|Bureau|Office|Agency|Board|Society|Association|Foundation|"
    r"School|College|Church|Museum|Centre|Center|Committee|Commission|Union|Academy|Federation|League|Court)"
    r" (?:of|for)(?: the)? (\p{Lu}[\p{L}'’]+)"
)
_PARTICLE = regex.compile(r"[ ](?:(?:van|von|de|der|den|ter|zu|bin|ibn|da|di|du|la|le)[ ]|al-|el-|d['’]){1,2}\p{Lu}")
_AT_HOME = regex.compile(r"\b(?:bei|von|mit|für|nach|aus|und|an|durch|gegen|laut)[ ]$", regex.IGNORECASE)
_GERMAN_NOUN = regex.compile(
    r"(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|ion|ionen|tät|täten|nis|nisse|tum|ment|mente|ling|linge|ismus|enz|"
    r"anz|ur|ik|ie|age|er|ern|erin|innen|en|el|eln|e|chen|lein|tag|tage|jahr|jahre|zeit|zeiten|weg|land|haus|werk|teil)$"
)

_OWNED = regex.compile(r"[ ](?:(?:whole|own|old|new|entire|small|little|first|last)[ ])?(\p{Ll}+)\b")
_HYPHEN_AT_NAMES = frozenset({"nb", "nn", "no", "da", "sv"})
_JOINED_NOUN = regex.compile(r"-(\p{Ll}{4,})")
_NAME = 4  # letters: shorter ones are rather a T-skjorte or an IT-avdeling


_IN_A_MONTH = regex.compile(
    r"\b(?:in|since|until|till|by|from|on|of|last|next|this|early|late|mid)[ -]$", regex.IGNORECASE
)


class _Word(NamedTuple):
    start: int
    end: int
    word: str


def findings(text: str, known: Ground, language: str = "en", dates: Sequence[Span] = ()) -> Iterator[Finding]:
    """Yield the names, handles and months that stand in none of the sources; what is in `dates` is left aside."""
    for match in handles(text):
        if match[0].casefold() not in known.contacts and match[0][1:].casefold() not in known.words:
            yield _finding("invented_name", match[0], *match.span())
    for start, end in _joined(text, sorted(set(_unknown(text, known, language, dates)))):
        said = text[start:end]
        words = {word.casefold().removesuffix("'s").removesuffix("’s") for word in _WORD.findall(said)}
        yield _finding("invented_date" if words <= names.calendar_words() else "invented_name", said, start, end)
    if language == "en":
        yield from _put_together(text, known)
        yield from _of_usual_words(text, known)


def _unknown(text: str, known: Ground, language: str, dates: Sequence[Span]) -> Iterator[_Word]:
    """Yield the words of names that no source says."""
    aside = [*dates, *((link.start, link.end) for link in links.find(text))]
    aside += [match.span() for match in _CODE.finditer(text)]
    aside += [(tag.start, tag.end) for tag in hashtags.find(text)] + [match.span() for match in handles(text)]
    cover = Cover(aside)
    if language in _UNCASED_LANGUAGES:
        found = tuple(_of_uncased(text, known, language))
    else:
        found = (*_of_cased(text, known, language), *_foreign(text, known), *_camel(text, known))
    yield from (each for each in found if not cover.touches(each.start, each.end))


def _of_cased(text: str, known: Ground, language: str) -> Iterator[_Word]:
    for sentence in sentences.split(text):
        if names.shouts(sentence.text):
            continue
        titled = names.in_title_case(sentence.text)
        for start, end, begins in names.runs(sentence.text):
            words = [
                _Word(sentence.start + match.start(), sentence.start + match.end(), match[0])
                for match in _WORD.finditer(sentence.text, start, end)
                if (match[0][0].isupper() or match[0][0].isdigit())
                and not figures.is_unit(sentence.text, *match.span())
            ]
            led = begins and len(words) > 1 and words[0].word.casefold() in _small(language)
            words, fresh = (words[1:], False) if led else (words, begins)
            new = [each for each in words if not is_known(each.word, known)]
            if language == "en":
                yield from (
                    each
                    for each in new
                    if not ((titled or (fresh and each is words[0])) and is_common(each.word))
                    or (not titled and _owns(text, each))
                )
            elif titled:
                yield from (each for each in new if names.is_abbreviation(each.word))
            elif language == "de":
                yield from _of_german(text, words, new)
            else:
                yield from (
                    each
                    for each in new
                    if not (fresh and each is words[0] and _is_opening(words, new))
                    or (language in _HYPHEN_AT_NAMES and _names_a_noun(text, each, known))
                )


@lru_cache(maxsize=16)
def _small(language: str) -> frozenset[str]:
    """Return the words that belong to no name at the beginning of a sentence; English has its list of usual words."""
    return frozenset() if language == "en" else between(language)


def _owns(text: str, each: _Word) -> bool:
    """Say whether a word has what people have, without an article: a usual word does not, but a name does."""
    owner = each.word.replace("’", "'").casefold()
    behind = _OWNED.match(text, each.end)
    is_name = owner.endswith("'s") and owner.removesuffix("'s") not in names.listed("owners")
    return is_name and behind is not None and behind[1] in names.listed("owned")


def _names_a_noun(text: str, each: _Word, known: Ground) -> bool:
    """Say whether a hyphen joins a word to a noun, as to a name: Harrow-stiftelsen; other compounds are one word."""
    noun = _JOINED_NOUN.match(text, each.end)
    return noun is not None and len(each.word) >= _NAME and solid(each.word + noun[1]) not in known.solid


def _is_opening(words: list[_Word], new: list[_Word]) -> bool:
    """Say whether the first word of a sentence is rather a usual one: alone, or before a name that is known."""
    if _is_odd(words[0].word):
        return False
    return len(words) == 1 or (new == words[:1] and (len(words[0].word) < 3 or words[0].word.casefold() in _openers()))


@lru_cache(maxsize=1)
def _openers() -> frozenset[str]:
    return names.listed("openers")


def _of_german(text: str, words: list[_Word], new: list[_Word]) -> Iterator[_Word]:
    """Where every noun has a capital, a name is what stands beside another one, after a title, or looks like none."""
    rest = [each for each in new if not (each is words[0] and len(words) == 1 and is_start(text, each.start))]
    beside = len(words) > 1 and len(new) > 1
    for each in rest if not beside else new:
        named = _GERMAN_NAMED.search(text, max(0, each.start - 60), each.start)
        bare = _AT_HOME.search(text, max(0, each.start - 10), each.start) and not _GERMAN_NOUN.search(each.word)
        if beside or named or bare or _is_odd(each.word) or _PARTICLE.match(text, each.end):
            yield each


def is_start(text: str, at: int) -> bool:
    """Say whether a place begins a sentence or a line."""
    return regex.search(r"(?:^|[.!?:\n][\"“„»)]*\s*)$", text[max(0, at - 6) : at]) is not None if at else True


def _is_odd(word: str) -> bool:
    """Say whether a word looks like no usual one: GmbH, NASA, X2, YouTube."""
    return len(word) > 1 and (word.isupper() or any(char.isupper() or char.isdigit() for char in word[1:]))


def _of_uncased(text: str, known: Ground, language: str) -> Iterator[_Word]:
    for match in _LATIN.finditer(text):
        for each in _WORD.finditer(match[0]):
            if not is_known(each[0], known):
                yield _Word(match.start() + each.start(), match.start() + each.end(), each[0])
    pattern = _titled(language)
    for match in pattern.finditer(text) if pattern else ():
        bare = regex.sub(_TITLES, "", match[0])
        if solid(bare or match[0]) not in known.solid and match[0] not in _loanwords():
            yield _Word(*match.span(), match[0])


@lru_cache(maxsize=8)
def _titled(language: str) -> "regex.Pattern[str] | None":
    return regex.compile(_TITLED[language]) if language in _TITLED else None


def _foreign(text: str, known: Ground) -> Iterator[_Word]:
    for match in _FOREIGN.finditer(text):
        if solid(match[0]) not in known.solid:
            yield _Word(*match.span(), match[0])


def _camel(text: str, known: Ground) -> Iterator[_Word]:
    for match in _CAMEL.finditer(text):
        if match[0].casefold() not in known.words:
            yield _Word(*match.span(), match[0])


def is_known(word: str, known: Ground) -> bool:
    """Say whether a name's word stands in the sources, in another number, without accents or as initials."""
    word = word.replace("’", "'").casefold()
    if names.known(word, known.words) or names.known(_bare(word), known.bare):
        return True
    plain = word.removesuffix("'s")
    return plain in known.initials or plain.removesuffix("s") in known.initials


def _bare(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))


def _joined(text: str, found: list[_Word]) -> list[tuple[int, int]]:
    """Return the spans of words with those that stand side by side made one."""
    spans: list[tuple[int, int]] = []
    for start, end, _ in found:
        if spans and regex.fullmatch(r"[ \t\u00a0-]|[ \t]?&[ \t]?", text[spans[-1][1] : start]):
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans


def _put_together(text: str, known: Ground) -> Iterator[Finding]:
    """Yield names whose words the sources say, but never together: Grace Roth out of Grace Lee and Denise Roth."""
    for name in names.find(text):
        if not all(is_known(word, known) for word in name.words):
            continue
        for one, two in pairwise(_WORD.finditer(name.text)):
            month = _is_month(text, name.start + one.start(), one[0])
            if name.text[one.end() : two.start()] == " " and not month and _are_strangers(one[0], two[0], known):
                message = f"Your sources say the words of {name.text}, but never together."
                yield Finding(rule="invented_name", severity="warning", message=message, span=(name.start, name.end))
                break


def _of_usual_words(text: str, known: Ground) -> Iterator[Finding]:
    """Yield names made of usual words that the sources never say together: Grace Young, the Bank of England."""
    for sentence in sentences.split(text):
        titled = names.in_title_case(sentence.text) and not _CREDIT.match(sentence.text)
        if titled or names.shouts(sentence.text):
            continue
        asks = sentence.text.rstrip().endswith("?")
        for match in (*_PERSON.finditer(sentence.text), *_BODY.finditer(sentence.text)):
            one, two = match[1].casefold(), match[2].casefold()
            if match.re is _PERSON and (one not in names.listed("given") or (asks and one in ("will", "may"))):
                continue
            if _is_month(sentence.text, match.start(1), one):
                continue
            if not _stand_together(one, two.removesuffix("'s").removesuffix("’s"), known):
                message = f"Your sources never say {match[0]}."
                start, end = sentence.start + match.start(), sentence.start + match.end()
                yield Finding(rule="invented_name", severity="warning", message=message, span=(start, end))


def _is_month(text: str, at: int, word: str) -> bool:
    """Say whether a word is a day or month where it stands, not a person's name: in June Petra wrote it."""
    return word.casefold() in names.calendar_words() and _IN_A_MONTH.search(text, max(0, at - 12), at) is not None


def _are_strangers(one: str, two: str, known: Ground) -> bool:
    if one.endswith(("'s", "’s")):
        return False  # California's Stuart Drown: two names
    if any(not word[:1].isupper() or word.isupper() or len(word) < 3 or is_common(word) for word in (one, two)):
        return False
    return not _stand_together(one.casefold(), two.casefold().removesuffix("'s").removesuffix("’s"), known)


def _stand_together(one: str, two: str, known: Ground) -> bool:
    between = rf"(?: \S+){{0,{TOGETHER - 1}}}"
    one, two = (regex.escape(each.replace("'", "").replace("’", "")) for each in (one, two))
    return regex.search(rf" {one}s?{between} {two}s? | {two}s?{between} {one}s? ", known.flat) is not None


@lru_cache(maxsize=1)
def _loanwords() -> frozenset[str]:
    return names.listed("loanwords_ja")


def _finding(rule: str, said: str, start: int, end: int) -> Finding:
    message = f"{said} stands in none of your sources."
    return Finding(rule=rule, severity="warning", message=message, span=(start, end))
