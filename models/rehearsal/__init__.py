"""The rehearsal model: no language model, but the creator's own words, put together by rules."""

from models.rehearsal.model import RehearsalModel

__all__ = ["RehearsalModel"]
