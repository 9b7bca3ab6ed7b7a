"""A translator that is a program on this machine, such as apertium: words in on stdin, words out on stdout."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import IO

from core.errors import BadInput, ModelFailed, NeedsModel
from models.translation.port import Kind

PATH = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"
"""Where programs are looked for. Nothing of the environment is handed on: it holds keys."""

MOST_TIMES, MOST_BESIDE = 8, 65_536
"""How much longer than what went in an answer may be, and the bytes that are always fine."""

_BETWEEN = "\n\n"
_WORDS = 300  # characters of what a failing program said that are shown


class CommandTranslator:
    """Runs a program without a shell. `{source}` and `{target}` in its words become languages.

    Programs called apertium get languages of three letters (eng, spa), as apertium names its pairs; for others,
    `{source3}` and `{target3}` do.
    """

    kind: Kind = "on_premises"

    def __init__(self, command: str, *, kind: Kind | None = None, timeout_s: float = 60) -> None:
        try:
            self._argv = shlex.split(command)
        except ValueError as error:
            raise BadInput(f"The translator's command can't be read: {error}.", "See docs/localization.md") from None
        if not self._argv:
            raise BadInput("The translator's command is empty.", "command:apertium -u {source}-{target}")
        self.name = Path(self._argv[0]).name
        self.kind = kind or "on_premises"
        self.where = f"the program {self.name} on this machine"
        self._timeout_s = timeout_s

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Return a translation of each text: all in one run, or one run each where their borders got lost."""
        flat = [_one_line(text) for text in texts]
        asked = [text for text in flat if text]
        if not asked:
            return ["" for _ in flat]
        whole = self._run(_BETWEEN.join(asked) + "\n", source, target)
        said = [_one_line(part) for part in whole.strip().split(_BETWEEN)]
        if len(said) != len(asked):
            said = [_one_line(self._run(text + "\n", source, target)) for text in asked]
        answers = iter(said)
        return [next(answers) if text else "" for text in flat]

    def _run(self, text: str, source: str, target: str) -> str:
        argv = self._words(source, target)
        most = len(text.encode()) * MOST_TIMES + MOST_BESIDE
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
            given.write(text.encode())
            given.seek(0)
            out, code, timed_out = self._carried_out(argv, given, complaints, most)
            complaints.seek(0)
            said = " ".join(complaints.read(4 * _WORDS).decode("utf-8", "replace").split())[:_WORDS]
        if timed_out:
            raise ModelFailed(f"{self.name} took longer than {self._timeout_s:g} seconds and was stopped.", _AGAIN)
        if len(out) > most:
            raise ModelFailed(f"{self.name} answered with more than {most} bytes and was stopped.", _AGAIN)
        if code:
            raise _failed(self.name, code, said, source, target)
        try:
            return out.decode("utf-8")
        except UnicodeDecodeError:
            raise ModelFailed(f"{self.name} answered with bytes that are not UTF-8.", _AGAIN) from None

    def _carried_out(
        self, argv: list[str], given: IO[bytes], complaints: IO[bytes], most: int
    ) -> tuple[bytes, int, bool]:
        """Return (what it said, its exit code, whether it took too long); it and its children are gone then."""
        process = subprocess.Popen(
            argv,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={"PATH": PATH, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )
        late = threading.Event()

        def stop() -> None:
            late.set()
            _kill(process.pid)

        timer = threading.Timer(self._timeout_s, stop)
        timer.start()
        stdout = process.stdout
        assert stdout is not None
        try:
            out = stdout.read(most + 1)
        finally:
            timer.cancel()
            _kill(process.pid) if process.poll() is None and (late.is_set() or len(out) > most) else None
            stdout.close()
            code = process.wait()
        return out, code, late.is_set()

    def _words(self, source: str, target: str) -> list[str]:
        two = {"source": _language(source), "target": _language(target)}
        three = {name: _three(language) for name, language in two.items()}
        named = (three if self.name == "apertium" else two) | {f"{name}3": code for name, code in three.items()}
        argv = [self._argv[0], *(_with(word, named) for word in self._argv[1:])]
        program = shutil.which(argv[0], path=PATH)
        if program is None:
            raise NeedsModel(
                f"The translator {argv[0]} is not installed on this machine.",
                "Install it, or name another one in GREENROOM_TRANSLATOR.",
            )
        return [program, *argv[1:]]


_AGAIN = "Nothing was lost; try again, or translate the segments yourself."


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _with(word: str, named: dict[str, str]) -> str:
    for name, code in named.items():
        word = word.replace(f"{{{name}}}", code)
    return word


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _failed(name: str, code: int, said: str, source: str, target: str) -> ModelFailed | NeedsModel:
    told = f" It said: {said}" if said else ""
    if any(words in said.lower() for words in ("not installed", "does not exist", "no such")):
        return NeedsModel(f"{name} can't translate from {source} to {target}.{told}", "Install that pair of languages.")
    return ModelFailed(f"{name} ended with code {code}.{told}", _AGAIN)


def _language(locale: str) -> str:
    return locale.replace("_", "-").partition("-")[0].lower()


def _three(language: str) -> str:
    return _three_letters().get(language, language)


_BOOKSELLERS = frozenset(
    "alb arm baq bur chi cze dut fre geo ger gre ice mac mao may per rum slo tib wel".split()  # noqa: SIM905
)
"""ISO 639-2's other code of some languages (ger beside deu), which no engine goes by."""


@cache
def _three_letters() -> dict[str, str]:
    """Return languages of two letters by those of three, by CLDR's table of aliases."""
    from babel.core import get_global

    aliases = get_global("language_aliases").items()
    return {two: three for three, two in aliases if len(three) == 3 and len(two) == 2 and three not in _BOOKSELLERS}
