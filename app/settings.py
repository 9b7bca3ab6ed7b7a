"""Every setting, typed and read once: the only reader of the environment."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from memory.embedding import Endpoint


def _aliases(*names: str) -> AliasChoices:
    return AliasChoices(*names)


class Settings(BaseSettings):
    """What the environment says. A command's own flags win over it."""

    model_config = SettingsConfigDict(
        env_prefix="GREENROOM_", frozen=True, extra="ignore", populate_by_name=True, protected_namespaces=()
    )

    home: Path = Path.home() / ".greenroom"
    """Where everything is kept: database, index, files, the own site."""

    workspace: str | None = None
    """Which workspace to use; without it, the one that was chosen last."""

    cache: Path = Path.home() / ".cache" / "greenroom"
    """Where the exported embedding model is cached; safe to delete."""

    database_url: str | None = Field(default=None, validation_alias=_aliases("GREENROOM_DATABASE_URL", "DATABASE_URL"))
    """A SQLAlchemy URL; without it, SQLite in the home folder."""

    chroma_url: str | None = Field(default=None, validation_alias=_aliases("GREENROOM_CHROMA_URL", "CHROMA_URL"))
    """A shared Chroma server; without it, the embedded one."""

    embedding_model: str = "minilm"
    """For a new home: `minilm` (installed with Greenroom), `openai:MODEL` or `on_premises:MODEL` at an
    OpenAI-compatible endpoint (a hosted one is shown nothing private), or the name of any sentence-transformers model.
    A home that has an index changes it with `greenroom reindex --model`."""

    embedding_url: str | None = None
    """The base URL of an OpenAI-compatible embeddings server; without it, the chat model's, else OpenAI's own."""

    embedding_key: SecretStr | None = None
    """The key for that server. Where the chat model's server is asked, its key is the default."""

    model: str | None = Field(default=None, validation_alias=_aliases("GREENROOM_MODEL", "OPENAI_MODEL"))
    """The chat model's name at its server (OpenAI's, without a URL). Without it and a key: the rehearsal model."""

    model_url: str | None = Field(default=None, validation_alias=_aliases("GREENROOM_MODEL_URL", "OPENAI_BASE_URL"))
    """The base URL of an OpenAI-compatible server, such as http://localhost:11434/v1."""

    api_key: SecretStr | None = Field(default=None, validation_alias=_aliases("GREENROOM_API_KEY", "OPENAI_API_KEY"))
    """The key for that server. A local server needs none."""

    model_kind: Literal["hosted", "on_premises"] = "hosted"
    """Where that server runs. `on_premises` has to be said: then it may be shown what is marked private."""

    models: str = ""
    """Several endpoints and their routing: JSON, or a file of it or of TOML; without it, models.toml in the home."""

    currency: str = "USD"
    """What prices and budgets are in, where models.toml does not say it."""

    responses_api: bool = False
    """Use OpenAI's Responses API instead of chat completions."""

    model_timeout_s: float = 60.0
    """How long one model call may take, in seconds."""

    price_in: float | None = None
    """Money per million input tokens; without it, cost reads "not known"."""

    price_out: float | None = None
    """Money per million output tokens."""

    price_cached: float | None = None
    """Money per million input tokens that the server had kept; without it, as `price_in`."""

    max_output: int | None = Field(default=None, gt=0)
    """Tokens that an answer may have; it is told to the server."""

    translator: str | None = None
    """What translates instead of the chat model: `command:apertium -u {source}-{target}`, or the address of a server of
    the LibreTranslate API."""

    translator_key: SecretStr | None = None
    """The key for that server."""

    translator_kind: Literal["hosted", "on_premises"] | None = None
    """Where it runs. Without it: a command, and an address on this machine or a private network, are on the own
    premises, every other address is hosted."""

    translator_timeout_s: float = Field(default=60.0, gt=0)
    """How long it may take for one text, in seconds."""

    tracing: bool = False
    """Let LangSmith's own variables send every prompt to LangSmith. Off, whatever they say."""

    backup_s3_endpoint: str | None = Field(
        default=None, validation_alias=_aliases("GREENROOM_BACKUP_S3_ENDPOINT", "AWS_ENDPOINT_URL_S3")
    )
    """Where backups to s3:// go, if not to Amazon; the account, its keys and its region are boto3's own (AWS_…)."""

    credentials: Literal["auto", "keyring", "file"] = "auto"
    """Where accounts' secrets are kept: the system's keyring, an encrypted file in the home, or what is there."""

    vault_key: SecretStr | None = None
    """Locks that file: 32 bytes as base64, or any passphrase. Without it, the key is in a file beside it."""

    user: str = "owner"
    """Who decides, as the ledger names them."""

    secret: SecretStr | None = None
    """That person's secret, where they have one as a member; better given with --secret-file, or at the prompt."""

    editor: str | None = Field(default=None, validation_alias=_aliases("GREENROOM_EDITOR", "VISUAL", "EDITOR"))
    """What `greenroom review` opens a draft with."""

    undo_seconds: float = Field(default=10.0, ge=0, le=3600)
    """How long an approval that was given on the web board or in the chat can be taken back before it may leave."""

    host: str = "127.0.0.1"
    """Where the web page listens. Anywhere but on this machine people sign in (docs/accounts.md)."""

    public_url: str | None = None
    """Under which address people reach the web page, such as https://greenroom.example.org. With it they sign in."""

    login: bool = False
    """Let people sign in on this machine too."""

    session_idle_hours: float = Field(default=12.0, gt=0, le=24 * 90)
    """How long somebody stays signed in without using it."""

    session_days: float = Field(default=14.0, gt=0, le=365)
    """How long somebody stays signed in at most."""

    trusted_proxies: str = ""
    """Addresses of reverse proxies whose word on where a request comes from is believed: 127.0.0.1, 10.0.0.0/24"""

    proxy_header: str | None = None
    """The header in which those proxies, and nobody else, tell who has signed in there, such as X-Forwarded-User."""

    oidc_issuer: str | None = None
    """The address of an OpenID Connect provider, such as https://id.example.org/realms/us."""

    oidc_client_id: str | None = None
    """Under which id that provider knows this Greenroom."""

    oidc_client_secret: SecretStr | None = None
    """The secret that goes with it."""

    metrics_open: bool = False
    """Let /metrics be read without a token where people sign in; the figures name no person and no work."""

    slack_bot_token: SecretStr | None = None
    """The Slack app's bot token (xoxb-…): docs/slack.md."""

    slack_app_token: SecretStr | None = None
    """Its app-level token (xapp-…), for Socket Mode."""

    slack_signing_secret: SecretStr | None = None
    """Its signing secret, where Slack calls us (`greenroom slack --port`)."""

    slack_channel: str | None = None
    """The id of the channel (C…) that is told what waits and what went wrong; without it, linked owners and editors."""

    slack_api_url: str = "https://slack.com/api"
    """Where Slack's Web API is; another one only behind a proxy of your own."""

    port: int = 8000
    """The web page's port."""

    worker_seconds: float = 5.0
    """How often the worker looks for what is due, in seconds."""


def embedding_endpoint(settings: Settings) -> "Endpoint":
    """Return where an embedding model named `openai:…` is asked, with its key."""
    from memory.embedding import Endpoint

    key = settings.embedding_key or (None if settings.embedding_url else settings.api_key)
    return Endpoint(settings.embedding_url or settings.model_url, key.get_secret_value() if key else "")


def unread_variables() -> list[str]:
    """Return the names of GREENROOM_ variables that are no setting, never what they hold; keys are models.toml's."""
    known = {f"GREENROOM_{name}".upper() for name in Settings.model_fields}
    for told in Settings.model_fields.values():
        alias = told.validation_alias
        known |= {str(each).upper() for each in alias.choices} if isinstance(alias, AliasChoices) else set()
    ours = (name for name in os.environ if name.upper().startswith("GREENROOM_"))
    return sorted(name for name in ours if name.upper() not in known and not name.upper().endswith("_KEY"))


def secret_named(name: str, *, keyring: bool) -> SecretStr | None:
    """Return a key that models.toml names: from the environment or the system's keyring; None if it isn't there."""
    if not keyring:
        found = os.environ.get(name)
        return SecretStr(found) if found else None
    from keyring import get_password
    from keyring.errors import KeyringError

    try:
        kept = get_password("greenroom", name)
    except KeyringError:
        return None
    return SecretStr(kept) if kept else None


DEFAULT_MODEL = "gpt-5-mini"
"""The model used when only an OpenAI key is set."""


def keep_prompts_here(settings: Settings) -> None:
    """Switch LangSmith's tracing off for this process unless it was asked for: prompts hold the creator's material."""
    if not settings.tracing:
        os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
