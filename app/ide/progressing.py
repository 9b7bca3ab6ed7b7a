"""Steps of long work, told to the client while it goes on, where the client asked to be told."""

import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio
import anyio.from_thread

from app.results import ChatEvent

Put = Callable[[ChatEvent], None]


@asynccontextmanager
async def progressing(context: Any) -> AsyncIterator[Put]:
    """Yield what takes the steps of work in another thread; each is told once. Nobody listening stops no work."""
    token = context.meta.progressToken if context.meta else None
    if token is None:
        yield lambda _event: None
        return
    send, receive = anyio.create_memory_object_stream[str](math.inf)

    def put(event: ChatEvent) -> None:
        if event.kind == "step" and not event.done:
            with suppress(anyio.ClosedResourceError, anyio.BrokenResourceError, RuntimeError):
                anyio.from_thread.run_sync(send.send_nowait, event.name)

    async def tell() -> None:
        count = 0
        async for words in receive:
            count += 1
            await context.session.send_progress_notification(
                token, count, message=words, related_request_id=str(context.request_id)
            )

    failure: Exception | None = None
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(tell)
        try:
            yield put
        except Exception as error:  # noqa: BLE001 - raised below: out of here it would be one of a group, and not known
            failure = error
        finally:
            send.close()
    if failure is not None:
        raise failure
