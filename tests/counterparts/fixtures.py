"""The counterparts as fixtures, loaded for all tests; each server starts when the first test asks for it.

A server is started once in a run: tests that use the same one go to the same worker (`--dist loadgroup`).
"""

from collections.abc import Iterator

import pytest

from tests.counterparts.bluesky import BlueskyServer
from tests.counterparts.mail import MailServer
from tests.counterparts.postgresql import PostgreSQLServer
from tests.counterparts.wordpress import WordPressServer

SHARED = ("wordpress", "bluesky", "postgresql")  # a test that uses two goes where the first is


def pytest_configure(config: pytest.Config) -> None:
    """Let a mail server ask for a password without TLS: on loopback that is what a test may want."""
    config.addinivalue_line("filterwarnings", "ignore:Requiring AUTH while not requiring TLS")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Put the tests of one server into one group."""
    if item.get_closest_marker("xdist_group") is None:
        used = [name for name in SHARED if name in getattr(item, "fixturenames", ())]
        if used:
            item.add_marker(pytest.mark.xdist_group(used[0]))


@pytest.fixture(scope="session")
def bluesky() -> Iterator[BlueskyServer]:
    """A real Bluesky server; make an account of your own on it."""
    with BlueskyServer.start() as server:
        yield server


@pytest.fixture(scope="session")
def wordpress() -> Iterator[WordPressServer]:
    """A real WordPress; other tests post to it too."""
    with WordPressServer.start() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQLServer]:
    """A real PostgreSQL; take a `new_database()`."""
    with PostgreSQLServer.start() as server:
        yield server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A real mail server without TLS or a password, for this test alone."""
    with MailServer.start() as server:
        yield server
