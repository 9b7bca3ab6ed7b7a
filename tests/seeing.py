"""A studio whose drafts are rehearsed, and whose pictures a hosted model sees: a script behind a server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.studio import Studio
from tests.conftest import Clock
from tests.fakes.openai_server import OpenAIServer, Say
from tests.making import make_studio


@contextmanager
def seeing_studio(folder: Path, eyes: OpenAIServer, now: datetime) -> Iterator[Studio]:
    """Open one on a home of its own until the block ends."""
    seen_by = {"model": "eyes-1", "base_url": eyes.base_url, "key_env": "EYES", "kind": "hosted"}
    models = {
        "models": {"eyes": {**seen_by, "capabilities": ["vision"], "max_retries": 0}},
        "routing": {"default": ["rehearsal"], "tasks": {"picture": ["eyes"]}},
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EYES", eyes.key)
        made = make_studio(folder, Clock(now), models=json.dumps(models))
        yield made
        made.close()


def sees(alt: str, **words: Any) -> Say:
    """Return what it says that it sees."""
    nothing = {"caption": "", "title": "", "keywords": [], "text_in_picture": "", "unsure": ""}
    return Say(text=json.dumps({"alt": alt, **nothing, **words}))
