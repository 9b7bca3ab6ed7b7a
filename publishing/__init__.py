"""What reaches platforms, and only what a person approved."""

from publishing.credentials import Credentials, Secret
from publishing.desk import Desk, open_desk
from publishing.front import FrontDesk
from publishing.platform import Approved, Platform
from publishing.platforms import PLATFORMS
from publishing.report import DispatchReport
from publishing.settings import DeskSettings
from publishing.wire import ComposeContext, compose

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
