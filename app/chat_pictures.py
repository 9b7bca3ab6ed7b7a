"""Pictures on the chat page: what is said of them, the one question that they need, and where they go.

Which pictures go along is the person's alone: those they dropped in this conversation, with the words they write next.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import chainlit as cl

from app import given_pictures as given
from app.accounts.who import who_asks
from app.callers import Caller
from app.chat_events import Telling, as_words
from app.conversing import Along, Put, streamed
from app.given_pictures import Held, Shown
from app.results import ChatEvent
from app.wording import number_of, shortened
from core.asks import accepts, declines
from core.channels import channel
from core.errors import BadInput
from core.pictures import pictures_of

if TYPE_CHECKING:
    from app.studio import Studio
    from core.proposals import Proposal

KEPT = 500
"""How many conversations' pictures are held at most; those of the oldest would be dropped once more."""

_held: OrderedDict[tuple[str | None, str], Held] = OrderedDict()


def held(talk: str) -> Held | None:
    """Return the pictures that who asks gave in a conversation."""
    return _held.get((who_asks().by, talk))


def begin(talk: str, has_pictures: bool) -> Held:
    """Return what holds the pictures that are given now: beside those that still wait to go with something."""
    there = held(talk)
    if there is not None and there.waits:
        return there
    there = Held()
    if has_pictures:
        _held[(who_asks().by, talk)] = there
        while len(_held) > KEPT:
            _held.popitem(last=False)
    return there


async def lay(studio: "Studio", talk: str) -> None:
    """Say on a page that is opened which pictures still wait to go with something."""
    if (there := held(talk)) and there.waits:
        said, actions = await asyncio.to_thread(lambda: question(studio, there) or still(studio, there))
        await _send(said, actions)


def question(studio: "Studio", there: Held) -> tuple[str, list[cl.Action]] | None:
    """Return the one thing to ask about the pictures, and what may be clicked; None where they may go as they are."""
    if bare := there.bare:
        name = as_words(bare.picture.name)
        asks = f"What does {name} show? Your words become its alt text, for who can't see it."
        return asks, [_action("leave", f"Leave {bare.picture.name} out", sha=bare.picture.sha256)]
    drafts, is_named = given.takers(studio, there.words)
    if there.words and not is_named:
        return None
    names = _names(there)
    if is_named:
        asks = f"{names} can go with that draft: a new version of it waits then. Or say what to tell instead."
    else:
        asks = f"What should be told with {names}?"
    return asks, [*_takes(there, drafts), _out(there)]


def still(studio: "Studio", there: Held) -> tuple[str, list[cl.Action]]:
    """Return what is said of pictures that went with nothing yet."""
    drafts, _ = given.takers(studio, there.words)
    words = shortened(there.words, 60)
    draft = [_action("draft", f"Make drafts of “{words}” with {_it(there)}")] if there.words else []
    goes = "goes" if len(there.shown) == 1 else "go"
    said = f"{_names(there)} {goes} with the next drafts that you ask for here."
    return said, [*draft, *_takes(there, drafts), _out(there)]


def seen(shown: Sequence[Shown]) -> tuple[list[str], list[cl.Action]]:
    """Return what is said of pictures that were looked at, and what changes an alt text that was only proposed."""
    lines, changes = [], []
    for each in shown:
        name = as_words(each.picture.name)
        if each.alt:
            how = f" (proposed: {as_words(each.why)})" if each.why else ""
            lines.append(f"{name} shows: “{as_words(shortened(each.alt, 400))}”{how}.")
            changes.append(_action("change", f"Change what {each.picture.name} shows", sha=each.picture.sha256))
        lines += [as_words(note) for note in each.notes]
    return lines, changes


async def heard(studio: "Studio", talk: str, text: str, telling: Telling) -> str:
    """Take a person's words as the alt text that was asked for, or as what to tell; return what to ask the agent."""
    there = held(talk)
    if there is None or not (there.asked or there.waits):
        return text
    if not (there.asked or there.bare):
        if accepts(text) or declines(text):  # an answer to what the agent proposed
            return text
        there.words, there.told = text, text
        return there.text
    return await _alt_text(studio, talk, there, text, telling)


async def chosen(studio: "Studio", talk: str, asked: Mapping[str, Any], telling: Telling) -> str:
    """Do what a button says; return what to ask the agent then, where something is to be asked."""
    there, sha = held(talk), str(asked.get("sha", ""))
    if there is None or not there.shown:
        await _send("That picture is not here any more. Drop it again.")
        return ""
    if asked.get("do") == "change" and (one := there.of(sha)):
        there.asked = sha
        await _send(f"What does {as_words(one.picture.name)} show?", [_action("keep", "Keep it as it is", sha=sha)])
    elif asked.get("do") == "keep":
        there.asked = ""
    elif asked.get("do") == "leave" and there.waits:
        return await _left_out(studio, talk, there, sha)
    elif asked.get("do") == "with" and there.waits:
        await _with(studio, talk, there, str(asked.get("proposal", "")), telling)
    elif asked.get("do") == "draft" and there.waits and there.words:
        await _draft(studio, talk, there, telling)
    return ""


async def after(studio: "Studio", talk: str, along: Along | None) -> None:
    """Note what the pictures went with; where that is nothing, say that they are still here."""
    there = held(talk)
    if along is None or there is None:
        return
    if along.brief_id:
        there.brief_id = along.brief_id
    elif there.waits:
        said, actions = await asyncio.to_thread(still, studio, there)
        await _send(said, actions)


async def _alt_text(studio: "Studio", talk: str, there: Held, text: str, telling: Telling) -> str:
    bare = there.bare
    sha = there.asked or (bare.picture.sha256 if bare else "")
    made: list[Proposal] = []

    def keep(put: Put) -> None:
        made.extend(given.change(studio, there, sha, text))
        if made:
            put(ChatEvent("proposals", proposals=tuple(made)))
        put(ChatEvent("final"))

    await telling.tell(streamed(keep))
    one = there.of(sha)
    if one is None or one.why or " ".join(text.split()) != one.alt:  # it was refused, and that is said
        return ""
    there.asked = ""
    lines, changes = seen([one])
    lines += ["The drafts that wait with it say so now."] if made else []
    asks = await asyncio.to_thread(question, studio, there) if there.waits else None
    if there.waits and asks is None:
        await _send("\n\n".join(lines), changes)
        there.told = text
        return there.text
    said = "\n\n".join([*lines, *([asks[0]] if asks else [])])
    await _send(said, [*changes, *(asks[1] if asks else [])])
    await asyncio.to_thread(studio.remembering, talk, text, said)
    return ""


async def _left_out(studio: "Studio", talk: str, there: Held, sha: str) -> str:
    names = given.named([one]) if (one := there.of(sha)) else given.named(there.shown)
    if one:
        there.drop(sha)
    else:
        there.shown = ()
    said = f"Left out: {as_words(names)}."
    asks = await asyncio.to_thread(question, studio, there) if there.shown else None
    said = f"{said}\n\n{asks[0]}" if asks else said
    await _send(said, asks[1] if asks else [])
    await asyncio.to_thread(studio.remembering, talk, f"Leave out {names}", said)
    return there.text if one and asks is None else ""


async def _with(studio: "Studio", talk: str, there: Held, proposal_id: str, telling: Telling) -> None:
    def work(put: Put) -> None:
        new = given.put_with(studio, there, proposal_id)
        put(ChatEvent("proposals", proposals=(new,)))
        said = f"A new version waits, with {given.named(there.shown)}."
        put(ChatEvent("final"))
        studio.remembering(talk, f"Put {given.named(there.shown)} with {proposal_id}", as_words(said))

    await telling.tell(streamed(work))


async def _draft(studio: "Studio", talk: str, there: Held, telling: Telling) -> None:
    """Make drafts of the person's own words, where the agent began none from them."""

    def work(put: Put) -> None:
        Caller(studio).refuse_viewers()
        along = there.along(there.words)
        if along is None:
            raise BadInput("A picture has no alt text yet.", "Say what it shows.")
        source = there.works[0] if there.works else None
        private = given.is_private(studio, there.words, there.works)
        result = studio.start(
            there.words,
            from_=source,
            pictures=along.pictures,
            private=private,
            progress=lambda name, done: put(ChatEvent("step", name=name, done=done)),
        )
        there.brief_id = result.brief_id
        put(ChatEvent("proposals", proposals=tuple(result.proposals)))
        put(ChatEvent("final"))
        told = f"{number_of(len(result.proposals), 'draft waits', 'drafts wait')}, with {given.named(there.shown)}."
        studio.remembering(talk, there.text, as_words(told))

    await telling.tell(streamed(work))


async def _send(said: str, actions: Sequence[cl.Action] = ()) -> None:
    await cl.Message(content=said, actions=list(actions)).send()


def _takes(there: Held, drafts: "Sequence[Proposal]") -> list[cl.Action]:
    return [_action("with", f"Put {_it(there)} with {_called(each)}", proposal=each.id) for each in drafts]


def _called(draft: "Proposal") -> str:
    """Return what a draft is called on a button, and which pictures it would lose: `revise --image` replaces them."""
    has = len(pictures_of(draft.payload))
    instead = f", in place of its {number_of(has, 'picture', 'pictures')}" if has else ""
    return f"“{shortened(draft.text, 40)}” ({channel(draft.channel).label}{instead})"


def _out(there: Held) -> cl.Action:
    return _action("leave", f"Leave {_it(there)} out")


def _action(do: str, label: str, **more: str) -> cl.Action:
    return cl.Action(name="picture", payload={"do": do, **more}, label=label)


def _it(there: Held) -> str:
    return "it" if len(there.shown) == 1 else "them"


def _names(there: Held) -> str:
    return as_words(", ".join(each.picture.name for each in there.shown))
