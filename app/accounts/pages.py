"""Signing in and out, a new secret, and where somebody is signed in."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool

from app.accounts.doorkeeper import cookie_of, cookie_set
from app.accounts.rules import Rules
from app.accounts.who import Person, who_asks
from app.board.rendering import POLICY, environment
from core.errors import GreenroomError, NotAllowed
from core.members import Member
from memory.sessions import How

if TYPE_CHECKING:
    from app.accounts.oidc import Provider
    from app.studio import Studio

HERE = Path(__file__).parent
LARGEST_FORM = 16_000
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # with `no-referrer` a browser says of a form that it comes from nowhere
}
_FORM = "greenroom_form"
_FORM_LASTS_S = 3600


@dataclass(frozen=True)
class Desk:
    """What the pages need."""

    studio: "Studio"
    rules: Rules
    provider: "Provider | None" = None

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page in the look of the board, without what stands at the top of its pages."""
        text = _templates().get_template(template).render(**values)
        return HTMLResponse(text, status, headers=_HEADERS)

    def login(self, status: int = 200, *, said: str = "", next_: str = "/", name: str = "") -> Response:
        """Return the page that asks for a name and a secret."""
        form = secrets.token_urlsafe(24)
        elsewhere = self.provider.label if self.provider else ""
        values = {"said": said, "next": safe_next(next_), "name": name, "form": form, "elsewhere": elsewhere}
        answer = self.page("login.html.j2", status, **values)
        # until somebody has signed in there is no session to bind the form to: two halves that only this page has
        answer.headers.append("set-cookie", self._form_cookie(form))
        return answer

    def let_in(self, request: Request, member: Member, how: How, next_: str) -> Response:
        """Begin a session and go on to the page that was wanted."""
        old = cookie_of(request.headers, self.rules)
        if old:
            self.studio.memory.sessions.end(old)  # whoever had this cookie before is out
        agent = request.headers.get("user-agent", "")
        _, bearer = self.studio.memory.sessions.begin(
            member, how, lasting=self.rules.lasting, address=request.state.address, agent=agent
        )
        answer = RedirectResponse(safe_next(next_), 303)
        answer.headers.append("set-cookie", cookie_set(bearer, self.rules))
        return answer

    def account(self, person: Person, status: int = 200, said: str = "", done: str = "") -> Response:
        """Return the page about somebody's own account."""
        space = self.studio.workspace
        found = self.studio.memory.sessions.list(space.id, member=person.by)
        values = {"person": person, "workspace": space.name, "sessions": found, "form": form_token(person)}
        return self.page("account.html.j2", status, said=said, done=done, **values)

    def _form_cookie(self, form: str) -> str:
        secure = "; Secure" if self.rules.https else ""
        return f"{_FORM}={form}; Path=/login; Max-Age={_FORM_LASTS_S}; HttpOnly; SameSite=Strict{secure}"


def accounts_router(desk: Desk) -> APIRouter:
    """Return the pages of signing in."""
    router = APIRouter()
    _entrance(router, desk)
    _own(router, desk)
    if desk.provider:
        from app.accounts.oidc import oidc_router

        router.include_router(oidc_router(desk, desk.provider))
    return router


def _entrance(router: APIRouter, desk: Desk) -> None:
    @router.get("/login")
    def ask(next: str = "/") -> Response:  # as the address has it
        return desk.login(next_=next) if who_asks().is_nobody else RedirectResponse(safe_next(next), 303)

    @router.post("/login")
    async def sign_in(request: Request) -> Response:
        given = await form_of(request)
        return await run_in_threadpool(_signed_in, desk, request, given)

    @router.post("/logout")
    async def sign_out(request: Request) -> Response:
        person, given = who_asks(), await form_of(request)
        if not _is_of(given, form_token(person)):
            said = "That form was not of this page. Nothing was done, and you stay signed in."
            return desk.account(person, 403, said=said)
        await run_in_threadpool(desk.studio.memory.sessions.end, person.secret or "")
        answer = RedirectResponse("/login", 303)
        answer.headers.append("set-cookie", cookie_set("", desk.rules))
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer


def _signed_in(desk: Desk, request: Request, given: dict[str, str]) -> Response:
    name, next_ = given.get("name", ""), given.get("next", "/")
    half = request.cookies.get(_FORM, "")
    if not half or not _is_of(given, half):
        return desk.login(403, said="This page was open for too long. Please try again.", next_=next_, name=name)
    try:
        member = desk.studio.memory.logins.check(
            desk.studio.workspace.id, name, given.get("secret", ""), address=request.state.address
        )
        return desk.let_in(request, member, "password", next_)
    except NotAllowed as error:
        status = 429 if "Too many" in error.message else 403
        return desk.login(status, said=f"{error.message} {error.hint}".strip(), next_=next_, name=name)


def _own(router: APIRouter, desk: Desk) -> None:
    @router.get("/account")
    def show() -> Response:
        return desk.account(who_asks())

    @router.post("/account")
    async def change(request: Request) -> Response:
        person, given = who_asks(), await form_of(request)
        if not _is_of(given, form_token(person)):
            return desk.account(person, 403, said="That form was not of this page. Nothing was changed.")
        return await run_in_threadpool(_changed, desk, request, person, given)


def _changed(desk: Desk, request: Request, person: Person, given: dict[str, str]) -> Response:
    space, memory, name = desk.studio.workspace.id, desk.studio.memory, str(person.by)
    try:
        if given.get("what") == "end":
            ended = memory.sessions.end_all(space, member=name, session_id=given.get("session") or None)
            here = given.get("session") in ("", None, person.session_id)
            done = "Signed out there." if ended else "It had ended already."
            return RedirectResponse("/login", 303) if here else desk.account(person, done=done)
        member = memory.logins.check(space, name, given.get("secret", ""), address=request.state.address)
        if given.get("new", "") != given.get("again", ""):
            return desk.account(person, 400, said="The two new ones are not the same. Nothing was changed.")
        memory.members.set_secret(space, member.name, given.get("new", ""), by=member.name, secret=given["secret"])
        # a new secret ends every session; this browser gets a new one
        return desk.let_in(request, memory.members.get(space, member.name), "password", "/account")
    except GreenroomError as error:
        return desk.account(person, 403, said=f"{error.message} {error.hint}".strip())


async def form_of(request: Request) -> dict[str, str]:
    """Return a form's fields, of the last of each name; none where it is too large or no text."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            return {}
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict"))
    except ValueError:
        return {}


def form_token(person: Person) -> str:
    """Return what a form of this person's session carries: nobody who has not got the session can make it."""
    return hmac.new((person.secret or secrets.token_hex()).encode(), b"form", sha256).hexdigest()


def _is_of(given: dict[str, str], token: str) -> bool:
    return hmac.compare_digest(given.get("form", "").encode(), token.encode())


def safe_next(wanted: str) -> str:
    """Return a page of our own to go on to: never another site, whatever an address says."""
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\", "/login", "/logout"))
    return wanted if plain and wanted.isprintable() and "\\" not in wanted and len(wanted) < 2000 else "/"


def _templates() -> Environment:
    made: Environment = environment().overlay(loader=FileSystemLoader(HERE / "templates"))
    return made
