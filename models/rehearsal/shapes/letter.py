"""A newsletter: subject, preheader, and a body of 150 to 300 words that quotes where it comes from."""

from models.rehearsal.material import Extract
from models.rehearsal.shapes.kit import Kit, Piece, by_different_works, joined, receipts, words_in
from models.rehearsal.shapes.longer import archive, in_order, quotations, size, title_of
from models.tasks import DraftAnswer

SUBJECT, PREHEADER = 60, 110  # characters
LEAST, MOST = 150, 290  # words
NEW = 200  # words of new material, at most


def letter(kit: Kit) -> DraftAnswer:
    """Return the newsletter; no greeting and no sign-off, the template has them."""
    body = [piece for piece in (kit.opening(), kit.aside()) if piece]
    body += in_order(kit, words=NEW)
    quoted: list[Extract] = []
    for extract in by_different_works(kit.material.past):
        if words_in(body) >= LEAST and quoted:
            break
        if words_in(body) + size(extract) <= MOST and all(extract.text not in each.text for each in body):
            body.append(quotations(kit, [extract]))
            quoted.append(extract)
    body += _end(kit, quoted)
    text = joined(body) or kit.statement.about
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
    again = kit.statement.opening(kit.words, kit.turn + 1) if kit.statement.about else ""
    return again if len(again) <= PREHEADER else ""


def _end(kit: Kit, quoted: list[Extract]) -> list[Piece]:
    if kit.links:
        choices: list[str] = kit.words.phrases["read_on"]
        return [Piece(kit.words.say(choices[kit.turn % len(choices)], link=kit.links[0]))]
    return archive(kit, quoted)
