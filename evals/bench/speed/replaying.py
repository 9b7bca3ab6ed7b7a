"""The fake model server in a process of its own: it says again what was recorded, after as long as a model would take.

In this process it would compete with what is measured for one interpreter, and neither would be told rightly.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import prompts
from evals.bench import children
from evals.bench.calls.server import KEY, tokens
from evals.openai_fake import OpenAIServer, Say, openai_server

ANSWER = (
    "The tide tables were kept by the ferry's skipper, who copied them out by hand, and nobody has printed them since."
)
"""What it says in a conversation: the time to its first word is measured, and what it says means nothing."""


class Replaying(OpenAIServer):
    """Answers a brief's requests by what they are for, anything else with one sentence; each after `delay_s`."""

    def __init__(self, key: str, answers: Mapping[str, str], delay_s: float) -> None:
        super().__init__(key)
        self.answers = answers
        self.delay_s = delay_s

    def says(self, body: dict[str, Any]) -> Say:
        """Return what was recorded; a request that was not is refused, so that no figure is made of it."""
        purpose = purpose_of(body)
        text = ANSWER if purpose is None else self.answers.get(purpose)
        if text is None:
            return Say(status=418, error=f"no answer was recorded for {purpose}")
        return Say(text, tokens=(tokens(words_of(body)), tokens(text)), delay_s=self.delay_s)


def purpose_of(body: dict[str, Any]) -> str | None:
    """Return what a request is for (`plan`, `draft x`), None for a conversation's."""
    request = prompts.parse_request(words_of(body))
    return None if request is None else f"{request[0]} {request[1].get('channel', '')}".strip()


def words_of(body: dict[str, Any]) -> str:
    """Return all that a request says, as one text."""
    return "\n".join(str(each["content"]) for each in body["messages"])


@contextmanager
def replaying(answers: Mapping[str, str], delay_s: float) -> Iterator[str]:
    """Serve in another process until the block ends; yield the base URL."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from evals.bench.speed.replaying import main; main()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=children.environment(),
    )  # fmt: skip
    assert process.stdin and process.stdout
    try:
        process.stdin.write(json.dumps({"answers": dict(answers), "delay_s": delay_s}) + "\n")
        process.stdin.flush()
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError("The fake model server did not start.")
        yield url
    finally:
        process.stdin.close()  # it ends with its input
        process.wait(30)
        process.stdout.close()


def main() -> None:
    """Serve what one line on stdin says, tell the address on stdout, end with stdin."""
    given = json.loads(sys.stdin.readline())
    with openai_server(KEY, lambda key: Replaying(key, given["answers"], given["delay_s"])) as server:
        print(server.base_url, flush=True)
        sys.stdin.read()
