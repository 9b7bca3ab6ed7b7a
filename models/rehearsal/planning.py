"""Three angles from own words: the news, a detail to lead with, and a remix of two distant pieces."""

from collections.abc import Sequence

from models.rehearsal.connectors import Connectors, connectors
from models.rehearsal.drafting import speaks_as_many
from models.rehearsal.material import Extract, Material, gather
from models.rehearsal.noting import Notes, notes_of
from models.rehearsal.reading import plain_line
from models.rehearsal.statement import Statement, read_ask, refuse_art, shortened
from models.rehearsal.vectors import Vectors
from models.tasks import AngleAnswer, PastWork, PlanAnswer, PlanRequest, Source

TITLE = 70  # characters
LED_BY = 2  # works that the news leans on


def plan(request: PlanRequest, vectors: Vectors) -> PlanAnswer:
    """Return up to three distinct angles, each leaning on other works where there are enough."""
    plural = speaks_as_many(request.ask, request.voice)
    refuse_art(request.ask)
    words = connectors(request.locale, plural=plural)
    statement = read_ask(request.ask, words)
    topic = " ".join(filter(None, (statement.about, statement.more)))
    material = gather(_Asked(request), topic, vectors, plural=plural, sparing=True)
    works = _by_use(request.works, material)
    news = _news(statement, works, material, words, notes_of(request))
    rest = [work for work in works if work.id not in news.work_ids] or works
    detail = _detail(material, rest, words)
    taken = {*news.work_ids, *(detail.work_ids if detail else ())}
    if len(_first_of_each(material.past)) < 2:  # what crosses two distant pieces may go far
        material = gather(_Asked(request), topic, vectors, plural=plural)
    remix = _remix(material, works, taken, vectors, words, request.remix)
    return PlanAnswer(angles=tuple(_distinct([news, detail, remix])))


class _Asked:
    """A plan's request in the form that material is gathered from."""

    def __init__(self, request: PlanRequest) -> None:
        given = request.source
        self.source = Source(
            text=given.text, own=given.own, by=given.by or given.title
        )  # the title is no topic here: angles go by the ask
        self.works = request.works
        self.ask = request.ask
        self.locale = request.locale


def _news(
    statement: Statement, works: Sequence[PastWork], material: Material, words: Connectors, notes: Notes | None
) -> AngleAnswer:
    led = works[:LED_BY]
    kind = "news" if led else "news_alone"
    said = shortened(notes.title(), TITLE) if notes and notes.headed else statement.title(TITLE)
    title = said or (shortened(material.source[0].text, TITLE) if material.source else "")
    return AngleAnswer(
        title=title or shortened(works[0].title if works else statement.more, TITLE) or "—",
        premise=_premise(words, kind, works=_named(led, words)),
        work_ids=tuple(work.id for work in led),
    )


def _detail(material: Material, works: Sequence[PastWork], words: Connectors) -> AngleAnswer | None:
    ids = {work.id for work in works}
    own = next((each for each in material.past if each.work and each.work.id in ids), None)
    own = own or next(iter(material.past), None)  # what fits, though the news leans on it, before what does not
    extract = own or (material.source[0] if material.source else None)
    if extract is None:
        return None
    title = extract.text if extract.work is None or len(extract.text) <= TITLE else plain_line(extract.work.title)
    short = shortened(title, TITLE - 2)
    return AngleAnswer(
        title=f"“{short}”" if extract.speaker and extract.work is None else short,
        premise=_premise(words, "detail" if extract.work else "source", quote=f"“{extract.text}”"),
        work_ids=(extract.work.id,) if extract.work else (),
    )


def _remix(
    material: Material,
    works: Sequence[PastWork],
    taken: set[str],
    vectors: Vectors,
    words: Connectors,
    named: Sequence[str] = (),
) -> AngleAnswer | None:
    """Cross the two pieces that were named where both can be quoted, else the two that are farthest apart.

    Those that no other angle leans on come first.
    """
    firsts = _first_of_each(material.past)
    if len(firsts) < 2:
        return _single(works, taken, words)
    fresh = {key: each for key, each in firsts.items() if key not in taken}
    choice = fresh if len(fresh) >= 2 else firsts
    choice = {key: firsts[key] for key in named} if len(named) == 2 and set(named) <= set(firsts) else choice
    first, second = _farthest(list(choice.values()), vectors)
    assert first.work and second.work
    title = str(words.phrases["angles"]["titles"]["remix"])
    half = TITLE // 2 - 4
    return AngleAnswer(
        title=words.say(
            title,
            first=shortened(plain_line(first.work.title), half),
            second=shortened(plain_line(second.work.title), half),
        ),
        premise=_premise(words, "remix", quote_first=f"“{first.text}”", quote_second=f"“{second.text}”"),
        work_ids=(first.work.id, second.work.id),
    )


def _single(works: Sequence[PastWork], taken: set[str], words: Connectors) -> AngleAnswer | None:
    work = next((work for work in works if work.id not in taken), None)
    if work is None:
        return None
    premise = _premise(words, "other", works=_named([work], words))
    return AngleAnswer(title=shortened(plain_line(work.title), TITLE), premise=premise, work_ids=(work.id,))


def _farthest(extracts: Sequence[Extract], vectors: Vectors) -> tuple[Extract, Extract]:
    matrix = vectors.of([f"{each.work.title if each.work else ''}. {each.text}" for each in extracts])
    alike = matrix @ matrix.T
    pairs = [(i, j) for i in range(len(extracts)) for j in range(i + 1, len(extracts))]
    i, j = min(pairs, key=lambda pair: (float(alike[pair]), pair))
    return extracts[i], extracts[j]


def _by_use(works: Sequence[PastWork], material: Material) -> list[PastWork]:
    """Return the works that offer something to quote, best first, then the others as they were recalled."""
    order = list(_first_of_each(material.past))
    return sorted(works, key=lambda work: order.index(work.id) if work.id in order else len(order))


def _first_of_each(extracts: Sequence[Extract]) -> dict[str, Extract]:
    firsts: dict[str, Extract] = {}
    for extract in extracts:
        if extract.work:
            firsts.setdefault(extract.work.id, extract)
    return firsts


def _named(works: Sequence[PastWork], words: Connectors) -> str:
    joint = f" {words.phrases['angles']['and']} "
    return joint.join(words.archive_item(work.model_copy(update={"url": None})) for work in works)


def _premise(words: Connectors, kind: str, **values: str) -> str:
    return words.say(words.phrases["angles"]["premises"][kind], **values)


def _distinct(angles: Sequence[AngleAnswer | None]) -> list[AngleAnswer]:
    return list({angle.title.lower(): angle for angle in reversed([a for a in angles if a])}.values())[::-1]
