"""What a person gives for a channel, checked against what it needs."""

import base64
import secrets
from collections.abc import Mapping
from typing import Any

from core.errors import BadInput, NotConnected
from publishing.addresses import sealed
from publishing.connecting import Field, Wanted


def settled(need: Wanted, given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return (settings, secrets), checked, with defaults. Raises BadInput, which never shows a secret's value."""
    values = {name: value.strip() for name, value in given.items()}
    known = {field.name for field in need.fields}
    if strangers := sorted(values.keys() - known):
        named = ", ".join(field.name for field in need.fields) or "nothing"
        raise BadInput(f"{need.label} has no {', '.join(strangers)}.", f"It takes: {named}.")
    if missing := [field for field in need.fields if field.required and not (values.get(field.name) or field.default)]:
        raise BadInput(_missing(need, missing), "; ".join(_how(field) for field in missing))
    settings = {field.name: _checked(field, values.get(field.name) or field.default or "") for field in need.plain}
    hidden = {field.name: values[field.name] for field in need.secrets if values.get(field.name)}
    return {name: value for name, value in settings.items() if value != ""}, hidden


def same_account(given: str, seen: str) -> bool:
    """Say whether a platform's name for an account is the one that a person gave: @Ines is ines, or ines@this.server"""
    ours, theirs = (name.strip().removeprefix("@").casefold() for name in (given, seen))
    return ours == theirs or ("@" not in theirs and ours.partition("@")[0] == theirs and "@" in ours)


def new_signing_secret() -> str:
    """Return a random secret in the form that webhooks are signed with: whsec_ and base64 of 32 bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _missing(need: Wanted, missing: list[Field]) -> str:
    return f"{need.label} needs more: {', '.join(f'{field.name} ({field.label})' for field in missing)}."


def _how(field: Field) -> str:
    if field.secret:
        return f"--secret {field.name}=- reads it from the standard input, --secret-file {field.name}=PATH from a file"
    return f"--set {field.name}=…"


def _checked(field: Field, value: str) -> Any:
    if not value:
        return ""
    if field.kind == "number":
        if not (value.isdecimal() and 0 < int(value) < 65536):
            raise BadInput(f"{field.name} {value!r} is no port.")
        return int(value)
    if field.kind == "choice" and value not in field.choices:
        raise BadInput(f"{field.name} can't be {value!r}.", f"It is one of: {', '.join(field.choices)}.")
    if field.kind == "url":
        try:
            return sealed(value, "https://example.org").rstrip("/")
        except NotConnected as no:
            raise BadInput(f"{field.name} can't be used: {no.message}", no.hint) from None
    return value
