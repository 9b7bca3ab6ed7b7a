"""What a payload depends on besides the draft itself."""

from datetime import date
from typing import Any

from pydantic import Field

from core.base import Noun
from core.works import Workspace


class Page(Noun):
    """A page of the creator's own that a post may carry as a card."""

    url: str
    title: str
    description: str = ""


class ComposeContext(Noun):
    """Everything that goes into a payload and doesn't stand in the draft. No clock: `date` is a parameter."""

    workspace: Workspace
    account: str
    locale: str  # BCP 47
    date: date  # the day the audience sees on the piece
    proposal_key: str  # stable for one piece over its revisions: the seed of its slug and guid
    provenance: dict[str, Any] = Field(default_factory=dict)  # `model` decides whether it counts as AI-drafted
    works: tuple[dict[str, Any], ...] = ()  # past works it leans on: id, title, url; a page's sidecar names them
    dids: dict[str, str] = Field(default_factory=dict)  # Bluesky: a handle in lower case -> its account's own id
    pages: tuple[Page, ...] = ()  # the creator's own pages among the links of the text
