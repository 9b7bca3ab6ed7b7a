"""Backups of a home, and the way back: consistent while others write, encrypted, read again after writing."""

from memory.backup.checking import ArchiveCheck, check_archive
from memory.backup.key import BackupKey, home_key, key_path
from memory.backup.making import BackupReport, PlaceReport, back_up
from memory.backup.place import Kept, Place, open_place
from memory.backup.restoring import RestoreReport, restore
from memory.backup.sealed import Damaged

__all__ = [
    "ArchiveCheck",
    "BackupKey",
    "BackupReport",
    "Damaged",
    "Kept",
    "Place",
    "PlaceReport",
    "RestoreReport",
    "back_up",
    "check_archive",
    "home_key",
    "key_path",
    "open_place",
    "restore",
]
