"""The audit as doors ask for it, and the metadata that can be proposed from what is there already."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.audit import Audit
from core.errors import NotAllowed, WrongUse
from core.gaps import GAPS, has_title
from core.members import is_agent
from core.mending import Proposed, Suggestion, Vocabulary, date_from, language_from, tags_from, title_from
from core.works import Work

if TYPE_CHECKING:
    from app.studio import Studio

Progress = Callable[[str, int, int], None]

NEAR_FOR = 100
"""Works without tags for which similar pieces are looked up too: each costs a recall."""

_QUERY_WORDS = 120


def survey(studio: "Studio") -> Audit:
    """Return the state of the workspace's archive."""
    return studio.memory.audits.survey(studio.workspace.id)


def write_page(studio: "Studio", audit: Audit, file: Path) -> None:
    """Write an audit as one page that needs nothing else. Raises WrongUse where there is no folder for it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    if not file.absolute().parent.is_dir():
        raise WrongUse(f"There is no folder {file.absolute().parent}. Nothing was written.", "Make it first.")
    here = FileSystemLoader(Path(__file__).parent)
    page = Environment(loader=here, autoescape=True, undefined=StrictUndefined).get_template("audit_page.html.j2")
    labels = {name: gap.label for name, gap in GAPS.items()}
    text = page.render(audit=audit, name=studio.workspace.name, headline=headline(audit), labels=labels)
    half = file.with_name(f".{file.name}.partial")
    half.write_text(text, encoding="utf-8")
    half.replace(file)


def headline(audit: Audit) -> str:
    """Return an audit in a sentence."""
    if not audit.works:
        return "No past work yet"
    if not audit.mend_first:
        return "Nothing is missing"
    first = audit.mend_first[0]
    return f"First: {first.label} ({first.count:,} of {first.of:,})"


def propose(studio: "Studio", progress: Progress) -> dict[str, int]:
    """Propose what can be known of works and pictures, and return how many proposals are new, and are open."""
    memory, space = studio.memory, studio.workspace.id
    works = memory.works.list(space)
    vocabulary, asked = Vocabulary(work.tags for work in works), 0
    proposed: list[tuple[str, Proposed]] = []
    for done, work in enumerate(works, 1):
        proposed += [(work.id, each) for each in _for_work(studio, work)]
        if not work.tags:
            near = _near(studio, work) if asked < NEAR_FOR else {}
            asked += 1
            if tags := tags_from(vocabulary.named_in(f"{work.title}\n{work.body}"), near):
                proposed.append((work.id, tags))
        progress("Looking", done, len(works))
    proposed += _for_pictures(studio)
    new = memory.suggestions.propose(space, proposed)
    return {"new": new, "open": len(memory.suggestions.list(space))}


def decide(
    studio: "Studio",
    verb: str,
    ids: Sequence[str],
    *,
    every: bool = False,
    by: str | None = None,
    secret: str | None = None,
    progress: Progress | None = None,
) -> list[Suggestion]:
    """Accept, reject or undo suggestions by their ids, or (accept, reject) every open one; then index what changed.

    Raises NotAllowed for the agent and for who may not edit here; NotFound and AlreadyDecided, by the id, before
    anything of that suggestion was changed.
    """
    memory, space = studio.memory, studio.workspace.id
    if every == bool(ids):
        raise WrongUse("Name the suggestions, or give --all.", "greenroom audit suggestions lists them.")
    who, proof = studio.speaker(by, secret)
    if is_agent(who):
        raise NotAllowed("What is said of your works is a person's word, never the agent's.")
    memory.members.refuse(space, who, proof, roles=("owner", "editor"), what="mend what is known of works")
    chosen = [each.id for each in memory.suggestions.list(space)] if every else list(dict.fromkeys(ids))
    if verb == "accept":
        tell = progress or (lambda _what, _done, _total: None)
        decided = memory.suggestions.accept(space, chosen, by=who, progress=lambda *of: tell("Mending", *of))
    else:
        act = memory.suggestions.reject if verb == "reject" else memory.suggestions.undo
        decided = act(space, chosen, by=who)
    if verb != "reject" and any(each.work_id for each in decided):
        memory.voiding.sweep(space, memory.grounds.source, by=who)
        memory.index.bring_up_to_date(space)
    return decided


def _for_work(studio: "Studio", work: Work) -> Iterator[Proposed]:
    if not has_title(work) and (title := title_from(work.body, instead_of=work.title)):
        yield title
    if work.published_at is None and (date := date_from(work.source, work.url, studio.clock())):
        yield date
    if not work.language and (language := language_from(work.body)):
        yield language


def _near(studio: "Studio", work: Work) -> dict[str, int]:
    """Return how many of the most similar pieces carry each tag."""
    query = " ".join(f"{work.title} {work.body}".split()[:_QUERY_WORDS])
    found = studio.memory.recall(studio.workspace.id, query, k=10) if query else []
    return dict(Counter(tag for each in found if each.work_id != work.id for tag in set(each.tags)))


def _for_pictures(studio: "Studio") -> list[tuple[str, Proposed]]:
    """Propose alt text for a picture only where a person wrote some for the same one, or for what it was made from."""
    stored = {each.sha256: each for each in studio.memory.files.list(studio.workspace.id)}
    if not any(not each.alt.strip() for each in stored.values()):
        return []
    written = {sha: each.alt for sha, each in stored.items() if each.alt.strip()}
    for brief in studio.memory.briefs.list(studio.workspace.id):
        written |= {each.sha256: each.alt for each in brief.pictures if each.alt.strip()}
    for proposal in studio.memory.proposals.list(studio.workspace.id):
        written |= _captions(proposal.payload)
    made_of = {each.made_from: written[sha] for sha, each in stored.items() if each.made_from and sha in written}
    found = []
    for sha, each in stored.items():
        alt = written.get(sha) or written.get(each.made_from or "") or made_of.get(sha)
        if not each.alt.strip() and alt:
            said = Proposed(field="alt", value=alt, reason="written where the same picture was shown")
            found.append((sha, said))
    return found


def _captions(payload: dict[str, Any]) -> dict[str, str]:
    shown = [each for post in (payload, *payload.get("parts", ())) for each in post.get("media", ())]
    return {each["sha256"]: each["alt"] for each in shown if str(each.get("alt") or "").strip()}
