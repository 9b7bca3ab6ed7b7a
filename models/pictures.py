"""Pictures to and from a model: shown as JPEG, made through the OpenAI images API, through the same switchboard."""

import base64
import binascii
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from core.errors import ModelFailed, NeedsModel
from models.config import ModelConfig
from models.meter import Meter

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

    from models.switchboard import Switchboard

VISION, IMAGES = "vision", "images"
DRAW = "draw"
"""The task by which models.toml routes the making of pictures."""

SIZES = ("1024x1024", "1536x1024", "1024x1536", "1792x1024", "1024x1792", "512x512")
LARGEST = 64 * 1024 * 1024  # bytes of a picture that a server sends

_NO_FORM = ("gpt-image", "chatgpt-image")
"""Models that always answer with the picture itself, and refuse to be asked for it."""

HOW = 'Say capabilities = ["{0}"] of an endpoint that can, in models.toml (docs/models.md).'


class Made(NamedTuple):
    """A picture that a model made: its bytes, the model's name, and what the server says it drew in the end."""

    data: bytes
    model: str
    endpoint: str
    revised: str


def shown(pictures: Sequence[bytes]) -> "list[BaseMessage]":
    """Return JPEGs as a message of a conversation."""
    from langchain_core.messages import HumanMessage

    if not pictures:
        return []
    parts: list[str | dict[Any, Any]] = [
        {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64," + base64.b64encode(each).decode()}}
        for each in pictures
    ]
    return [HumanMessage(content=parts)]


def can(board: "Switchboard", meter: Meter, ability: str, stage: str) -> bool:
    """Return whether an endpoint for this errand can do it; the rehearsal model can't."""
    try:
        return not board.routed(meter.needing(ability).errand(stage))[0].config.is_rehearsal
    except NeedsModel:
        return False


def make_picture(board: "Switchboard", prompt: str, size: str, meter: Meter, stage: str = DRAW) -> Made:
    """Return a picture by a prompt. Raises NeedsModel where no endpoint makes pictures, ModelFailed where one fails."""
    if not can(board, meter, IMAGES, stage):
        raise NeedsModel("No endpoint that makes pictures is set up. Nothing was sent.", HOW.format(IMAGES))
    needing = meter.needing(IMAGES)
    message, config = board.draw(prompt, size, needing, stage)
    made = message.additional_kwargs
    return Made(made["picture"], config.model or "", config.name, made["revised"])


class Drawing:
    """One endpoint's images API, called as a chat model is: so its calls are cleared, paid for and counted alike."""

    def __init__(self, config: ModelConfig, size: str) -> None:
        self.config, self.size = config, size

    @property
    def price(self) -> float | None:
        """What one picture costs, where the endpoint has a price for it."""
        return 0.0 if self.config.is_free else self.config.price_picture

    def bind(self, **_options: Any) -> Self:
        """Return itself: an answer's tokens can't be bounded."""
        return self

    def invoke(self, messages: "Sequence[BaseMessage]") -> "AIMessage":
        """Ask for one picture by the last message's words."""
        from models.faults import TRANSPORT, explain

        try:
            message = _message(self._asked(str(messages[-1].text)), self._place)
        except TRANSPORT as error:
            failure = explain(error, self._place, self._secret)
        else:
            if self.price is not None or message.usage_metadata is None:
                message.additional_kwargs["price"] = self.price
            return message
        raise failure  # outside the handler: the transport's error holds the request, and with it the key

    def _asked(self, prompt: str) -> Any:
        import openai

        client = openai.OpenAI(
            base_url=self._place,
            api_key=self._secret or "none",
            timeout=max(self.config.timeout_s, 180),
            max_retries=0,  # a picture is paid for each time it is asked for
            http_client=openai.DefaultHttpxClient(follow_redirects=False),  # another host was never agreed to
        )
        model = self.config.model or ""
        given: Any = {"model": model, "prompt": prompt, "size": self.size, "n": 1}
        if model.startswith(_NO_FORM):
            return client.images.generate(**given)
        try:
            return client.images.generate(**given, response_format="b64_json")
        except openai.BadRequestError as error:
            if "response_format" not in str(error):
                raise
        return client.images.generate(**given)

    @property
    def _place(self) -> str:
        from models.client import OPENAI

        return self.config.base_url or OPENAI

    @property
    def _secret(self) -> str:
        return self.config.api_key.get_secret_value() if self.config.api_key else ""


def _message(answer: Any, place: str) -> "AIMessage":
    """Return the answer's picture as a message. Its address is not followed: what lies there nobody has looked at."""
    from langchain_core.messages import AIMessage

    first = (answer.data or [None])[0]
    coded = getattr(first, "b64_json", None)
    if not coded:
        told = "only its address" if getattr(first, "url", None) else "no picture"
        raise ModelFailed(f"The model server at {place} sent {told}.", "Set it up to answer with b64_json.")
    try:
        data = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        raise ModelFailed(f"The model server at {place} sent a picture that can't be read.", "Try again.") from None
    if len(data) > LARGEST:
        raise ModelFailed(f"The model server at {place} sent a picture of more than {LARGEST:,} bytes.")
    used = answer.usage
    tokens: Any = None
    if used is not None and used.input_tokens is not None:
        tokens = {"input_tokens": used.input_tokens, "output_tokens": used.output_tokens or 0}
        tokens["total_tokens"] = sum(tokens.values())
    kept = {"picture": data, "revised": getattr(first, "revised_prompt", None) or ""}
    return AIMessage(content="", additional_kwargs=kept, usage_metadata=tokens)
