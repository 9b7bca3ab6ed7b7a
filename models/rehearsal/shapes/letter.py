"""A newsletter: subject, preheader, and a body of 150 to 300 words that quotes where it comes from."""

from dataclasses import replace

from models.rehearsal.material import Extract
from models.rehearsal.shapes.kit import Kit, Piece, joined, receipts
from models.rehearsal.shapes.longer import archive, from_past, in_order, in_part, in_short, quotations, title_of
from models.rehearsal.vectors import stems
from models.tasks import DraftAnswer

SUBJECT, PREHEADER = 60, 110  # characters
REPEATED = 0.5  # share of a preheader's words that the subject has
LEAST, MOST = 150, 290  # words
NEW = 200  # words of new material, at most


def letter(kit: Kit) -> DraftAnswer:
    """Return the newsletter; no greeting and no sign-off, the template has them."""
    head = kit.head(titled=True)
    body = kit.begun(
        head, in_order(kit, words=NEW, skip=1)
    )  # the article begins with the best: here another sentence may
    groups = from_past(kit, body, least=LEAST, most=MOST, pieces=1, first=1)
    if len(groups) == 1 and len(groups[0]) > 1:  # the article has the best of the only piece
        groups = [[each for each in groups[0] if each != kit.material.past[0]]]
    body += [quotations(kit, group) for group in groups]
    quoted = [extract for group in groups for extract in group]
    end = _end(kit, quoted)
    body = body or kit.head()  # a list alone does not say what it is a list of
    body += end
    body.append(kit.read_on(joined(body)))
    text = joined(body) or kit.bare()
    subject = title_of(kit, SUBJECT)
    return DraftAnswer(
        title=title_of(kit, 70),
        subject=subject,
        preheader=_preheader(kit, text, subject),
        text=text,
        receipts=receipts(body),
    )


def _preheader(kit: Kit, text: str, subject: str) -> str:
    """Return a line that adds to the subject: an own sentence of the body, else one with whose it is; else none."""
    told = [each for each in (*kit.material.source, *kit.material.past) if not _repeats(each.text, subject)]
    for extract in told:
        if len(extract.text) <= PREHEADER and extract.text in text and not extract.speaker:
            return extract.text
    among = replace(kit, material=kit.material.where(told.__contains__))
    own = in_short(among, PREHEADER, within=text) or in_part(among, PREHEADER, within=text)
    named = [kit.words.archive_item(work.model_copy(update={"url": None})) for work in kit.works if work.url]
    listed = [each for each in named if each.split("”")[0].strip("“") in text and len(each) <= PREHEADER]
    return own.text or (listed[0] if listed else "")


def _repeats(text: str, subject: str) -> bool:
    """Say whether a line says little but what the subject says: beside it in a list of letters, it is wasted."""
    said, new = set(stems(subject)), set(stems(text))
    return text.rstrip(".").casefold() in subject.casefold() or len(new & said) >= REPEATED * len(new)


def _end(kit: Kit, quoted: list[Extract]) -> list[Piece]:
    if kit.links:
        return []
    return archive(kit, quoted)
