"""Suggestions on a proposal or a file, and a person's acceptance of some: a new version that waits, or a file."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from app.revising import Revision, Wish
from app.tagging import refuse_revoked
from app.text_files import text_of
from core.assists import Suggestion, accepted
from core.base import Noun
from core.canonical import sha256
from core.documents import from_document, to_document
from core.errors import BadInput, Stale, WrongUse
from core.ids import PROPOSAL, ids_in
from core.locales import checked
from models.assist_tasks import Do
from tools.assist import Assisted, assist

if TYPE_CHECKING:
    from app.studio import Studio
    from models import Meter

FIELDS = ("title", "subject", "preheader", "summary", "text")
_RULES_ONLY = "Numbers of what a model suggests hold for one answer: another call may bring others."
_LOOK_FIRST = (
    "Look first, and keep what you saw: greenroom assist {target} --do {do} --json > seen.json, then: --from seen.json"
)


class Assistance(Noun):
    """Suggestions on one text as it stood: `sha256` is that of its fields. Suggestion 1 is the first one."""

    target: str
    sha256: str
    locale: str
    assisted: Assisted

    def as_json(self) -> dict[str, Any]:
        """Return the object that `assist` prints and `--from` reads: suggestions by number."""
        data = self.assisted.model_dump(mode="json")
        rows = [{"number": number, **row} for number, row in enumerate(data.pop("suggestions"), start=1)]
        return {"target": self.target, "sha256": self.sha256, "locale": self.locale, **data, "suggestions": rows}


class Subject(NamedTuple):
    """What is looked at: a proposal's editable fields, or a file's text."""

    name: str
    texts: dict[str, str]
    locale: str
    channel: str = ""  # empty: a file
    brief_id: str | None = None
    variant: int = 0

    @property
    def sha256(self) -> str:
        """The hash of the fields as they stand."""
        return sha256(self.texts)


def subject(studio: "Studio", target: str, locale: str | None = None, *, given: str | None = None) -> Subject:
    """Return what a proposal's id or a file's name stands for; `given` is a text of neither, called `target`.

    Raises NotFound or BadInput.
    """
    if given is None and ids_in(PROPOSAL, target) == [target]:
        proposal = studio.show(target)
        if proposal.draft_id is None:
            raise WrongUse(
                f"{target} has no draft: there is no text to help with.", "List what waits: greenroom pending"
            )
        content = from_document(proposal.channel, studio.document(target))
        texts = {name: getattr(content, name) for name in FIELDS if getattr(content, name)}
        said = locale or proposal.locale
        return Subject(target, texts, checked(said), proposal.channel, proposal.brief_id, proposal.variant)
    text = _text(studio, target) if given is None else given
    return Subject(target, {"text": text}, checked(locale or _language(text) or studio.workspace.locale))


def suggest(studio: "Studio", of: Subject, do: Do, *, model: bool = True, private: bool = False) -> Assistance:
    """Return suggestions; nothing is changed. Raises what `tools.assist.assist` raises."""
    if do == "titles" and of.channel and "title" not in of.texts:
        raise WrongUse(
            f"A text for {of.channel} has no title.", "Titles are for pages: the site, a newsletter, a file."
        )
    meter = _meter(studio, of, private) if model else None
    found = assist(
        studio.crew.context, studio.workspace.id, of.texts, do, locale=of.locale, channel=of.channel, meter=meter
    )
    return Assistance(target=of.name, sha256=of.sha256, locale=of.locale, assisted=found)


def kept_in(name: str, of: Subject) -> Assistance:
    """Return the suggestions that an earlier call printed as JSON. Raises BadInput, or Stale where the text changed."""
    try:
        data = json.loads(text_of(Path(name)))
        rows = [{key: value for key, value in row.items() if key != "number"} for row in data["suggestions"]]
        told = {key: data[key] for key in Assisted.model_fields if key != "suggestions"}
        found = Assistance(
            target=data["target"],
            sha256=data["sha256"],
            locale=data["locale"],
            assisted=Assisted.model_validate({**told, "suggestions": rows}),
        )
    except FileNotFoundError:
        raise BadInput(f"There is no file {name}.", "Check the path, or ask without --from.") from None
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        raise BadInput(f"{name} is not what `greenroom assist … --json` prints.", "Nothing was changed.") from None
    if found.sha256 != of.sha256:
        raise Stale(f"{of.name} has changed since these were suggested. Nothing was changed.", "Ask again.")
    return found


def refuse_unseen(studio: "Studio", of: Subject, do: Do, *, model: bool) -> None:
    """Raise WrongUse before a model would be asked anew for suggestions that nobody has looked at."""
    if model and not studio.model.is_rehearsal:
        hint = _LOOK_FIRST.format(target=of.name, do=do)
        raise WrongUse(_RULES_ONLY, f"{hint} --accept 1,3. Or by rules alone: --no-model")


def chosen(found: Assistance, numbers: str) -> list[Suggestion]:
    """Return the suggestions that `1,3` or `all` names. Raises WrongUse for a number that is none of them."""
    rows = found.assisted.suggestions
    if numbers.strip() == "all":
        if found.assisted.do == "titles":
            raise WrongUse("One title can be accepted.", "Name it by its number: --accept 1")
        ready = [each for each in rows if each.after is not None]
        if not ready:
            raise WrongUse("There is nothing to accept.", "What is only named, you word yourself.")
        return ready
    picked: list[Suggestion] = []
    for part in dict.fromkeys(each.strip() for each in numbers.split(",") if each.strip()):
        if not part.isdecimal() or not 1 <= int(part) <= len(rows):
            raise WrongUse(f"--accept {part}: there are suggestions 1 to {len(rows)}.", "Nothing was changed.")
        picked.append(rows[int(part) - 1])
    if not picked:
        raise WrongUse("--accept names nothing.", "For example: --accept 1,3")
    return picked


def accept_on_proposal(
    studio: "Studio", of: Subject, picked: Sequence[Suggestion], *, by: str | None = None, secret: str | None = None
) -> Revision:
    """Make a new version of a proposal, as a person's own edit does: it waits, and what was approved is void."""
    new = accepted(of.texts, picked)
    content = from_document(of.channel, studio.document(of.name)).model_copy(update=new)
    kinds = ", ".join(dict.fromkeys(each.rule for each in picked))
    note = f"accepted {len(picked)} suggestion{'s' if len(picked) > 1 else ''} ({kinds})"
    wish = Wish(body=to_document(of.channel, content), note=note)
    return studio.revise(of.name, wish, by=by, secret=secret)


def accept_in_file(of: Subject, picked: Sequence[Suggestion], *, write: bool) -> str:
    """Return a file's text with what was accepted; with `write` the file holds it. Raises Stale if it changed since."""
    new = accepted(of.texts, picked)["text"]
    if write:
        from app.folder_files import replace

        path = Path(of.name)
        if text_of(path) != of.texts["text"]:
            raise Stale(f"{path.name} changed while it was looked at. It is as it was.", "Ask again.")
        replace(path, new.encode("utf-8"))
    return new


def _meter(studio: "Studio", of: Subject, private: bool) -> "Meter":
    about = {"channel": of.channel, "locale": of.locale, "variant": of.variant} if of.brief_id else {}
    meter = studio.crew.context.meter_for(studio.workspace.id, of.brief_id, **about)
    if private:
        meter.now_private()
    return meter


def _text(studio: "Studio", target: str) -> str:
    path = Path(target)
    if not path.is_file():
        raise BadInput(f"{target} is no proposal and no file.", "Proposals: greenroom pending")
    text = text_of(path)
    refuse_revoked(studio, path, text)
    return text


def _language(text: str) -> str | None:
    from core.languages import detect

    return detect(text)
