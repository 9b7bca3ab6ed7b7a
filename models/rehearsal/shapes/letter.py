"""A newsletter: subject, preheader, and a body of 150 to 300 words that quotes where it comes from."""

from models.rehearsal.material import Extract
from models.rehearsal.shapes.kit import Kit, Piece, joined, receipts
from models.rehearsal.shapes.longer import archive, from_past, in_order, in_short, quotations, title_of
from models.tasks import DraftAnswer

SUBJECT, PREHEADER = 60, 110  # characters
LEAST, MOST = 150, 290  # words
NEW = 200  # words of new material, at most


def letter(kit: Kit) -> DraftAnswer:
    """Return the newsletter; no greeting and no sign-off, the template has them."""
    head = kit.head(titled=True)
    body = kit.begun(
        head, in_order(kit, words=NEW, skip=1)
    )  # the article begins with the best: here another sentence may
    groups = from_past(kit, body, least=LEAST, most=MOST, pieces=1)
    body += [quotations(kit, group) for group in groups]
    quoted = [extract for group in groups for extract in group]
    body += _end(kit, quoted)
    body.append(kit.read_on(joined(body)))
    text = joined(body) or kit.bare()
    return DraftAnswer(
        title=title_of(kit, 70),
        subject=title_of(kit, SUBJECT),
        preheader=_preheader(kit, text),
        text=text,
        receipts=receipts(body),
    )


def _preheader(kit: Kit, text: str) -> str:
    """Return a line that adds to the subject: an own sentence that the body holds, else another opening."""
    for extract in (*kit.material.source, *kit.material.past):
        if len(extract.text) <= PREHEADER and extract.text in text and not extract.speaker:
            return extract.text
    return in_short(kit, PREHEADER, within=text).text


def _end(kit: Kit, quoted: list[Extract]) -> list[Piece]:
    if kit.links:
        return []
    return archive(kit, quoted)
