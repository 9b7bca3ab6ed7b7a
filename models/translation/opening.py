"""Opens the translator that a config names."""

from core.errors import BadInput
from models.translation.port import Translator, TranslatorConfig

COMMAND, LIBRE = "command:", "libretranslate:"


def open_translator(config: TranslatorConfig) -> Translator:
    """Return the translator; nothing is run or sent yet. Raises BadInput for what is neither."""
    engine = config.engine.strip()
    if engine.startswith(COMMAND):
        from models.translation.command import CommandTranslator

        command = engine.removeprefix(COMMAND).strip()
        quoted = len(command) > 1 and command[0] == command[-1] == '"'
        return CommandTranslator(command[1:-1] if quoted else command, kind=config.kind, timeout_s=config.timeout_s)
    address = engine.removeprefix(LIBRE)
    if address.startswith(("http://", "https://")):
        from models.translation.libretranslate import LibreTranslate

        return LibreTranslate(config.model_copy(update={"engine": address}))
    raise BadInput(
        f"{config.engine!r} names no translator.",
        "GREENROOM_TRANSLATOR is command:apertium -u {source}-{target}, or the address of a LibreTranslate server.",
    )
