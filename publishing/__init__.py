"""What reaches platforms, and only what a person approved.

The agent, which drafts, imports this too: so whatever sends or holds credentials is only imported when it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from publishing.front import FrontDesk
from publishing.wire import ComposeContext, compose

if TYPE_CHECKING:
    from publishing.credentials import Credentials, Secret
    from publishing.desk import Desk, open_desk
    from publishing.platform import Approved, Platform
    from publishing.platforms import PLATFORMS
    from publishing.report import DispatchReport
    from publishing.settings import DeskSettings
else:
    _BACKSTAGE = {
        "Approved": "publishing.platform",
        "Credentials": "publishing.credentials",
        "Desk": "publishing.desk",
        "DeskSettings": "publishing.settings",
        "DispatchReport": "publishing.report",
        "PLATFORMS": "publishing.platforms",
        "Platform": "publishing.platform",
        "Secret": "publishing.credentials",
        "open_desk": "publishing.desk",
    }

    def __getattr__(name: str) -> Any:
        if name not in _BACKSTAGE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_BACKSTAGE[name]), name)


__all__ = [
    "PLATFORMS",
    "Approved",
    "ComposeContext",
    "Credentials",
    "Desk",
    "DeskSettings",
    "DispatchReport",
    "FrontDesk",
    "Platform",
    "Secret",
    "compose",
    "open_desk",
]
