"""A model server on loopback, and a client of it that does not wait between attempts."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from models import ModelConfig, open_model
from tests.fakes.openai_server import OpenAIServer, openai_server


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server() as running:
        yield running
        assert running.left == 0, "scripted answers that nobody asked for"


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    import models.client

    monkeypatch.setattr(models.client, "FIRST_PAUSE_S", 0.0)


def client_of(server: OpenAIServer, **settings: Any) -> Any:
    values: dict[str, Any] = {"name": "test", "model": "fake-1", "max_retries": 2, "timeout_s": 5, **settings}
    return open_model(ModelConfig(base_url=server.base_url, api_key=SecretStr(server.key), **values))
