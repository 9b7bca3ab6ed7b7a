"""A translator that is a server of the LibreTranslate API: POST /translate, GET /languages.

Facts from LibreTranslate's own documentation: `q` may be a list, `translatedText` is one then too; `format` is text or
html; errors are `{"error": "…"}` with 400, 403, 429 or 500.
"""

import ipaddress
import time
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from core.errors import BadInput, ModelFailed, NeedsModel
from models.translation.port import Kind, TranslatorConfig

BATCH = 25
"""Texts in one request: servers set limits of their own, often of 50."""

MOST_BYTES = 4_000_000
LONGEST_WAIT_S = 5.0
_WORDS = 300


class _TooMuch(ModelFailed):
    """The server takes fewer texts, or characters, in one request: each one sets limits of its own."""


class LibreTranslate:
    """The client. Redirects are not followed: the key and the words go where the settings say, or nowhere."""

    name = "libretranslate"

    def __init__(self, config: TranslatorConfig) -> None:
        self._base = config.engine.rstrip("/")
        place = urlsplit(self._base)
        if place.scheme not in ("http", "https") or not place.hostname:
            raise BadInput(
                f"{config.engine} is no address of a translation server.", "For example: http://localhost:5000"
            )
        self.where = place.netloc
        self.kind: Kind = config.kind or ("on_premises" if _is_near(place.hostname) else "hosted")
        self._key = config.key.get_secret_value() if config.key else ""
        self._timeout_s = config.timeout_s
        self._pairs: dict[str, list[str]] | None = None

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Return a translation of each text, in order."""
        codes = self._codes(source, target)
        said: list[str] = []
        for batch in _batches([text for text in texts if text.strip()]):
            said += self._batch(batch, *codes)
        answers = iter(said)
        return [next(answers) if text.strip() else text for text in texts]

    def _batch(self, texts: list[str], source: str, target: str) -> list[str]:
        body = {"q": texts, "source": source, "target": target, "format": "text"}
        try:
            data = self._ask("POST", "/translate", body | ({"api_key": self._key} if self._key else {}))
        except _TooMuch:
            if len(texts) == 1:
                raise
            half = len(texts) // 2
            return [*self._batch(texts[:half], source, target), *self._batch(texts[half:], source, target)]
        said = data.get("translatedText") if isinstance(data, dict) else None
        if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
            raise ModelFailed(f"{self.where} answered in a form that can't be used.", _AGAIN)
        if len(said) != len(texts):
            raise ModelFailed(f"{self.where} translated {len(said)} of {len(texts)} texts.", _AGAIN)
        return said

    def _codes(self, source: str, target: str) -> tuple[str, str]:
        """Return how the server calls the two languages. Raises NeedsModel where it does not do this pair."""
        if self._pairs is None:
            listed = self._ask("GET", "/languages", None)
            if not isinstance(listed, list):
                raise ModelFailed(f"{self.where} did not say which languages it knows.", _AGAIN)
            rows = [each for each in listed if isinstance(each, dict) and isinstance(each.get("code"), str)]
            self._pairs = {str(each["code"]): [str(code) for code in each.get("targets") or ()] for each in rows}
        mine = _called(source, list(self._pairs))
        theirs = _called(target, self._pairs.get(mine or "", []))
        if mine is None or theirs is None:
            raise NeedsModel(
                f"{self.where} does not translate from {source} to {target}.", "Give its server that pair of languages."
            )
        return mine, theirs

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        status, data, wait = self._once(method, path, body)
        if status in (429, 500, 502, 503):
            time.sleep(min(LONGEST_WAIT_S, wait))
            status, data, wait = self._once(method, path, body)
        if status == 200:
            return data
        said = str(data.get("error", ""))[:_WORDS] if isinstance(data, dict) else ""
        said = said.replace(self._key, "…") if self._key else said
        if status == 403:
            raise ModelFailed(f"{self.where} refused the key, or wants one. {said}".strip(), "GREENROOM_TRANSLATOR_KEY")
        failed = _TooMuch if status == 413 or (status == 400 and "limit" in said.lower()) else ModelFailed
        raise failed(f"{self.where} answered {status}. {said}".strip(), _AGAIN)

    def _once(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, Any, float]:
        """Return (status, its JSON or None, seconds to wait before another try)."""
        import json

        import httpx

        try:
            with (
                httpx.Client(timeout=self._timeout_s, trust_env=False, follow_redirects=False) as client,
                client.stream(method, self._base + path, json=body) as answer,
            ):
                taken = b""
                for chunk in answer.iter_bytes():
                    taken += chunk
                    if len(taken) > MOST_BYTES:
                        raise ModelFailed(f"{self.where} answered with more than {MOST_BYTES} bytes.", _AGAIN)
                wait = answer.headers.get("Retry-After", "1")
        except httpx.HTTPError as error:
            raise ModelFailed(f"{self.where} can't be reached ({type(error).__name__}).", _AGAIN) from None
        try:
            data = json.loads(taken)
        except ValueError:
            data = None
        return answer.status_code, data, float(wait) if wait.isdigit() else 1.0


_AGAIN = "Nothing was lost; try again, or translate the segments yourself."


def _called(locale: str, known: Sequence[str]) -> str | None:
    """Return the server's name of a locale: its own, else its language's."""
    wanted = locale.replace("_", "-").lower()
    for wish in (wanted, wanted.partition("-")[0]):
        if found := next((code for code in known if code.lower() == wish), None):
            return found
    return None


def _batches(texts: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(texts), BATCH):
        yield texts[at : at + BATCH]


def _is_near(host: str) -> bool:
    """Say whether a host is on this machine or on a private network, as far as its name tells."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan")) or "." not in host
