"""The platforms there are. Adding one is a file that meets `platform.Platform`, a line here, and a test."""

from collections.abc import Callable

from publishing.backstage import Backstage
from publishing.platform import Platform
from publishing.platforms.bluesky import Bluesky
from publishing.platforms.linkedin import LinkedIn
from publishing.platforms.mastodon import Mastodon
from publishing.platforms.newsletter import Newsletter
from publishing.platforms.site import FolderSite
from publishing.platforms.webhook import Webhook
from publishing.platforms.wordpress import WordPress
from publishing.platforms.x import X

PLATFORMS: dict[str, Callable[[Backstage], Platform]] = {
    "site": lambda backstage: FolderSite.at_home(backstage.home),
    "bluesky": Bluesky,
    "linkedin": LinkedIn,
    "mastodon": Mastodon,
    "newsletter": Newsletter,
    "webhook": Webhook,
    "wordpress": WordPress,
    "x": X,
}
"""Channel name -> what opens its sender."""
