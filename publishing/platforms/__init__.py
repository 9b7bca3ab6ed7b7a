"""The platforms there are. Adding one is a file that meets `platform.Platform`, a line here, and a test."""

from collections.abc import Callable

from publishing.backstage import Backstage
from publishing.platform import Platform
from publishing.platforms.site import FolderSite

PLATFORMS: dict[str, Callable[[Backstage], Platform]] = {
    "site": lambda backstage: FolderSite.at_home(backstage.home),
}
"""Channel name -> what opens its sender."""
