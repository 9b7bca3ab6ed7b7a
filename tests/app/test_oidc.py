"""Signing in with an OpenID provider: who is linked comes in, and nothing that is forged, stale or replayed."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import argon2
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import ECKey

from app.accounts.oidc import Provider, provider_of
from app.accounts.opening import Wanted, open_account
from app.settings import Settings
from core.errors import NotAllowed, WrongUse
from tests.app.test_accounts import HERE, INES, web
from tests.app.translating import small_studio
from tests.conftest import Clock
from tests.fakes.oidc_fake import CLIENT, SECRET, FakeProvider


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    fake = FakeProvider()
    yield fake
    fake.close()


@pytest.fixture
def client(
    tmp_path: Path, clock: Clock, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    cheap = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)  # argon2 itself, less of it
    monkeypatch.setattr(argon2, "PasswordHasher", cheap)
    studio = small_studio(tmp_path, clock, user="Ines")
    open_account(studio, Wanted("Ines", None, None, INES), by="Ines", secret=None)
    mats = Wanted("Mats", "editor", None, None, "mats@example.org", provider.issuer + "/")
    open_account(studio, mats, by="Ines", secret=INES)
    app = web(studio, oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    with TestClient(app, base_url=HERE, headers={"origin": HERE}, follow_redirects=False) as made:
        yield made
    studio.close()


def come_back(client: TestClient, provider: FakeProvider, **forged: str) -> Any:
    there = client.get("/login/oidc?next=/works")
    return client.get("/login/oidc/back", params=provider.consent(there.headers["location"]) | forged)


def test_who_is_linked_comes_in(client: TestClient, provider: FakeProvider) -> None:
    assert "Sign in with 127.0.0.1" in client.get("/login").text
    told = come_back(client, provider)
    assert (told.status_code, told.headers["location"]) == (303, "/works")
    assert "Mats" in client.get("/account").text


def test_nothing_else_does(client: TestClient, provider: FakeProvider) -> None:
    wrong: list[dict[str, Any]] = [
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"iss": "https://evil.example"},
        {"nonce": "x"},
        {"exp": 1000},
        {"sub": None},
        {"email_verified": False},
        {"email": "eve@example.org"},
    ]
    for claims in wrong:
        provider.claims = claims
        assert come_back(client, provider).status_code == 403, claims
    provider.claims = {}
    assert come_back(client, provider, state="x").status_code == 403
    assert come_back(client, provider, code="code-99").status_code == 403
    provider.signs_with = ECKey.generate_key("P-256", {"kid": "one"})
    assert come_back(client, provider).status_code == 403
    provider.signs_with = provider.key
    back = provider.consent(client.get("/login/oidc").headers["location"])
    client.cookies.clear()  # another browser
    assert client.get("/login/oidc/back", params=back).status_code == 403
    assert client.get("/account").status_code == 401


def test_half_of_a_provider_and_an_open_one_are_refused(provider: FakeProvider) -> None:
    with pytest.raises(WrongUse, match="needs"):
        provider_of(Settings(oidc_issuer=provider.issuer))
    with pytest.raises(WrongUse, match="no https"):
        provider_of(Settings(oidc_issuer="http://id.example", oidc_client_id="a", oidc_client_secret="b"))
    with pytest.raises(NotAllowed, match="says it is"):
        Provider(provider.issuer.replace("us", "them"), CLIENT, SECRET).begin(HERE)
