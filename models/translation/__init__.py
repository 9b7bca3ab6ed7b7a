"""Translators that are no chat model, behind one port: a command on this machine, a LibreTranslate server."""

from models.translation.opening import open_translator
from models.translation.port import Translator, TranslatorConfig
from models.translation.sparing import translated

__all__ = ["Translator", "TranslatorConfig", "open_translator", "translated"]
