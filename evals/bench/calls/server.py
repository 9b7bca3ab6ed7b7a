"""What the fake model server says to a brief, by a script, for counting what is asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import prompts
from evals.openai_fake import OpenAIServer, Say, openai_server
from models.rehearsal.answering import answer
from models.rehearsal.vectors import Vectors

KEY = "sk-bench"
MODEL = "scripted"
BYTES_PER_TOKEN = 4
LINK = "https://made-up.example/{number}"
"""A link that no material carries: the checks find it, and a revision is asked for."""


@dataclass(frozen=True)
class Asked:
    """One call as it came: what it was for, and its prompt as one text, the answer's schema first as servers put it."""

    task: str
    data: dict[str, Any]
    form: str
    prompt: str

    @property
    def tokens(self) -> int:
        """About how many tokens it has."""
        return tokens(self.prompt)


@dataclass
class Script:
    """What the server says. The tasks of a draft are done by the rehearsal model; what it can't do comes back as it is.

    `flawed`: how many made-up links stand in a draft; a mend takes one of them out.
    """

    flawed: int = 0
    asked: list[Asked] = field(default_factory=list)
    answered: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    """Each request's body with what was said to it, as they were answered."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def says(self, body: dict[str, Any]) -> tuple[Asked, str]:
        """Note a request, and return it with what is answered."""
        words = "\n".join(str(each["content"]) for each in body["messages"])
        request = prompts.parse_request(words)
        if request is None:
            raise ValueError("a call without a request")
        form = json.dumps(body.get("response_format", {}), ensure_ascii=False)
        noted = Asked(request[0], request[1], form, f"{form}\n{words}")
        with self.lock:
            self.asked.append(noted)
        said = json.dumps(self._answer(*request), ensure_ascii=False)
        with self.lock:
            self.answered.append((body, said))
        return noted, said

    def _answer(self, task: str, data: dict[str, Any]) -> dict[str, Any]:
        if task == "localize":
            return {"segments": data["segments"], "notes": []}
        if task == "backtranslate":
            return {"segments": data["segments"]}
        if task == "revise":
            return {"drafts": [_mended(each) for each in data["drafts"]]}
        made = answer(task, data, Vectors(None)).model_dump(mode="json")
        links = "".join(f"\n\n{LINK.format(number=at)}" for at in range(self.flawed))
        return {**made, "text": made["text"] + links} if task == "draft" else made


def _mended(sent: dict[str, Any]) -> dict[str, Any]:
    """Take a made-up link out again, as a model would that was told of it."""
    content = sent["content"]
    head, mark, tail = content["text"].rpartition(f"\n\n{LINK.partition('{')[0]}")
    text = head + tail.lstrip("0123456789") if mark else content["text"]
    return {**content, "text": text, "draft_id": sent["draft_id"]}


def tokens(text: str) -> int:
    """Return about how many tokens a text has: a server counts its own, English comes to four bytes each."""
    return -(-len(text.encode()) // BYTES_PER_TOKEN)


class _Scripted(OpenAIServer):
    """The fake that asks a script for each answer, and counts tokens as we count them."""

    def __init__(self, key: str, script: Script) -> None:
        super().__init__(key)
        self.script_of_brief = script

    def says(self, body: dict[str, Any]) -> Say:
        """Return what the script says."""
        asked, text = self.script_of_brief.says(body)
        return Say(text, tokens=(asked.tokens, tokens(text)))


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """Serve while the context lasts; yields the base URL."""
    with openai_server(KEY, lambda key: _Scripted(key, script)) as server:
        yield server.base_url
