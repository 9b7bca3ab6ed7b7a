"""The typefaces that ship, those in a home, those of the machine, and which of them has a character."""

from media.typefaces.shelf import Shelf, Typeface, script_of

__all__ = ["Shelf", "Typeface", "script_of"]
