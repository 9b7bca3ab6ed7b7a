"""The vocabulary that ships: IPTC Media Topics, with words of ours for some of them."""

from functools import lru_cache
from importlib import resources

from core.topics.vocabulary import Topic, Vocabulary

SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"

_PREFIX = "medtop:"


@lru_cache(maxsize=1)
def mediatopics() -> Vocabulary:
    """Return the media topics; README.md beside them says where they are from."""
    head, columns, *lines = _read("mediatopics.tsv").splitlines()
    version = head.partition(",")[2].partition(";")[0].strip()
    names = columns.split("\t")
    ours = _synonyms()
    terms = (_topic(dict(zip(names, line.split("\t"), strict=True)), ours) for line in lines)
    return Vocabulary(scheme=SCHEME, version=version, terms=tuple(terms))


def vectors() -> bytes:
    """Return the file with the topics' vectors, in their order, and the name of the model that made them."""
    return resources.files("core.topics").joinpath("mediatopics.npz").read_bytes()


def address(topic_id: str) -> str:
    """Return the address that a media topic has for everybody; empty for an id of another vocabulary."""
    return SCHEME + topic_id.removeprefix(_PREFIX) if topic_id.startswith(_PREFIX) else ""


def _topic(row: dict[str, str], ours: dict[str, tuple[str, ...]]) -> Topic:
    american = [("en", row["us"])] if row["us"] and row["us"] != row["en"] else []
    others = [(tag, row[tag]) for tag in row if tag not in ("id", "broader", "en", "us", "definition") and row[tag]]
    synonyms = [("en", each) for each in ours.get(row["id"], ())]
    return Topic(
        id=row["id"],
        name=row["en"],
        broader=row["broader"],
        definition=row["definition"],
        names=(*american, *synonyms, *others),
    )


def _synonyms() -> dict[str, tuple[str, ...]]:
    import yaml

    data = yaml.safe_load(_read("synonyms.yaml"))
    return {key: tuple(each.strip() for each in value.split(",")) for key, value in data.items()}


def _read(name: str) -> str:
    return resources.files("core.topics").joinpath(name).read_text(encoding="utf-8")
