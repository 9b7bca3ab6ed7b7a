"""Nouns and pure rules: no I/O, no SDK, no clock (`now` is a parameter)."""
