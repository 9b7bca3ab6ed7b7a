"""/metrics for Prometheus: the figures of /health. Labels hold states and limits, never a name or a word of anybody."""

from typing import TYPE_CHECKING

from fastapi import Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from app.accounts.who import who_asks
from app.figures import Figures, look
from app.modelling import currency_of

if TYPE_CHECKING:
    from app.studio import Studio
    from app.worker import SendingProcess


def metrics(studio: "Studio", sender: "SendingProcess | None", authorization: str) -> Response:
    """Answer a scrape: on this machine's own web, to who has signed in, or with a token (`greenroom tokens make`)."""
    scheme, _, bearer = authorization.partition(" ")
    told = scheme.lower() == "bearer" and studio.memory.tokens.open(bearer.strip()) is not None
    if who_asks().is_nobody and not told and not studio.settings.metrics_open:
        challenge = {"WWW-Authenticate": "Bearer"}
        return Response("A token is needed: greenroom tokens make 'Prometheus'\n", 401, challenge, "text/plain")
    page = exposed(look(studio, sender), currency_of(studio))
    return Response(page, headers={"Cache-Control": "no-store"}, media_type=CONTENT_TYPE_LATEST)


def exposed(found: Figures, currency: str) -> bytes:
    """Return figures as Prometheus reads them. A registry of its own: nothing about this process is told."""
    registry = CollectorRegistry(auto_describe=True)
    for name, about, value in (
        ("worker_alive", "1 while a sending process looks for what is due", float(found.alive)),
        ("waiting", "Proposals that wait for a person", found.waiting),
        ("past_due", "Posts that are past their time by more than five minutes", found.past_due),
        ("unknown", "Posts of which nobody knows yet whether they went out", found.unknown),
        ("undone_decisions", "Decisions that were taken and are not carried out yet", found.undone),
        ("index_waits", "Passages that are not in the search index yet", found.index_waits),
        ("model_calls", "Model calls that were made", found.calls),
    ):
        Gauge(f"greenroom_{name}", about, registry=registry).set(value)
    if found.last_look_s is not None:
        seconds = Gauge("greenroom_worker_last_look_seconds", "Since the last look of any worker", registry=registry)
        seconds.set(found.last_look_s)
    for name, about, states in (
        ("proposals", "Proposals by state", found.proposals),
        ("outbox", "Approved posts by state", found.outbox),
    ):
        gauge = Gauge(f"greenroom_{name}", about, ["state"], registry=registry)
        for state, number in states.items():
            gauge.labels(state).set(number)
    _money(found, currency, registry)
    return bytes(generate_latest(registry))


def _money(found: Figures, currency: str, registry: CollectorRegistry) -> None:
    Gauge("greenroom_model_cost", "What model calls cost", ["currency"], registry=registry).labels(currency).set(
        found.cost
    )
    of_limits = {"scope", "unit", "what"}
    gauge = Gauge("greenroom_budget", "Limits, and what is used of them", sorted(of_limits), registry=registry)
    for each in found.budgets:
        if each["subject"]:
            continue  # a member's own: their name would be a label
        for what in ("limit", "spent", "left"):
            if each[what] is not None:
                gauge.labels(scope=each["scope"], unit=each["unit"], what=what).set(each[what])
