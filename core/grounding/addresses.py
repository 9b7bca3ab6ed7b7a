"""Links and mail addresses in a draft that are none of its sources' and none of the workspace's."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import regex

from core import links
from core.drafts import Finding
from core.entities import tlds
from core.grounding.ground import Ground, emails

_MARKDOWN = regex.compile(
    r"\[(?P<label>[^\[\]\n]*)\]\((?P<target>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\)"
)
_SCHEME = regex.compile(
    r"(?<![\p{Latin}\p{Greek}\p{Cyrillic}\d_])(?:mailto|tel|ftp|ftps|file|data|javascript|sms|magnet|ssh|git):[^\s<>()\"]+",
    regex.I,
)
_NO_SCHEME = regex.compile(r"(?<![:/\p{Latin}\d])//(?=[\p{L}\d-]+\.)[^\s<>()\"]*[^\s<>()\".,;:!?]")
_RUN_INTO = regex.compile(
    r"(?<![\p{Latin}\d@./:_-])(?:[a-z\d](?:[a-z\d-]{0,62}[a-z\d])?\.){1,4}(?P<tld>[a-z]{2,24})"
    r"(?=\d{1,4}[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}])",
    regex.I,
)
_TAKEN_FOR = {
    **dict(zip("аеорсухіјѕԁһвнмткг", "aeopcyxijsdhbhmtkr", strict=True)),  # Cyrillic
    **dict(zip("αοντρικυε", "aovtpikue", strict=True)),  # Greek
    **dict(zip("01l5|ɡıꞌ", "oiisigi'", strict=True)),
}
"""Signs by what they are taken for at a glance."""


@dataclass(frozen=True)
class Allowed:
    """The links that a draft may hold: their places, with the campaign marks that each is known with."""

    marks: dict[str, tuple[frozenset[tuple[str, str]], ...]]
    fragments: dict[str, frozenset[str]]

    @classmethod
    def of(cls, addresses: Iterable[str]) -> "Allowed":
        """Return the links allowed."""
        found: dict[str, list[frozenset[tuple[str, str]]]] = {}
        fragments: dict[str, frozenset[str]] = {}
        for link in addresses:
            place = links.place(link)
            found.setdefault(place, []).append(_marks(link))
            fragments[place] = fragments.get(place, frozenset()) | {_fragment(link)}
        return cls({place: tuple(marks) for place, marks in found.items()}, fragments)

    @property
    def hosts(self) -> frozenset[str]:
        """Where they lead."""
        return frozenset(_host(place) for place in self.marks)


def _run_into(text: str) -> Iterator[links.Link]:
    """Yield bare domains that a number runs into, as where no spaces are written: example.org2011年4月."""
    for match in _RUN_INTO.finditer(text):
        if match["tld"].lower() in tlds():
            yield links.Link(*match.span(), match[0], f"https://{match[0]}")


def findings(text: str, allowed: Allowed, known: Ground) -> Iterator[Finding]:
    """Yield links, mail addresses and link targets from nowhere, and links that say one address and lead to another."""
    labels = [match for match in _MARKDOWN.finditer(text) if text[match.start() - 1 : match.start()] != "!"]
    for link in (*links.find(text), *_run_into(text)):
        if problem := _of_link(link, allowed, known):
            bare = "://" not in link.text
            severity = "warning" if bare and "/" not in link.text and not _lookalike(link.url, allowed) else "error"
            yield _finding(problem, link.start, link.end, severity)
        elif mark := _elsewhere_on_the_page(link.url, allowed):
            problem = f"{link.text} leads to a place on the page (#{mark}) that none of the links you know names."
            yield _finding(problem, link.start, link.end, "warning")
    for match in emails(text):
        if match[0].casefold() not in known.contacts:
            yield _finding(f"The mail address {match[0]} stands in none of your sources.", *match.span())
    for match in _SCHEME.finditer(text):
        if match[0].casefold().removeprefix("mailto:").partition("?")[0] not in known.contacts:
            yield _finding(f"{match[0]} stands in none of your sources.", *match.span())
    for match in _NO_SCHEME.finditer(text):
        if links.place("https:" + match[0]) not in allowed.marks:
            yield _finding(f"{match[0]} is none of the links that this draft may hold.", *match.span())
    yield from _mislabelled(labels)


def _of_link(link: links.Link, allowed: Allowed, known: Ground) -> str:
    """Return what is wrong with a link; empty for nothing."""
    place = links.place(link.url)
    if place in allowed.marks:
        added = _marks(link.url) - frozenset().union(*allowed.marks[place])
        names = ", ".join(sorted(name for name, _ in added))
        return f"{link.text} carries a campaign mark ({names}) that the link you know does not." if added else ""
    if "://" not in link.text and "/" not in link.text and place in known.hosts | allowed.hosts:
        return ""
    if place in known.places and not _marks(link.url):
        return ""  # it stands in a source as it is written here
    if twin := _lookalike(link.url, allowed):
        return f"{link.text} looks like {twin}, and leads elsewhere."
    return f"{link.text} is none of the links that this draft may hold."


_ANCHOR = regex.compile(r"[\p{L}\p{N}._-]{0,40}")


def _elsewhere_on_the_page(url: str, allowed: Allowed) -> str:
    """Return the fragment of a link to a known page that no known link has, unless it is a plain name of a heading.

    What stands there can be a route, an order to the page, or words that a browser marks on it.
    """
    mark = _fragment(url)
    known = allowed.fragments.get(links.place(url))
    return mark if known is not None and mark not in known and not _ANCHOR.fullmatch(mark) else ""


def _fragment(url: str) -> str:
    return url.partition("#")[2]


def _mislabelled(labels: "Iterable[regex.Match[str]]") -> Iterator[Finding]:
    for match in labels:
        target, label = match["target"], match["label"].strip()
        if (
            target
            and "://" not in target
            and not target.startswith(("#", "mailto:", "tel:"))
            and not links.find(target)
        ):
            yield _finding(f"The link target {target} leads to no address.", *match.span("target"))
        shown = links.find(label)
        if (
            len(shown) == 1
            and shown[0].text == label
            and _host(links.place(shown[0].url)) != _host(links.place(target))
        ):
            yield _finding(f"The link says {label} and leads to {target}.", *match.span())


def _marks(url: str) -> frozenset[tuple[str, str]]:
    try:
        query = urlsplit(url if "://" in url else "https://" + url).query
    except ValueError:
        return frozenset()
    return frozenset((key, value) for key, value in parse_qsl(query) if key.startswith("utm_"))


def _lookalike(url: str, allowed: Allowed) -> str:
    """Return the known host that a host looks like without being it."""
    host = _host(links.place(url))
    if host in allowed.hosts:
        return ""
    looks = _skeleton(host)
    return next((each for each in sorted(allowed.hosts) if each != host and _skeleton(each) == looks), "")


def _skeleton(host: str) -> str:
    """Return how a host looks: letters of other scripts, digits and accents as the Latin letters they are taken for."""
    if "xn--" in host:
        try:
            host = host.encode("ascii").decode("idna")
        except UnicodeError:
            return host
    plain = "".join(char for char in unicodedata.normalize("NFKD", host.casefold()) if not unicodedata.combining(char))
    return "".join(_TAKEN_FOR.get(char, char) for char in plain).replace("rn", "m").replace("vv", "w")


def _host(place: str) -> str:
    return place.partition("/")[0].partition("?")[0]


def _finding(message: str, start: int, end: int, severity: str = "error") -> Finding:
    return Finding.model_validate(
        {"rule": "invented_link", "severity": severity, "message": message, "span": (start, end)}
    )
