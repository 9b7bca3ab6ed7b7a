"""Every table, once. SQL is the truth; all else (Chroma, full text, checkpoints) can be rebuilt from here.

A change here needs a migration in `memory/migrations/versions/`; a test compares the two.
"""

from memory.tables.accounts import identities, login_tries, sessions
from memory.tables.archive import (
    files,
    indexed,
    near_duplicates,
    passages,
    signatures,
    vectors,
    voice_profiles,
    work_versions,
    works,
)
from memory.tables.audit import suggestions
from memory.tables.base import UtcDateTime, metadata
from memory.tables.budgets import brief_choices, budgets, reservations, sensitivities
from memory.tables.dialogue import turns
from memory.tables.facts import facts, outcomes
from memory.tables.forget import forgettings
from memory.tables.index import embedding_choices, index_marks
from memory.tables.localization import segment_acts, translations
from memory.tables.outbox import (
    connections,
    heartbeats,
    known_accounts,
    mailings,
    occurrences,
    publications,
    quarantines,
    series,
    subscribers,
)
from memory.tables.people import consents, members, workspaces
from memory.tables.pictures import photos
from memory.tables.preferences import lessons, preference_words, preferences
from memory.tables.review import briefs, decisions, drafts, ledger, plans, proposals, usage
from memory.tables.scheduling import embargoes, feeds
from memory.tables.slack_door import slack_events, slack_messages

__all__ = [
    "UtcDateTime",
    "brief_choices",
    "briefs",
    "budgets",
    "connections",
    "consents",
    "decisions",
    "drafts",
    "embargoes",
    "embedding_choices",
    "facts",
    "feeds",
    "files",
    "forgettings",
    "heartbeats",
    "identities",
    "index_marks",
    "indexed",
    "known_accounts",
    "ledger",
    "lessons",
    "login_tries",
    "mailings",
    "members",
    "metadata",
    "near_duplicates",
    "occurrences",
    "outcomes",
    "passages",
    "photos",
    "plans",
    "preference_words",
    "preferences",
    "proposals",
    "publications",
    "quarantines",
    "reservations",
    "segment_acts",
    "sensitivities",
    "series",
    "sessions",
    "signatures",
    "slack_events",
    "slack_messages",
    "subscribers",
    "suggestions",
    "translations",
    "turns",
    "usage",
    "vectors",
    "voice_profiles",
    "work_versions",
    "works",
    "workspaces",
]
