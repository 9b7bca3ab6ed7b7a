"""Files and archives in, pieces out: one module a format; `formats.py` lists them and says how to add one."""

from memory.importers.formats import IMPORTERS, READABLE, SERVICES
from memory.importers.harvest import Harvest, Reading, collect, read
from memory.importers.material import Failure, LeftOut, Unreadable

__all__ = [
    "IMPORTERS",
    "READABLE",
    "SERVICES",
    "Failure",
    "Harvest",
    "LeftOut",
    "Reading",
    "Unreadable",
    "collect",
    "read",
]
