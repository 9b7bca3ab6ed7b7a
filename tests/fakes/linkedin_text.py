"""LinkedIn's `little` text, read a second time so that the fake doesn't believe the code it tests.

Taken from LinkedIn's page on the format: reserved characters need a backslash; mentions, hashtags and the hashtag
template are its only elements.
"""

import re

_PIECE = re.compile(
    r"""
    (?P<escaped>\\[\\{}@\[\]()<>\#*_~|])
    | (?P<mention>@\[(?P<name>(?:\\.|[^\\{}@\[\]()<>\#*_~|])+)\]\(urn:li:(?:person|organization):[\w-]+\))
    | (?P<template>\{hashtag\|\\?[\#＃]\|(?P<tag>\w+)\})
    | (?P<hashtag>(?<!\w)\#\w+)
    | (?P<plain>[^\\{}@\[\]()<>\#*_~|]+)
    """,
    re.VERBOSE,
)


def understood(commentary: str) -> tuple[str, str]:
    """Return the part of a commentary that LinkedIn keeps, as sent, and what a reader sees of it."""
    at, shown = 0, ""
    while found := _PIECE.match(commentary, at):
        at = found.end()
        if found["escaped"]:
            shown += found["escaped"][1]
        elif found["mention"]:
            shown += re.sub(r"\\(.)", r"\1", found["name"])
        elif found["template"]:
            shown += "#" + found["tag"]
        else:
            shown += found.group()
    return commentary[:at], shown
