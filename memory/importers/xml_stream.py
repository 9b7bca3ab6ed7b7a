"""XML as a stream of elements, for files larger than memory. Nothing is fetched and no entity is expanded."""

from collections.abc import Iterator
from typing import Any, Protocol

from memory.importers.material import Unreadable

Element = Any
"""An lxml element."""


class Readable(Protocol):
    """What XML is read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Read so many bytes."""


def elements(file: Readable, where: str) -> Iterator[tuple[str, Element]]:
    """Yield ("start" or "end", element). Unreadable, with the line, where the XML breaks or defines entities."""
    from lxml import etree  # type: ignore[import-untyped]

    options = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}
    try:
        for event, element in etree.iterparse(file, events=("start", "end"), **options):
            if event == "start" and element.getparent() is None:
                _refuse_entities(where, element)
            if isinstance(element.tag, str):
                yield event, element
    except etree.XMLSyntaxError as error:
        reason = f"is broken XML from here on ({error.msg or 'unreadable'})"
        raise Unreadable(f"{where}:{error.lineno or 1}", reason) from None


def name_of(element: Element) -> tuple[str, str]:
    """Return an element's (namespace, name)."""
    namespace, _, name = str(element.tag).rpartition("}")
    return namespace.removeprefix("{"), name


def let_go(element: Element) -> None:
    """Forget an element and those before it."""
    element.clear()
    while (before := element.getprevious()) is not None:
        element.getparent().remove(before)


def _refuse_entities(where: str, root: Element) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(iter(dtd.iterentities()), None) is not None:
        raise Unreadable(where, "defines XML entities of its own, which Greenroom does not expand")
