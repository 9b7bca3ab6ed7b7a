"""What is to be forgotten, as somebody asks for it."""

from typing import Literal

from core.base import Noun

Kind = Literal["work", "person", "source", "workspace"]


class Wish(Noun):
    """One request. `named`: a person's name or address, or a source; `sources`: what a path on disk was read as."""

    kind: Kind
    workspace: str
    works: tuple[str, ...] = ()
    named: str = ""
    sources: tuple[str, ...] = ()
    mentions: bool = False  # person: also where other texts name them
    also_decided: bool = False  # also the words of what was proposed, decided or published
