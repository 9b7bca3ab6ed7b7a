"""The model endpoints of a home: from `models.toml`, from GREENROOM_MODELS, or the one that the environment names."""

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr, ValidationError

from app.settings import DEFAULT_MODEL, Settings, secret_named
from core.base import Noun
from core.errors import BadInput

if TYPE_CHECKING:
    from models import ModelConfig, Routing

FILE = "models.toml"
_KEYS = ("key_env", "key_keyring", "api_key")
_HELP = "docs/models.md shows the form."


class Endpoints(Noun):
    """What is set up: endpoints in their order, how calls are routed, and the currency of their prices."""

    endpoints: tuple[Any, ...] = ()  # ModelConfig; its room is imported when it is needed
    routing: Any = None
    currency: str = "USD"
    source: str = "environment"


def read_endpoints(settings: Settings) -> Endpoints:
    """Return the endpoints. GREENROOM_MODELS goes before `models.toml` in the home, which goes before single settings.

    Raises BadInput that names the file and the field.
    """
    told, source = _told(settings)
    if told is None:
        return Endpoints(endpoints=_of_environment(settings), currency=settings.currency)
    models = told.get("models", {})
    if not isinstance(models, dict):
        raise BadInput(f"{source}: `models` is no table of endpoints.", _HELP)
    endpoints = tuple(_endpoint(source, name, each, settings) for name, each in models.items())
    routing = _routing(source, told.get("routing", {}))
    unknown = sorted(routing.named() - {each.name for each in endpoints} - {"rehearsal"})
    if unknown:
        raise BadInput(f"{source}: routing names “{unknown[0]}”, which is no endpoint.", _HELP)
    rest = sorted(set(told) - {"models", "routing", "currency"})
    if rest:
        raise BadInput(f"{source}: `{rest[0]}` is not understood.", _HELP)
    currency = str(told.get("currency", settings.currency))
    return Endpoints(endpoints=endpoints, routing=routing, currency=currency, source=source)


def _told(settings: Settings) -> tuple[dict[str, Any] | None, str]:
    given = settings.models.strip()
    if given.startswith("{"):
        return _read("GREENROOM_MODELS", given, json.loads), "GREENROOM_MODELS"
    path = Path(given).expanduser() if given else settings.home / FILE
    if not path.is_file():
        if given:
            raise BadInput(f"GREENROOM_MODELS names {path}, which is no file.", _HELP)
        return None, ""
    loads = json.loads if path.suffix == ".json" else tomllib.loads
    return _read(str(path), path.read_text(encoding="utf-8"), loads), path.name


def _read(source: str, text: str, loads: Any) -> dict[str, Any]:
    try:
        value = loads(text)
    except ValueError as error:  # of JSON and of TOML: both name line and column
        raise BadInput(f"{source} can't be read: {error}.", _HELP) from None
    if not isinstance(value, dict):
        raise BadInput(f"{source} is no table.", _HELP)
    return value


def _endpoint(source: str, name: str, told: Any, settings: Settings) -> "ModelConfig":
    from models import ModelConfig

    where = f"{source}: models.{name}"
    if not isinstance(told, dict) or not told.get("model"):
        raise BadInput(f"{where} has no `model`, the server's name of it.", _HELP)
    if name == "rehearsal":
        raise BadInput(f"{where}: that name is the rehearsal model's.", "Give the endpoint another one.")
    plain = {key: value for key, value in told.items() if key not in _KEYS}
    defaults = {"timeout_s": settings.model_timeout_s}
    try:
        return ModelConfig(name=name, api_key=_key(where, told), **{**defaults, **plain})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise BadInput(f"{where}.{field} can't be used: {first['msg']}.", _HELP) from None


def _key(where: str, told: dict[str, Any]) -> SecretStr | None:
    """Return an endpoint's key, from where it is kept. A key that stands in the file itself is refused."""
    if "api_key" in told:
        raise BadInput(f"{where}: a key has no place in this file.", "Say key_env or key_keyring, where it is kept.")
    for form in ("key_env", "key_keyring"):
        if name := told.get(form):
            found = secret_named(str(name), keyring=form == "key_keyring")
            if found is None:
                raise BadInput(f"{where}.{form}: there is no key called {name!r}.", _how(form, str(name)))
            return found
    return None


def _how(form: str, name: str) -> str:
    if form == "key_env":
        return f"Set the environment variable {name}."
    return f"Put it there with: keyring set greenroom {name}"


def _routing(source: str, told: Any) -> "Routing":
    from models import Routing

    try:
        return Routing.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BadInput(f"{source}: routing.{where} can't be used: {first['msg']}.", _HELP) from None


def _of_environment(settings: Settings) -> "tuple[ModelConfig, ...]":
    from models import ModelConfig

    s = settings
    name = s.model or (DEFAULT_MODEL if s.api_key and not s.model_url else None)
    if name is None:
        return ()
    return (
        ModelConfig(
            name="default",
            model=name,
            base_url=s.model_url,
            api_key=s.api_key,
            kind=s.model_kind,
            timeout_s=s.model_timeout_s,
            responses_api=s.responses_api,
            price_in=s.price_in,
            price_out=s.price_out,
            price_cached=s.price_cached,
            max_output=s.max_output,
        ),
    )
