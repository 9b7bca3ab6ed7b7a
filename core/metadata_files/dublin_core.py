"""What is said of a text as Dublin Core, in XML: fifteen plain elements that every library's catalogue reads."""

from collections.abc import Iterator
from typing import Any

from core.errors import BadInput
from core.metadata_files.fields import Existing, Fields

DC, TERMS, XSI = (
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/terms/",
    "http://www.w3.org/2001/XMLSchema-instance",
)

Element = tuple[str, str]
"""A name (`dc:title`, `dcterms:audience`) and its text."""

_PREFIXES = {"dc": DC, "dcterms": TERMS}


def elements(fields: Fields) -> list[Element]:
    """Return the elements; a topic is a subject by its address, where it has one, and by its name."""
    return [(name, _legal(text)) for name, text in _elements(fields) if _legal(text)]


def _elements(fields: Fields) -> Iterator[Element]:
    yield "dc:title", fields.title or fields.seo_title
    yield "dc:description", fields.description
    yield "dc:language", fields.language
    yield "dc:type", "Text"
    yield from (("dc:creator", each) for each in fields.authors)
    yield "dc:date", fields.published
    yield "dc:identifier", fields.url
    yield "dc:rights", fields.rights
    yield from (("dc:subject", tag) for tag in fields.tags)
    for topic in fields.topics:
        yield "dcterms:subject", topic.url or topic.id
        yield "dc:subject", topic.name
    yield from (("dcterms:audience", each) for each in fields.audience)
    yield from (("dcterms:references", each.url) for each in fields.names)


def write(there: str, fields: Fields, *, existing: Existing = "keep", name: str = "the file") -> str:
    """Return the XML with what is missing in it; `there` is the file as it is, empty for a new one.

    Elements of a name that stands there stay alone; with `add`, tags are added; with `replace`, ours take their place.
    """
    from lxml import etree  # type: ignore[import-untyped]

    root = _parsed(there, name) if there.strip() else etree.Element("metadata", nsmap={**_PREFIXES, "xsi": XSI})
    new = list(dict.fromkeys(elements(fields)))
    before = _read(root)
    stands = {each for each, _ in before}
    if existing == "replace":
        for child in [each for each in root if _name(each) in {tag for tag, _ in new}]:
            root.remove(child)
        stands = set()
    for tag, text in new:
        is_more = existing == "add" and tag == "dc:subject" and (tag, text) not in before
        if tag not in stands or is_more:
            _added(root, tag, text)
    if there.strip() and _read(root) == before:
        return there
    etree.indent(root)
    return str(etree.tostring(root, encoding="unicode")) + "\n"


def read(text: str, name: str = "the file") -> list[Element]:
    """Return the elements of a Dublin Core file, in order. Raises BadInput for what is no XML."""
    return _read(_parsed(text, name))


def _parsed(text: str, name: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput(f"{name} is no XML that can be read: {error}.", "It is as it was.") from None


def _read(root: Any) -> list[Element]:
    return [(name, (child.text or "").strip()) for child in root if (name := _name(child))]


def _name(child: Any) -> str:
    if not isinstance(child.tag, str):
        return ""
    address, _, local = child.tag.lstrip("{").rpartition("}")
    prefix = next((each for each, known in _PREFIXES.items() if known == address), "")
    return f"{prefix}:{local}" if prefix else ""


def _added(root: Any, tag: str, text: str) -> None:
    from lxml import etree

    prefix, _, local = tag.partition(":")
    etree.SubElement(root, f"{{{_PREFIXES[prefix]}}}{local}").text = text


def _legal(text: str) -> str:
    """Return a text without what XML can't hold."""
    kept = (each for each in text if each in "\t\n" or (each >= " " and not "\ud800" <= each <= "\udfff"))
    return " ".join("".join(each for each in kept if each not in "\ufffe\uffff").split())
