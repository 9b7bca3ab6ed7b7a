"""A creator's raw notes: what may be told of them, in which order of importance, and what stays back."""

from models.rehearsal.noting.notes import Note, Notes, are_notes, notes_of, read_notes

__all__ = ["Note", "Notes", "are_notes", "notes_of", "read_notes"]
