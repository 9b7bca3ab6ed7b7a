"""The protocol's server: what a client may list, call and read. Everything that needs the studio is opened then."""

import logging
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import anyio
import anyio.to_thread
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.shared.exceptions import McpError
from pydantic import AnyUrl, ValidationError

from app.callers import Caller
from app.ide.asking import ask
from app.ide.pages import page
from app.ide.progressing import progressing
from core.errors import GreenroomError, NotFound
from prompts.library import FOLDER

T = TypeVar("T")

NOT_FOUND = -32002  # the protocol's own code for a resource that is not there
BROKEN = "Something of ours broke; it is in the log. Nothing was decided or sent."

log = logging.getLogger(__name__)

WhoCalls = Callable[[Any], Caller]
"""Takes the HTTP request (None at stdio) and returns who calls."""


def build(who: WhoCalls) -> "Server[Any, Any]":
    """Return the server; it opens nothing before a client asks for something."""
    server: Server[Any, Any] = Server("greenroom", version("greenroom"), (FOLDER / _WORDS).read_text("utf-8"))
    _tools(server, who)
    _resources(server, who)
    _prompts(server, who)
    _completions(server, who)

    async def get_ready(_note: types.InitializedNotification) -> None:
        await _apart(_offered)  # the next thing that a client asks for; it costs imports

    server.notification_handlers[types.InitializedNotification] = get_ready
    return server


_WORDS = "ide/instructions.md"


def _tools(server: "Server[Any, Any]", who: WhoCalls) -> None:
    asked: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()

    @server.list_tools()  # type: ignore[no-untyped-call,untyped-decorator]
    async def list_tools(request: types.ListToolsRequest) -> types.ListToolsResult:
        shown_all = await _apart(_offered)
        shown, cursor = _paged(shown_all, request)
        return types.ListToolsResult(tools=shown, nextCursor=cursor)

    @server.call_tool()  # type: ignore[untyped-decorator]
    async def call_tool(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        context = server.request_context
        try:
            caller = await _apart(partial(who, context.request))
            if name == "ask_for_decision":
                return _answer(await ask(caller, context, arguments, asked))
            return _answer(await _run(caller, context, name, arguments))
        except GreenroomError as error:
            return _refused(f"{error.message} {error.hint}".strip())
        except ValidationError as error:
            first = error.errors()[0]
            return _refused(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.")
        except McpError:
            raise
        except Exception:
            log.exception("The tool %s broke.", name[:80])
            return _refused(BROKEN)


def _resources(server: "Server[Any, Any]", who: WhoCalls) -> None:
    @server.list_resources()  # type: ignore[no-untyped-call,untyped-decorator]
    async def list_resources(request: types.ListResourcesRequest) -> types.ListResourcesResult:
        from app.ide.shelves import as_resource, books

        context = server.request_context
        shown, cursor = _paged(await _told(lambda: books(who(context.request))), request)
        rows = [types.Resource.model_validate(as_resource(each)) for each in shown]
        return types.ListResourcesResult(resources=rows, nextCursor=cursor)

    @server.list_resource_templates()  # type: ignore[no-untyped-call,untyped-decorator]
    async def list_templates() -> list[types.ResourceTemplate]:
        from app.ide.shelves import TEMPLATES

        return [
            types.ResourceTemplate(
                uriTemplate=each.uri, name=each.name, description=each.description, mimeType=each.mime
            )
            for each in TEMPLATES
        ]

    @server.read_resource()  # type: ignore[no-untyped-call,untyped-decorator]
    async def read_resource(uri: AnyUrl) -> list[ReadResourceContents]:
        from app.ide.shelves import read

        context = server.request_context
        found = await _told(lambda: read(who(context.request), str(uri)))
        return [ReadResourceContents(content=found.text, mime_type=found.mime)]


def _prompts(server: "Server[Any, Any]", who: WhoCalls) -> None:
    @server.list_prompts()  # type: ignore[no-untyped-call,untyped-decorator]
    async def list_prompts(request: types.ListPromptsRequest) -> types.ListPromptsResult:
        from app.ide.words import MENU

        shown, cursor = _paged([_prompt(each) for each in MENU], request)
        return types.ListPromptsResult(prompts=shown, nextCursor=cursor)

    @server.get_prompt()  # type: ignore[no-untyped-call,untyped-decorator]
    async def get_prompt(name: str, arguments: dict[str, str] | None) -> types.GetPromptResult:
        from app.ide.words import NAMED, fill

        context = server.request_context
        text = await _told(lambda: fill(who(context.request), name, arguments or {}))
        said = types.PromptMessage(role="user", content=types.TextContent(type="text", text=text))
        return types.GetPromptResult(description=NAMED[name].description, messages=[said])


def _completions(server: "Server[Any, Any]", who: WhoCalls) -> None:
    @server.completion()  # type: ignore[no-untyped-call,untyped-decorator]
    async def complete(_of: Any, argument: types.CompletionArgument, _context: Any) -> types.Completion:
        from app.ide.completing import MOST, complete

        context = server.request_context
        found = await _told(lambda: complete(who(context.request), argument.name, argument.value))
        return types.Completion(values=found[:MOST], total=len(found), hasMore=len(found) > MOST)


def _offered() -> list[types.Tool]:
    from app.ide.offered import offered  # imports every tool's room

    return offered()


async def _run(caller: Caller, context: Any, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    from app.ide.offers import NAMED, run

    if name not in NAMED:
        raise NotFound(f"There is no tool {name[:80]!r}.", "tools/list names them.")
    async with progressing(context) as put:
        return await _apart(partial(run, caller, NAMED[name], arguments, put))


def _prompt(words: Any) -> types.Prompt:
    asks = [types.PromptArgument(name=name, description=said, required=needed) for name, said, needed in words.asks]
    return types.Prompt(name=words.name, title=words.title, description=words.description, arguments=asks)


def _paged(items: list[T], request: Any) -> tuple[list[T], str | None]:
    params = getattr(request, "params", None)  # the SDK itself asks without a request
    try:
        return page(items, params.cursor if params else None)
    except GreenroomError as error:
        raise _protocol_error(error) from None


async def _told(work: Callable[[], T]) -> T:
    """Do work that may fail, outside a tool: what a person can be told becomes the protocol's error."""
    try:
        return await _apart(work)
    except GreenroomError as error:
        raise _protocol_error(error) from None
    except Exception:
        log.exception("A request broke.")
        raise McpError(types.ErrorData(code=types.INTERNAL_ERROR, message=BROKEN)) from None


async def _apart(work: Callable[[], T]) -> T:
    """Do work in a thread of its own, so that the door goes on answering."""
    return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)


def _protocol_error(error: GreenroomError) -> McpError:
    code = NOT_FOUND if isinstance(error, NotFound) else types.INVALID_PARAMS
    return McpError(types.ErrorData(code=code, message=f"{error.message} {error.hint}".strip()))


def _answer(told: dict[str, Any]) -> types.CallToolResult:
    import json

    text = types.TextContent(type="text", text=json.dumps(told, ensure_ascii=False))
    return types.CallToolResult(content=[text], structuredContent=told)


def _refused(why: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=why)], isError=True)
