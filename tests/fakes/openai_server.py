"""The strict OpenAI-compatible fake, which lives in `evals` because benchmarks ask it too."""

from evals.openai_fake import KNOWN, OpenAIServer, Say, openai_server

__all__ = ["KNOWN", "OpenAIServer", "Say", "openai_server"]
