"""Which language a text is in: by its script, else by its commonest small words. It says nothing rather than guess."""

import re
import unicodedata
from collections import Counter

LEAST_WORDS = 20
"""Words from which small words tell a language; a script of its own tells it from a few letters on."""

_LEAST_SHARE = 0.12  # of a text's words that are small words of its language: real prose has 0.25 to 0.5
_MARGIN = 1.25  # how much more of them the best language must have than the next one

_LEAST_DIFFERENT = 4  # small words: one that is often said is no language

_SMALL = {
    "en": "the of and to in a is that it for was on with as be this are not have from you they which",
    "es": "de la que el en y los se del las un por con una para es lo como más pero sus al este su puede",
    "pt": "de a que o e do da em um para com não uma os no se na por mais as dos como mas ao das são você",
    "fr": "de la le et les des en un du une que est pour qui dans par sur pas au plus ne avec ce il je vous",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden",
    "it": "di che e la il un a per in una sono mi non è si con della del le da gli come più anche",
    "nl": "de van een het en in is dat op te zijn met voor niet aan er om ook als maar dan ze door wordt",
    "sv": "och att det i en på är av för med som till den har inte om ett men var jag från vi så kan",
    "da": "og i at det er en til på af for med der den som ikke de et har var jeg fra men også kan nogen",
    "nb": "og i det er på en av til å for som med at den ikke har et de om var fra men jeg også noen etter",
    "fi": "ja on ei se että oli hän mutta ovat myös kun niin joka mitä jos olen vain kuin sitä tai ole",
    "pl": "w i na się z do nie to że jest o jak od za po przez tym co ale dla jego są być może",
    "cs": "a se v na je že s z do o to i za by ale jako po jsem si který byl nebo pro jeho jsou",
    "tr": "ve bir bu da de için ile çok daha gibi ne kadar olarak o ama her sonra ben en var olan değil",
    "ro": "de și în a la cu nu o pe că este din un să mai care pentru se au ca sunt dar fi sau",
    "ca": "els amb és però dels més perquè això són aquest aquesta seva també molt hi què les seu i el no es",
    "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada mereka",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}

_SCRIPTS = {
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CJK": "zh",
    "GREEK": "el",
    "HEBREW": "he",
    "ARABIC": "ar",
    "CYRILLIC": "ru",
    "THAI": "th",
    "DEVANAGARI": "hi",
}
_MARKUP = re.compile(r"```.*?```|`[^`]*`|<[^>]+>|https?://\S+|[@#]\S+", re.DOTALL)
_READ = 20_000  # characters that are looked at


def detect(text: str) -> str | None:
    """Return a text's language as a primary subtag; None where it is too short, mixed, or none that is known here."""
    plain = _MARKUP.sub(" ", text[:_READ])
    return _by_script(plain) or _by_small_words(re.findall(r"[^\W\d_]+", plain.casefold()))


def small_words(language: str) -> frozenset[str]:
    """Return the commonest small words of a language (a BCP 47 tag will do); none where they are not known here."""
    return _WORDS.get(language.split("-", maxsplit=1)[0].lower(), frozenset())


def _by_script(text: str) -> str | None:
    letters = [each for each in text if each.isalpha()]
    foreign = Counter(name for each in letters if each > "\u02ff" and (name := _script(each)))
    if sum(foreign.values()) < max(8, len(letters) // 2):
        return None
    if foreign["ja"] and foreign["ja"] >= foreign["zh"] // 10:  # Japanese is Chinese signs with kana between them
        return "ja"
    language, count = foreign.most_common(1)[0]
    if count < 0.8 * sum(foreign.values()):
        return None
    if language == "ru":
        return _cyrillic(text)
    return "fa" if language == "ar" and re.search("[پچژگ]", text) else language


def _script(letter: str) -> str | None:
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0].split("-")[0])


def _cyrillic(text: str) -> str | None:
    if re.search("[іїєґ]", text.lower()):
        return "uk"
    return "ru" if re.search("[ыэё]", text.lower()) else None


def _by_small_words(words: list[str]) -> str | None:
    if len(words) < LEAST_WORDS:
        return None
    counts = Counter(words)
    found = {language: sum(counts[word] for word in small) for language, small in _WORDS.items()}
    (best, most), (_, second) = Counter(found).most_common(2)
    is_prose = len(_WORDS[best] & counts.keys()) >= _LEAST_DIFFERENT
    return best if is_prose and most >= max(_LEAST_SHARE * len(words), _MARGIN * second) else None
