"""XMP packets: read what they say of a picture, and say it anew without losing what else stands there.

A packet is a file that somebody else made: one with a document type, and so with entities that could grow, is refused.
"""

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from core.errors import BadInput
from core.picture_words import MOST_KEYWORDS, PictureWords, SourceType

Element = Any
"""An element of lxml, which has no types."""

LARGEST = 4 * 1024 * 1024  # bytes of a packet
PADDING = 1024  # room for other programs to write in place

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SPACES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
_FIELDS = {  # our name: its property, and how its values are kept
    "title": ("dc", "title", "Alt"),
    "description": ("dc", "description", "Alt"),
    "keywords": ("dc", "subject", "Bag"),
    "creators": ("dc", "creator", "Seq"),
    "rights": ("dc", "rights", "Alt"),
    "alt": ("Iptc4xmpCore", "AltTextAccessibility", "Alt"),
    "source_type": ("Iptc4xmpExt", "DigitalSourceType", ""),
    "tool": ("xmp", "CreatorTool", ""),
}
_MANY = ("keywords", "creators")
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def read_packet(packet: bytes, name: str = "the picture") -> PictureWords:
    """Return what a packet says. Raises BadInput, by `name`, for one that is broken, too large or hostile."""
    root = _tree(packet, name)
    found: dict[str, Any] = {}
    for field in _FIELDS:
        values = _values(root, field)
        found[field] = tuple(values[:MOST_KEYWORDS]) if field in _MANY else (values[0] if values else "")
    kind = found["source_type"].rstrip("/").rsplit("/", 1)[-1]
    found["source_type"] = kind if kind in get_args(SourceType) else ""
    return _within(found)


def write_packet(words: PictureWords, there: bytes | None = None, name: str = "the picture") -> bytes:
    """Return a packet that says these words; of the packet that is there, all that these don't replace is kept."""
    from lxml import etree  # type: ignore[import-untyped]

    root = _tree(there, name) if there else _empty()
    first = next(root.iter(f"{_RDF}Description"), None)
    if first is None:
        raise BadInput(f"What {name} says of itself (XMP) has no description.", "Write it beside: --write sidecar")
    for field, value in words:
        if value:
            _remove(root, field)
            first.append(_element(field, value if field in _MANY else (value,)))
    etree.cleanup_namespaces(root, keep_ns_prefixes=[*_SPACES])
    body = etree.tostring(root, encoding="unicode", pretty_print=there is None)
    start = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    return f'{start}{body}\n{" " * PADDING}\n<?xpacket end="w"?>'.encode()


def _tree(packet: bytes, name: str) -> Element:
    """Return the packet's root, parsed without network or entities, in bounds; the wrapper around it may be missing."""
    from lxml import etree

    if len(packet) > LARGEST:
        raise BadInput(f"What {name} says of itself (XMP) has more than {LARGEST:,} bytes: it is not read.")
    if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        raise BadInput(f"What {name} says of itself (XMP) declares entities: that is hostile, and not read.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        wide = packet[:2] in (b"\xff\xfe", b"\xfe\xff")  # UTF-16, in which half the bytes are zero
        root = etree.fromstring(packet if wide else packet.strip().strip(b"\0"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        said = str(error).split("\n", 1)[0][:100]
        raise BadInput(f"What {name} says of itself (XMP) is broken: {said}.", "Write it beside: a sidecar.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadInput(f"What {name} says of itself (XMP) declares entities: that is hostile, and not read.")
    return root


def _empty() -> Element:
    from lxml import etree

    root = etree.Element(f"{{{_SPACES['x']}}}xmpmeta", nsmap=_SPACES)
    rdf = etree.SubElement(root, f"{_RDF}RDF")
    etree.SubElement(rdf, f"{_RDF}Description", {f"{_RDF}about": ""})
    return root


def _named(field: str) -> str:
    space, name, _kept = _FIELDS[field]
    return f"{{{_SPACES[space]}}}{name}"


def _values(root: Element, field: str) -> list[str]:
    """Return a property's values; of several languages, the default one's."""
    values: list[str] = []
    for about in root.iter(f"{_RDF}Description"):
        if _named(field) in about.attrib:
            values.append(str(about.attrib[_named(field)]))
        for element in about.findall(_named(field)):
            values += _items(element, field)
    return [each.strip() for each in values if each.strip()]


def _items(element: Element, field: str) -> Iterator[str]:
    items = list(element.iter(f"{_RDF}li"))
    if not items:
        yield element.text or ""
        return
    if _FIELDS[field][2] == "Alt":
        items = [next((each for each in items if each.get(_LANG) in ("x-default", None)), items[0])]
    yield from ("".join(each.itertext()) for each in items)


def _remove(root: Element, field: str) -> None:
    for about in root.iter(f"{_RDF}Description"):
        about.attrib.pop(_named(field), None)
        for element in about.findall(_named(field)):
            about.remove(element)


def _element(field: str, values: Sequence[str]) -> Element:
    from lxml import etree

    element = etree.Element(_named(field), nsmap=_SPACES)
    kept = _FIELDS[field][2]
    if not kept:
        element.text = _SOURCE_TYPES + values[0] if field == "source_type" else values[0]
        return element
    row = etree.SubElement(element, f"{_RDF}{kept}")
    for value in values:
        item = etree.SubElement(row, f"{_RDF}li", {_LANG: "x-default"} if kept == "Alt" else {})
        item.text = value
    return element


def _within(found: dict[str, Any]) -> PictureWords:
    """Return what was read, cut to what we keep: another program's words may be longer than ours."""
    for name, field in PictureWords.model_fields.items():
        most = next((each.max_length for each in field.metadata if hasattr(each, "max_length")), None)
        if most and name in found:
            found[name] = found[name][:most]
    return PictureWords.model_validate(found)
