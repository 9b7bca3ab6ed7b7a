"""Exports: a workspace as a folder in open forms, readable without Greenroom, and the way back."""

from memory.export.bag import is_bag
from memory.export.bringing import Brought
from memory.export.exports import BroughtIn, ExportCheck, Exports
from memory.export.making import ExportReport
from memory.export.merging import Merged
from memory.export.stilling import Stilled

__all__ = ["Brought", "BroughtIn", "ExportCheck", "ExportReport", "Exports", "Merged", "Stilled", "is_bag"]
