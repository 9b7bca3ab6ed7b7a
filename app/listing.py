"""What the doors do with a newsletter's list."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.errors import BadInput, NotAllowed, NotFound, WrongUse
from core.members import is_agent
from core.subscribers import Subscriber

if TYPE_CHECKING:
    from app.studio import Studio
    from memory.mailings import Mailings

_COLUMNS = ("address", "state", "locale", "asked_at", "confirmed_at", "left_at", "source", "reason")
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class BroughtIn:
    """What an import came to; lines are counted from 1."""

    added: list[str] = field(default_factory=list)
    already: int = 0
    stay_away: list[str] = field(default_factory=list)  # who left, or whose address bounced
    refused: list[tuple[int, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `newsletter import` prints."""
        refused = [{"line": line, "error": why} for line, why in self.refused]
        return {"added": self.added, "already": self.already, "stay_away": self.stay_away, "refused": refused}


def bring_in(studio: "Studio", text: str, source: str) -> BroughtIn:
    """Put consented addresses on the list. Raises WrongUse without a source, NotAllowed for an agent."""
    _refuse_agents(studio)
    done, subscribers, space = BroughtIn(), studio.memory.subscribers, studio.workspace.id
    there = {row.id for row in subscribers.list(space, ("confirmed",))}
    vouched = f"{source.strip()} (brought in by {studio.settings.user})" if source.strip() else ""
    for number, address, locale in _lines(text):
        try:
            row = subscribers.add_consented(space, address, source=vouched, locale=locale)
        except BadInput as error:
            done.refused.append((number, error.message))
            continue
        if row.state != "confirmed":
            done.stay_away.append(row.address)
        elif row.id in there:
            done.already += 1
        else:
            done.added.append(row.address)
            there.add(row.id)
    return done


def as_csv(rows: Sequence[Subscriber]) -> str:
    """Return the list as CSV. A cell that a spreadsheet would run as a formula is kept from it by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        plain = row.model_dump(mode="json")
        writer.writerow([_harmless(plain[name]) for name in _COLUMNS])
    return out.getvalue()


def mine(studio: "Studio", publication_id: str) -> "Mailings":
    """Return the mails' rows, if the publication is a newsletter of this workspace. Raises NotFound."""
    publication = studio.memory.publications.get(publication_id)
    if (publication.workspace, publication.channel) != (studio.workspace.id, "newsletter"):
        raise NotFound(f"{publication_id} is no newsletter of {studio.workspace.name}.")
    return studio.memory.mailings


def settle(studio: "Studio", publication_id: str, address: str | None, to: str, note: str) -> int:
    """Let a person say what became of mails that aren't certain. Raises WrongUse without evidence."""
    _refuse_agents(studio)
    if to not in ("accepted", "refused", "queued"):
        raise WrongUse(f"{to!r} is nothing that can become of a mail.", "Say accepted or refused.")
    if not note.strip():
        raise WrongUse("What you know of this mail is the evidence: say it.", 'For example: --note "the server\'s log"')
    mailings = mine(studio, publication_id)
    return mailings.settle(publication_id, address, to, by=studio.settings.user, note=note.strip())  # type: ignore[arg-type]


def serve_pages(studio: "Studio", port: int) -> None:
    """Serve the list's pages alone on this machine until stopped."""
    import uvicorn

    from app.list_pages import create_list_app

    print(f"The list's pages: http://127.0.0.1:{port}/list/{studio.workspace.id}   (stop with Ctrl+C)", flush=True)
    app = create_list_app(studio.memory, studio.clock)
    # whoever asks is known by the web server's word; it is believed on this machine only
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", forwarded_allow_ips="127.0.0.1")


def _lines(text: str) -> Iterator[tuple[int, str, str | None]]:
    """Yield (line, address, locale) of a CSV with a column `address`, or of plain lines."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    if "address" in [name.strip().lower() for name in next(csv.reader([first]), [])]:
        reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        for row in reader:
            if (row.get("address") or "").strip():
                yield reader.line_num, str(row["address"]), (row.get("locale") or "").strip() or None
        return
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line, None


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_RISKY) else text


def _refuse_agents(studio: "Studio") -> None:
    if is_agent(studio.settings.user):
        raise NotAllowed("Who gets mail from you is a person's word, never the agent's.")
