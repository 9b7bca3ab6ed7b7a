"""A hand on the database. Who may write rows is beyond the promise; what the sender still refuses is held here.

The statements are the attacker's: they go past everything, triggers too. Not among them: rows that are forged as a
whole (a decision with its proposal and publication), which only `greenroom ledger verify` can tell, and the list of a
proposal's stages, which stands outside its hash.
"""

from random import Random

from evals.gate.moves.move import Moves
from evals.gate.stage import Stage

MOVES = Moves("row")
_PAST = "strftime('%Y-%m-%d %H:%M:%S.000000', '{now}', '-1 day')"


def write(stage: Stage, *statements: str) -> None:
    """Run statements in one transaction."""
    with stage.memory._database.write() as conn:
        conn.exec_driver_sql("DROP TRIGGER IF EXISTS proposals_never_change")
        for statement in statements:
            conn.exec_driver_sql(statement)


@MOVES("change the row of an approved proposal")
def proposal(stage: Stage, rng: Random) -> None:
    """Its words, its place, its time, its hash."""
    p = stage.approved(rng)
    write(stage, f"UPDATE proposals SET {rng.choice(_proposal(stage))} WHERE id = '{p.id}'")


@MOVES("change the row of a waiting proposal after it was shown")
def shown(stage: Stage, rng: Random) -> None:
    """The person decides what was shown."""
    card = stage.card(stage.waiting(rng).id)
    write(stage, f"UPDATE proposals SET {rng.choice(_proposal(stage))} WHERE id = '{card['id']}'")
    stage.approve(card)


@MOVES("mark a waiting proposal as approved", forges=True)
def marked(stage: Stage, rng: Random) -> None:
    """Without any decision; then put it in line."""
    p = stage.waiting(rng)
    write(stage, f"UPDATE proposals SET state = '{rng.choice(('approved', 'scheduled'))}' WHERE id = '{p.id}'")
    stage.studio.recover()


@MOVES("change a row of the outbox")
def publication(stage: Stage, rng: Random) -> None:
    """Where it goes, what it is of, when it is due, what it says."""
    row = stage.publication(rng, "scheduled", "missed", "cancelled", "unknown", "needs_human", "paused_auth")
    other = stage.any(rng)
    past = _PAST.format(now=stage.clock().strftime("%Y-%m-%d %H:%M:%S"))
    change = rng.choice((
        "account = '@collect.example'", "channel = 'mastodon'", "workspace = 'neighbour'", f"sha = '{'0' * 64}'",
        f"due_at = {past}", "grace_minutes = 99999", f"proposal_id = '{other.id}', sha = '{other.sha}'",
        """request = '{"payload": {"text": "Other words."}}'""", "part = 2", "parts = 3", "state = 'scheduled'",
        """request = json_set(coalesce(request, '{}'), '$.account', '@collect.example')""",
        f"state = 'unknown', send_deadline = {past}, attempts = 1", "decision_id = 'dec_000000000000'",
    ))  # fmt: skip
    write(stage, "PRAGMA defer_foreign_keys = ON", f"UPDATE publications SET {change} WHERE id = '{row.id}'")


@MOVES("change the row of a decision")
def decision(stage: Stage, rng: Random) -> None:
    """Who decided, on what, and what they said."""
    made = stage.decision(rng)
    other = stage.any(rng)
    change = rng.choice((
        "\"by\" = 'agent'", "\"by\" = 'Rolf'", f"sha = '{'0' * 64}'", f"proposal_id = '{other.id}'", "stage = 'legal'",
        "verb = 'reject'",
    ))  # fmt: skip
    write(stage, f"UPDATE decisions SET {change} WHERE id = '{made.id}'")


@MOVES("bring back what was taken back")
def taken_back(stage: Stage, rng: Random) -> None:
    """Set a cancelled row to scheduled again: the approval is gone, so it stays here."""
    row = stage.publication(rng, "cancelled")
    write(stage, f"UPDATE publications SET state = 'scheduled' WHERE id = '{row.id}'")


def _proposal(stage: Stage) -> tuple[str, ...]:
    past = _PAST.format(now=stage.clock().strftime("%Y-%m-%d %H:%M:%S"))
    return (
        "payload = json_set(payload, '$.text', 'Other words.')",
        "payload = json_set(payload, '$.text', 'Other words.'), text = 'Other words.'",
        "account = '@collect.example'",
        "channel = 'x'",
        "locale = 'nb'",
        f"at = {past}",
        "at = NULL, grace_minutes = NULL",
        "grace_minutes = 99999",
        f"sha = '{'0' * 64}'",
        "state = 'waiting'",
    )
