"""What every shape works with: pieces of text that carry their receipts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.channels import channel as rules_of
from core.counting import fits
from core.errors import BadInput
from core.hashtags import hashtag
from core.sentences import split
from models.rehearsal.connectors import Connectors
from models.rehearsal.material import Extract, Material
from models.rehearsal.noting import Notes
from models.rehearsal.statement import Statement, shortened
from models.rehearsal.vectors import stems
from models.tasks import Line, Mark, PastWork

POOL = 8  # the best extracts, among which channels take turns

CUT = 10  # characters: the steps in which words that must be cut get shorter


@dataclass(frozen=True)
class Piece:
    """Some text of a draft, and where its lines come from."""

    text: str
    receipts: tuple[Line, ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is anything in it."""
        return bool(self.text)


@dataclass(frozen=True)
class Kit:
    """All that one draft is made from. The same kit makes the same draft."""

    channel: str
    turn: int
    statement: Statement
    material: Material
    words: Connectors
    works: tuple[PastWork, ...] = ()
    links: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    title: str = ""  # the angle's, where a person or a plan gave one
    source_title: str = ""
    day: str = ""  # the material's sentence that says on which day, where that may be still to come
    day_from: Literal["source", "brief"] = "source"
    premise: str = ""  # of an angle that a person wrote
    thread: bool = False
    source_text: str = ""
    notes: Notes | None = None  # the material, where it is raw notes
    pictures: tuple[str, ...] = ()  # what the brief's pictures show
    marks: tuple[Mark, ...] = ()  # the source's times
    speakers: tuple[str, ...] = ()  # everybody who speaks in the source

    @property
    def new(self) -> bool:
        """Whether the brief brought material of its own."""
        return bool(self.material.source)

    def opening(self) -> Piece | None:
        """Return the sentence that says what it is about; None where the ask does not say."""
        if self.premise:
            return Piece(self.premise)
        if not self.statement.about:
            return None
        text = self.statement.opening(self.words, self.turn)
        about = self.statement.about
        quote = about.strip("“”") if about.startswith("“") else about
        line = Line(line=text, quote=quote, origin=self.statement.origin)
        asked = f" {self.statement.invite}" if self.statement.invite else ""
        if not self.day:
            return Piece(f"{text}{asked}", (line,))
        return Piece(f"{text} {self.day}{asked}", (line, Line(line=self.day, quote=self.day, origin=self.day_from)))

    @property
    def names_a_topic(self) -> bool:
        """Whether the opening only names what it is about: no sentence, and nobody's premise."""
        return self.statement.topic and not (self.premise or self.day or self.statement.invite)

    def says_the_topic(self, text: str) -> bool:
        """Say whether a text has most of the topic's words, in whatever form."""
        asked = set(stems(self.statement.about))
        return bool(asked) and len(asked & set(stems(text))) * 2 > len(asked)

    def head(self, *, titled: bool = False) -> list[Piece]:
        """Return what stands at the beginning: the opening and what else the ask says.

        `titled` is for what has a title: one that only names the topic is not said again under it.
        """
        opening = None if titled and self.names_a_topic else self.opening()
        return [piece for piece in (opening, self.aside()) if piece]

    def aside(self) -> Piece | None:
        """Return what else the ask says, in its own words."""
        more = self.statement.more
        if not more:
            return None
        text = more if more.rstrip().endswith((".", "!", "?", "…", "。", ":", "”")) else f"{more.rstrip()}."
        return Piece(text, (Line(line=text, quote=more, origin="brief"),))

    def begun(self, head: Sequence[Piece], body: Sequence[Piece], alone: Sequence[Piece] = ()) -> list[Piece]:
        """Return head and body; where the ways to open are used up by other channels, one of the body comes first.

        Each channel has another one first, so that no two of them begin alike. `alone` is the body as each of it is
        told where nothing stands before it: an "And in March" or a quote without its speaker can't be first.
        """
        past = self.turn - len(self.statement.ways(self.words))
        if not body or not self.statement.about or past < 0:
            return [*head, *body]
        if self.names_a_topic and head:
            said = self.says_the_topic(joined(body))
            head = [piece for piece in head if not said or piece != self.opening()]
            if not said:
                return [*head, *body]
        if any(line.origin == "work" for line in body[0].receipts):
            return [
                body[0],
                *head,
                *body[1:],
            ]  # quotes of the past take turns already, and each counts on the one before
        lead = past % len(body)
        first = (alone or body)[lead]
        again = (alone or body)[lead + 1 : lead + 2]  # who speaks here was named by what stands elsewhere now
        return [first, *head, *body[:lead], *again, *body[lead + 2 :]]

    def has_way(self) -> bool:
        """Say whether there is a way to open that no other channel takes."""
        return bool(self.statement.about) and self.turn < len(self.statement.ways(self.words))

    def pool(self) -> list[Extract]:
        """Return the extracts to choose from, this channel's own turn first."""
        best = [each for each in self.material.source or self.material.past if each.text != self.day][:POOL]
        start = self.turn % len(best) if best else 0
        return [*best[start:], *best[:start]]

    def told(
        self,
        extract: Extract,
        *,
        kind: Literal["", "again", "after", "apart"] = "",
        words: int = 0,
        before: str | None = None,
        quoted: PastWork | None = None,
        named: bool = False,
    ) -> Piece:
        """Return an extract as this draft may say it: new material plainly, a speaker or a past piece as a quote.

        `words` lets it run on into the next sentences; `before` is who was quoted just before it, `quoted` the
        past piece that was, `named` that this speaker was named with this piece.
        """
        run = extract.run(words)
        text = " ".join(each.text for each in run)
        receipts = tuple(each.line() for each in run)
        if extract.work and extract.speaker:
            way: Literal["", "after", "again"] = "after" if kind == "after" else "again" if named else ""
            quote = self.words.spoken_past(extract.work, extract.speaker, text, self.turn, kind=way)
            return Piece(quote, receipts)
        if extract.work:
            return Piece(self.words.quoting(extract.work, text, self.turn, kind, quoted), receipts)
        if extract.speaker and extract.speaker == before:
            return Piece(f"“{text}”", receipts)
        if extract.speaker:
            return Piece(self.words.spoken(extract.speaker, text, self.turn, after=kind == "after"), receipts)
        return Piece(text, receipts)

    def tags(self, most: int) -> str:
        """Return a line of hashtags, as many as are customary here and at most `most`."""
        return self.tags_of(min(most, rules_of(self.channel).hashtags.usual))

    def tags_of(self, most: int) -> str:
        """Return a line of at most so many hashtags."""
        marks = list(dict.fromkeys(mark for mark in map(hashtag, self.hashtags) if 3 <= len(mark) <= 25))
        return " ".join(marks[:most])

    def link(self, extract: Extract | None = None) -> str:
        """Return the link to carry: the brief's own, else that of the piece that is quoted."""
        if self.links:
            return self.links[0]
        return (extract.work.url or "") if extract and extract.work else ""

    def at(self, turn: int) -> "Kit":
        """Return the kit of another turn."""
        return replace(self, turn=turn)

    def says_the_ask(self, text: str) -> bool:
        """Say whether a text says, in the ask's own words, what the draft is about."""
        return bool(self.statement.about) and self.statement.about[1:] in text

    def bare(self) -> str:
        """Return the ask's own words, cut at a natural border where they must be: nothing else fits, or is there."""
        text = self.statement.about or self.source_title or self.title or self.statement.ask
        if not text.strip():
            raise BadInput("The brief says nothing.", hint="Say what you want to announce or tell.")
        text = text[:1].upper() + text[1:].rstrip()
        whole = text if text.endswith((".", "!", "?", "…", "。")) else text + "."
        said = [span.text for span in split(whole)]
        for count in range(len(said), 0, -1):
            if fits(self.channel, " ".join(said[:count])):
                return " ".join(said[:count])
        for longest in range(len(text), CUT, -CUT):  # one sentence that does not fit: the dots say that it goes on
            short = shortened(text, longest)
            if short and fits(self.channel, short + " …"):
                return short + " …"
        return text[:CUT]

    def read_on(self, before: str) -> Piece:
        """Return the line with the link, empty where there is none or the text before carries it already."""
        if not self.links or self.links[0] in before:
            return Piece("")
        choices: list[str] = self.words.phrases["read_on"]
        return Piece(self.words.say(choices[self.turn % len(choices)], link=self.links[0]))

    def fits(self, pieces: Sequence[Piece]) -> bool:
        """Say whether the pieces fit the channel together."""
        return fits(self.channel, joined(pieces))


def joined(pieces: Iterable[Piece]) -> str:
    """Return the pieces as paragraphs."""
    return "\n\n".join(piece.text for piece in pieces if piece.text)


def receipts(pieces: Iterable[Piece]) -> tuple[Line, ...]:
    """Return all receipts of the pieces, each once."""
    return tuple(dict.fromkeys(line for piece in pieces for line in piece.receipts))


def words_in(pieces: Iterable[Piece]) -> int:
    """Return how many words the pieces have."""
    return sum(len(piece.text.split()) for piece in pieces)


def by_different_works(extracts: Iterable[Extract]) -> list[Extract]:
    """Return one extract a work first, in their order, then the others."""
    seen: set[str] = set()
    first: list[Extract] = []
    others: list[Extract] = []
    for extract in extracts:
        key = extract.work.id if extract.work else f"p{extract.paragraph}"
        (others if key in seen else first).append(extract)
        seen.add(key)
    return first + others
