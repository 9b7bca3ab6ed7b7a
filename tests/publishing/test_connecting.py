"""What channels need, and what a person gives for them."""

import sys
from pathlib import Path

import pytest

from core.channels import channels
from core.errors import BadInput
from publishing.connecting import NEEDS, Field, Wanted, wanted
from publishing.credentials import Secret
from publishing.platforms import PLATFORMS
from publishing.platforms.webhook import signing_keys
from publishing.settling import new_signing_secret, same_account, settled

ROOT = Path(__file__).parents[2]


def test_every_channel_that_can_be_sent_to_says_what_it_needs() -> None:
    assert set(PLATFORMS) <= set(NEEDS)
    assert set(NEEDS) <= {each.name for each in channels()}
    labels = {each.name: each.label for each in channels()}
    assert {name: need.label for name, need in NEEDS.items()} == {name: labels[name] for name in NEEDS}


@pytest.mark.parametrize("need", NEEDS.values(), ids=NEEDS)
def test_the_data_is_in_order(need: Wanted) -> None:
    names = [field.name for field in need.fields]
    assert len(names) == len(set(names))
    assert {"password", "token", "secret", "key"}.isdisjoint(
        word for field in need.plain for word in field.name.split("_")
    )
    for field in need.fields:
        assert (field.kind == "choice") is bool(field.choices)
        assert not (field.secret and (field.default or field.kind != "text"))
        assert field.default is None or field.kind != "choice" or field.default in field.choices


def test_settings_and_secrets_are_told_apart_with_defaults() -> None:
    settings, secrets = settled(
        NEEDS["newsletter"],
        {"host": " smtp.example ", "password": "p4ss", "from_address": "ines@tidewater.example", "user": ""},
    )
    assert settings == {
        "host": "smtp.example",
        "port": 587,
        "security": "starttls",
        "from_address": "ines@tidewater.example",
    }
    assert secrets == {"password": "p4ss"}
    assert settled(NEEDS["bluesky"], {"app_password": "x"})[0] == {"service": "https://bsky.social"}
    assert settled(NEEDS["mastodon"], {"server": "https://m.example/", "access_token": "x"})[0] == {
        "server": "https://m.example"
    }


@pytest.mark.parametrize(
    "url",
    ["http://m.example", "m.example", "ftp://m.example", "https://ines:s3cret@m.example", "https:///x", "javascript:x"],
)
def test_credentials_go_nowhere_in_clear(url: str) -> None:
    with pytest.raises(BadInput) as caught:
        settled(NEEDS["mastodon"], {"server": url, "access_token": "x"})
    assert "s3cret" not in caught.value.message + caught.value.hint


def test_what_is_off_is_named_and_no_secret_is_quoted() -> None:
    with pytest.raises(BadInput, match=r"needs more: server \(Server\)"):
        settled(NEEDS["mastodon"], {"access_token": "s3cret"})
    with pytest.raises(BadInput, match="has no colour"):
        settled(NEEDS["mastodon"], {"colour": "s3cret", "access_token": "s3cret"})
    with pytest.raises(BadInput) as caught:
        settled(
            Wanted(label="T", account="a", fields=(Field(name="port", label="Port", kind="number"),)), {"port": "0"}
        )
    assert "is no port" in caught.value.message
    with pytest.raises(BadInput, match="no channel that can be connected") as caught:
        wanted("instagram")
    assert caught.value.hint.startswith("These can: bluesky, linkedin")
    assert wanted(" Bluesky ") is NEEDS["bluesky"]


@pytest.mark.parametrize(
    ("given", "seen", "same"),
    [
        ("@ines.example", "ines.example", True),
        ("@Ines.Example", "@ines.example", True),
        ("@ines@tidewater.example", "ines", True),
        ("@ines@tidewater.example", "@ines@tidewater.example", True),
        ("@ines@tidewater.example", "@ines@other.example", False),
        ("@ines@tidewater.example", "mats", False),
        ("ines", "ines.example", False),
        ("@ines.example", "@mats.example", False),
        ("@ines", "", False),
    ],
)
def test_an_account_is_the_same_whatever_its_at_signs(given: str, seen: str, same: bool) -> None:
    assert same_account(given, seen) is same


def test_a_signing_secret_that_is_made_can_be_signed_with() -> None:
    made = {new_signing_secret() for _ in range(5)}
    assert len(made) == 5
    for each in made:
        [key] = signing_keys(Secret(values={"signing_secret": each}))
        assert len(key) == 32


def test_the_docs_list_what_is_needed() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    from write_docs import filled

    assert (ROOT / "docs" / "channels.md").read_text(encoding="utf-8") == filled("docs/channels.md"), "run: make docs"
