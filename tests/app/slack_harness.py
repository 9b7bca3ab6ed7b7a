"""The real door against our fake of Slack, over HTTP: in a thread of this process, with an event loop of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from app.settings import Settings
from app.slack_door.door import SlackDoor
from app.slack_door.people import issuer
from app.slack_door.running import PATH, http_app, opened, socket_mode
from app.studio import Studio
from tests.app.chat_server import free_port
from tests.fakes.slack_fake import APP, BOT, CHANNEL, SIGNING, TEAM, FakeSlack, Person, wait_for

SECRETS = {"Ines": "three small boats", "Mats": "four grey harbours", "Vera": "five tall lamps"}
USERS = {"Ines": "U0INES", "Mats": "U0MATS", "Vera": "U0VERA"}


def settings_for(slack: FakeSlack) -> dict[str, object]:
    """Return the settings that connect a studio to the fake."""
    return {
        "slack_bot_token": BOT, "slack_app_token": APP, "slack_signing_secret": SIGNING,
        "slack_channel": CHANNEL, "slack_api_url": slack.api, "user": "Ines",
    }  # fmt: skip


def people(studio: Studio) -> None:
    """Make an owner, an editor and a viewer, each linked to somebody in Slack."""
    space, members = studio.workspace.id, studio.memory.members
    members.set_secret(space, "Ines", SECRETS["Ines"], by="Ines")
    for name, role in (("Mats", "editor"), ("Vera", "viewer")):
        members.add(space, name, role, by="Ines", secret=SECRETS["Ines"], new_secret=SECRETS[name])  # type: ignore[arg-type]
    for name, user in USERS.items():
        studio.memory.identities.link(space, name, issuer(TEAM), user, by="Ines", secret=SECRETS["Ines"])


def with_slack(studio: Studio, slack: FakeSlack) -> Studio:
    """Return the same studio, connected to the fake."""
    chosen = Settings(**(studio.settings.model_dump() | settings_for(slack)))
    return Studio(chosen, studio.memory, clock=studio.clock)


@dataclass
class Open:
    """A door that is open. `url` takes Slack's requests."""

    slack: FakeSlack
    studio: Studio
    url: str
    door: SlackDoor

    def person(self, name: str) -> Person:
        """Return somebody in Slack; an unknown name is a stranger's id."""
        return Person(self.slack, self.url, USERS.get(name, name))


@contextmanager
def open_slack(studio: Studio, slack: FakeSlack, *, over: str = "http") -> Iterator[Open]:
    """Open the door until the block ends."""
    port, started, found, stop = free_port(), threading.Event(), list[SlackDoor](), list[object]()

    async def run() -> None:
        ended = asyncio.Event()
        stop.extend((asyncio.get_running_loop(), ended))
        async with opened(with_slack(studio, slack)) as door:
            found.append(door)
            if over == "socket":
                async with socket_mode(door):
                    started.set()
                    await ended.wait()
                return
            config = uvicorn.Config(http_app(door), host="127.0.0.1", port=port, log_level="error")
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            started.set()
            await ended.wait()
            server.should_exit = True
            await serving

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert started.wait(20)
    try:
        yield Open(slack, studio, f"http://127.0.0.1:{port}{PATH}", found[0])
    finally:
        stop[0].call_soon_threadsafe(stop[1].set)  # type: ignore[attr-defined]
        thread.join(20)


__all__ = ["CHANNEL", "SECRETS", "USERS", "Open", "Path", "open_slack", "people", "wait_for", "with_slack"]
