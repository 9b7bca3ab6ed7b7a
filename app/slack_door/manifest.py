"""The manifest from which Slack makes the app in one step."""

import json
from importlib.resources import files
from typing import Any

from app.slack_door.running import PATH


def manifest(url: str | None = None) -> dict[str, Any]:
    """Return it: for Socket Mode, or for requests to `url` (https)."""
    made: dict[str, Any] = json.loads(files("app.slack_door").joinpath("manifest.json").read_text(encoding="utf-8"))
    if url is None:
        return made
    address = url.rstrip("/") + PATH
    settings, features = made["settings"], made["features"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"]["request_url"] = address
    settings["interactivity"]["request_url"] = address
    for command in features["slash_commands"]:
        command["url"] = address
    return made
