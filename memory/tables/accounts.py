"""Who is signed in to the web, by which names others vouch for members, and how often somebody tried."""

from sqlalchemy import Column, Integer, String, Table, Text

from memory.tables.base import UtcDateTime, metadata, workspace_column

sessions = Table(
    "sessions",  # of the cookie only a hash is kept
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("bearer_hash", String(64), nullable=False, unique=True),
    Column("member", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),  # of the member's secret as it was: a new one ends it
    Column("how", String(16), nullable=False),  # password, oidc, proxy
    Column("made_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("idle_until", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
)

identities = Table(
    "identities",  # the name by which an OpenID provider, or a proxy, knows a member
    metadata,
    Column("id", String(32), primary_key=True),
    workspace_column(),
    Column("digest", String(64), nullable=False, unique=True),  # of workspace, issuer and subject
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", Text, nullable=False),
)

login_tries = Table(
    "login_tries",  # hashes of names and addresses: what was typed is not kept
    metadata,
    Column("key", String(64), primary_key=True),
    workspace_column(),
    Column("tries", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("wait_until", UtcDateTime),
)
