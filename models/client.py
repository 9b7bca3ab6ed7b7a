"""The client of OpenAI and of every OpenAI-compatible server: patient with passing faults, plain about lasting ones."""

import random
import time
from collections.abc import Iterator
from typing import Any

import openai
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from models.answers import Method
from models.config import ModelConfig
from models.faults import TRANSPORT, CutStream, cut_off, explain, is_passing

OPENAI = "https://api.openai.com/v1"
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0


class PatientChatOpenAI(ChatOpenAI):
    """`ChatOpenAI` whose streams survive a cut, and whose errors say what to do and never hold the key.

    Requests are retried by OpenAI's own client (429 with Retry-After, 408, 409, 5xx, timeouts, resets; backoff with
    jitter). That client stops caring once a stream has begun: from there it is done here.
    """

    answer_method: Method | None = None  # the form of structured answers that this server was found to take

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        try:
            return super()._generate(messages, stop, run_manager, **kwargs)
        except TRANSPORT as error:
            failure = explain(error, self._place, self._secret)
        raise failure  # outside the handler: the transport's error holds the request, and with it the key

    def _stream(self, *args: Any, run_manager: Any = None, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        last = self.max_retries or 0
        for attempt in range(last + 1):
            shown = False
            try:
                for chunk in _held_until_visible(super()._stream(*args, run_manager=None, **kwargs)):
                    shown = True
                    if run_manager:
                        run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                    yield chunk
                return
            except TRANSPORT as error:
                again = is_passing(error) and not shown and attempt < last
                failure = cut_off(self._place) if shown else explain(error, self._place, self._secret)
            if not again:
                raise failure
            time.sleep(_pause(attempt))

    def _get_request_payload(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """OpenAI renamed its bound of an answer's length; most compatible servers know the first name only."""
        payload: dict[str, Any] = super()._get_request_payload(*args, **kwargs)
        if self.openai_api_base and "max_completion_tokens" in payload and self._place != OPENAI:
            payload["max_tokens"] = payload.pop("max_completion_tokens")
        return payload

    @property
    def _place(self) -> str:
        return str(self.openai_api_base or OPENAI)

    @property
    def _secret(self) -> str:
        key = self.openai_api_key
        return key.get_secret_value() if isinstance(key, SecretStr) else ""


def _held_until_visible(chunks: Iterator[ChatGenerationChunk]) -> Iterator[ChatGenerationChunk]:
    """Hold chunks back until words can be seen (or the end): until then a cut can be mended by asking again."""
    held: list[ChatGenerationChunk] = []
    visible = finished = False
    for chunk in _cut_named(chunks):
        finished = finished or _is_last(chunk)
        visible = visible or bool(chunk.text)
        held.append(chunk)
        if visible:
            yield from held
            held.clear()
    if not finished:
        raise CutStream("the stream ended before the answer was finished")
    yield from held


def _cut_named(chunks: Iterator[ChatGenerationChunk]) -> Iterator[ChatGenerationChunk]:
    """Tell a line that broke after the first chunk (asking again may help) from one that was never there."""
    begun = False
    try:
        for chunk in chunks:
            begun = True
            yield chunk
    except openai.APIConnectionError:
        if begun:
            raise CutStream("the line broke in the middle of the answer") from None
        raise


def _is_last(chunk: ChatGenerationChunk) -> bool:
    told = {**(chunk.generation_info or {}), **chunk.message.response_metadata}
    last = isinstance(chunk.message, AIMessageChunk) and chunk.message.chunk_position == "last"
    return last or bool(told.get("finish_reason")) or told.get("status") in {"completed", "incomplete"}


def _pause(attempt: int) -> float:
    return min(FIRST_PAUSE_S * 2.0**attempt, LONGEST_PAUSE_S) * (1 - 0.25 * random.random())


def open_client(config: ModelConfig) -> PatientChatOpenAI:
    """Return the client of one endpoint. Every setting is passed, so that no environment variable takes part."""
    return PatientChatOpenAI(
        model=config.model or "",
        base_url=config.base_url or OPENAI,
        # a local server needs no key, but the client insists on one
        api_key=config.api_key or SecretStr("none"),
        temperature=config.temperature,
        timeout=config.timeout_s,
        max_retries=config.max_retries,
        use_responses_api=config.responses_api,
        max_completion_tokens=config.max_output,
        # what a prompt holds is meant for this host: one that it points to was never agreed to
        http_client=openai.DefaultHttpxClient(follow_redirects=False),
        stream_usage=True,
    )
