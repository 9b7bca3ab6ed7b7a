"""The platforms there are. Adding one is a file that meets `platform.Platform`, a line here, and a test."""

from collections.abc import Callable
from pathlib import Path

from publishing.platform import Platform
from publishing.platforms.site import FolderSite

PLATFORMS: dict[str, Callable[[Path], Platform]] = {
    "site": FolderSite.at_home,
}
"""Channel name -> what opens its sender, given Greenroom's home."""
