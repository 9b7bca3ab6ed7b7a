"""Translators that are no chat model: a program on this machine, and a server of the LibreTranslate API (our fake)."""

import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import BadInput, ModelFailed, NeedsModel
from models.translation import Translator, TranslatorConfig, open_translator, translated
from models.translation.command import CommandTranslator
from tests.fakes.libretranslate_fake import LibreTranslateFake, serving

TEXT = "Ask @ines@coast.example about {name} at https://coast.example/tin #tides 🌊 in Ferder."


def run(command: str, *texts: str, timeout_s: float = 20, source: str = "en", target: str = "es") -> list[str]:
    return CommandTranslator(command, timeout_s=timeout_s).translate(texts, source=source, target=target)


def libre(server: LibreTranslateFake, key: str = "", **more: object) -> Translator:
    config = {"engine": server.url, "key": SecretStr(key) if key else None, "timeout_s": 5}
    return open_translator(TranslatorConfig.model_validate(config | more))


# a program


def test_a_program_is_given_all_texts_at_once_and_languages_in_its_words() -> None:
    assert run("tr a-z A-Z", "the tin", "  ", "the\nlid") == ["THE TIN", "", "THE LID"]
    words = "sh -c 'cat >/dev/null; echo $0 $1 $2' {source} {target} {target3}"
    assert run(words, "x", source="en-GB", target="pt-BR") == ["en pt por"]


def test_a_program_that_loses_the_borders_is_run_once_for_each() -> None:
    assert run("tr '\\n' ' '", "the tin", "the lid") == ["the tin", "the lid"]


def test_a_program_gets_no_shell_no_keys_and_no_arguments_from_a_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GREENROOM_API_KEY", "sk-secret")
    [said] = run("sh -c 'cat >/dev/null; env'", "x")
    assert "sk-secret" not in said
    assert "PATH=" in said
    assert run("cat", f"$(touch {tmp_path}/made); `touch {tmp_path}/made`")[0].startswith("$(touch")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("command", "kind", "words"),
    [
        ("sh -c 'exit 3'", ModelFailed, "ended with code 3"),
        ("sh -c 'echo broken pipe dream >&2; exit 1'", ModelFailed, "broken pipe dream"),
        ("sh -c 'echo Error: Mode eng-spa does not exist >&2; exit 1'", NeedsModel, "can't translate from en to es"),
        ("yes", ModelFailed, "more than"),
        ("printf '\\377\\376'", ModelFailed, "not UTF-8"),
        ("no-such-program-here -u", NeedsModel, "not installed"),
    ],
)
def test_what_a_program_does_wrong_is_told(command: str, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        run(command, "the tin")


def test_a_program_that_hangs_is_stopped_with_its_children() -> None:
    began = time.monotonic()
    with pytest.raises(ModelFailed, match="longer than"):
        run("sh -c 'sleep 60 & sleep 60'", "the tin", timeout_s=0.3)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("engine", ["", "apertium", "command:", "command:'", "ftp://x", "libretranslate:x"])
def test_what_names_no_translator_is_refused(engine: str) -> None:
    with pytest.raises(BadInput):
        open_translator(TranslatorConfig(engine=engine))


# what stays as it is


def test_links_handles_placeholders_and_terms_come_back_from_an_engine_that_would_mangle_them() -> None:
    [said] = translated(CommandTranslator("tr a-z A-Z"), [TEXT], source="en", target="es", keep=["Ferder"])
    assert said == "ASK @ines@coast.example ABOUT {name} AT https://coast.example/tin #tides 🌊 IN Ferder."


def test_an_engine_that_loses_the_marks_is_asked_for_the_words_between_them() -> None:
    lossy = CommandTranslator("sed 's/ZXQ[0-9]*X//g; y/abcdefghijklmnopqrstuvwxyz/ABCDEFGHIJKLMNOPQRSTUVWXYZ/'")
    [said] = translated(lossy, [TEXT], source="en", target="es", keep=["Ferder"])
    assert said == "ASK @ines@coast.example ABOUT {name} AT https://coast.example/tin #tides 🌊 IN Ferder."


# a server


def test_a_server_translates_in_batches_and_blank_texts_are_not_sent() -> None:
    with serving("k1") as server:
        texts = [f"tin {n}" for n in range(60)]
        said = libre(server, "k1").translate([*texts, " "], source="en-US", target="pt-br")
        assert said == [*(text.upper() for text in texts), " "]
        assert [len(each) for each in server.asked] == [25, 25, 10]


def test_a_server_that_takes_less_at_once_is_given_less() -> None:
    with serving(most_characters=40) as server:
        assert libre(server).translate(["the old tin"] * 9, source="en", target="es") == ["THE OLD TIN"] * 9
    with serving(most_characters=5) as server, pytest.raises(ModelFailed, match="exceeds text limit"):
        libre(server).translate(["the old tin"], source="en", target="es")


def test_a_pair_that_it_does_not_do_is_told() -> None:
    with serving() as server, pytest.raises(NeedsModel, match="from es to de"):
        libre(server).translate(["x"], source="es", target="de")


def test_a_wrong_key_is_told_and_never_shown() -> None:
    with serving("right") as server, pytest.raises(ModelFailed) as caught:
        libre(server, "sk-wrong-key").translate(["x"], source="en", target="es")
    assert "refused the key" in caught.value.message
    assert "sk-wrong-key" not in f"{caught.value.message} {caught.value.hint}"


def test_too_many_requests_are_waited_out_once() -> None:
    with serving() as server:
        translator = libre(server)
        server.fails = [429]
        assert translator.translate(["x"], source="en", target="es") == ["X"]
        server.fails = [429, 429]
        with pytest.raises(ModelFailed, match="429"):
            translator.translate(["x"], source="en", target="es")


@pytest.mark.parametrize(
    ("broken", "words"),
    [("short", "1 of 2"), ("not json", "can't be used"), ("no list", "can't be used"), ("huge", "more than")],
)
def test_an_answer_that_cant_be_used_is_no_translation(broken: str, words: str) -> None:
    with serving() as server:
        server.broken = broken
        with pytest.raises(ModelFailed, match=words):
            libre(server).translate(["one", "two"], source="en", target="es")


def test_nothing_follows_a_redirect() -> None:
    with serving("k1") as elsewhere, serving("k1", moved_to=elsewhere.url) as server:
        with pytest.raises(ModelFailed, match="307"):
            libre(server, "k1").translate(["x"], source="en", target="es")
        assert elsewhere.requests == 0


def test_nobody_there_is_told() -> None:
    with serving() as server:
        pass
    with pytest.raises(ModelFailed, match="can't be reached"):
        libre(server).translate(["x"], source="en", target="es")


@pytest.mark.parametrize(
    ("engine", "kind"),
    [
        ("http://127.0.0.1:5000", "on_premises"),
        ("http://10.0.0.7:5000", "on_premises"),
        ("libretranslate:http://translate.lan", "on_premises"),
        ("https://libretranslate.com", "hosted"),
        ("https://8.8.8.8", "hosted"),
        ("https://localhost.example.com", "hosted"),
        ("command:apertium -u {source}-{target}", "on_premises"),
    ],
)
def test_where_words_would_go(engine: str, kind: str) -> None:
    assert open_translator(TranslatorConfig(engine=engine)).kind == kind
    assert open_translator(TranslatorConfig(engine=engine, kind="hosted")).kind == "hosted"
    assert "a-key" not in repr(TranslatorConfig(engine=engine, key=SecretStr("a-key")))
