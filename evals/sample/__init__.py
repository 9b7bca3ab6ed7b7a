"""The sample creator: a back catalogue of ours that a new workspace can start with (see `tidewater/CARD.md`)."""

from pathlib import Path
from typing import NamedTuple


class SampleWorkspace(NamedTuple):
    """What `greenroom init` would be told for the sample creator."""

    name: str
    timezone: str  # IANA
    locale: str  # BCP 47
    accounts: dict[str, str]  # channel -> account name as the audience sees it
    ask: str  # a first brief that suits the material


WORKSPACE = SampleWorkspace(
    name="Tidewater Letters",
    timezone="Europe/Oslo",
    locale="en",
    accounts={
        "bluesky": "tidewater.example",
        "mastodon": "@ines@tidewater.example",
        "linkedin": "Tidewater Letters",
        "newsletter": "Tidewater Letters",
        "site": "tidewater.example",
    },
    ask="Announce episode 41, The slow harbour",
)


def folder() -> Path:
    """Return the folder to import: 26 past works in six formats."""
    return _here() / "works"


def brief_source() -> Path:
    """Return the notes for a new episode, to be used as a brief's source material."""
    return _here() / "brief-source.md"


def _here() -> Path:
    return Path(__file__).parent / "tidewater"
