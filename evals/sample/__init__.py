"""The sample creator: a back catalogue of ours that a new workspace can start with (see `tidewater/CARD.md`)."""

from pathlib import Path

import yaml

from core.base import Noun

_HERE = Path(__file__).parent / "tidewater"


class SampleWorkspace(Noun):
    """What `greenroom init` would be told for the sample creator, and a first brief that suits the material."""

    name: str
    timezone: str  # IANA
    locale: str  # BCP 47
    accounts: dict[str, str]  # channel -> account name as the audience sees it
    ask: str


def workspace() -> SampleWorkspace:
    """Return what `workspace.yaml` says."""
    return SampleWorkspace.model_validate(yaml.safe_load((_HERE / "workspace.yaml").read_text(encoding="utf-8")))


def folder() -> Path:
    """Return the folder to import: 26 past works in six formats."""
    return _HERE / "works"


def brief_source() -> Path:
    """Return the notes for a new episode, to be used as a brief's source material."""
    return _HERE / "brief-source.md"
