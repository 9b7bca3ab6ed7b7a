"""The words for the model: one Markdown file a prompt, one tone sheet a channel."""

from prompts.library import is_known, over, parse, parse_request, render, request, request_first, tones, version

__all__ = ["is_known", "over", "parse", "parse_request", "render", "request", "request_first", "tones", "version"]
