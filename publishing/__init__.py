"""What reaches platforms, and only what a person approved."""

from publishing.desk import Desk, open_desk
from publishing.platform import Approved, Platform
from publishing.platforms import PLATFORMS
from publishing.report import DispatchReport
from publishing.settings import DeskSettings
from publishing.wire import ComposeContext, compose

__all__ = [
    "PLATFORMS",
    "Approved",
    "ComposeContext",
    "Desk",
    "DeskSettings",
    "DispatchReport",
    "Platform",
    "compose",
    "open_desk",
]
