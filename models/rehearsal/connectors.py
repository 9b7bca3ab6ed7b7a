"""The connecting phrases of `connectors.yaml`, filled for one creator and language."""

from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from core.base import Noun
from models.tasks import PastWork


class Connectors(Noun):
    """The phrases of one language, spoken as I or as we."""

    phrases: dict[str, Any]
    person: dict[str, str]

    def say(self, phrase: str, **values: str) -> str:
        """Return a phrase with its places filled."""
        return phrase.format(**{**self.person, "Our": self.person["our"].capitalize(), **values}).strip()

    def when(self, day: str | None) -> str | None:
        """Return "March 2019" for `2019-03-05`; None where there is no date."""
        if not day:
            return None
        year, month = day.split("-")[:2]
        return str(self.phrases["when"]).format(month=self.phrases["months"][int(month) - 1], year=year)

    def quoting(
        self,
        work: PastWork,
        quote: str,
        turn: int,
        kind: Literal["", "again", "after", "apart"] = "",
        before: PastWork | None = None,
    ) -> str:
        """Return `quote` (bare words) in quotation marks, with where and when it was written.

        `again` is for a second quote in one text, `after` lets the quote stand first, `apart` is for one that stands
        by itself among others (a slide). `before` is the piece quoted just
        before it: its month is not named twice.
        """
        when, title = self.when(work.published_at), title_of(work)
        dated = "dated" if when else "undated"
        again = "again" if when else "again_undated"
        if when and before and self.when(before.published_at) == when:
            again = "again_undated" if title and title != title_of(before) else "again_then"
        name = {"": dated, "again": again, "after": f"{dated}_after", "apart": f"{dated}_apart"}[kind]
        choices = [each for each in self.phrases["quoting"][name] if title or "{title}" not in each]
        choices = choices or self.phrases["quoting"]["dated" if when else "untitled"]
        return self.say(choices[turn % len(choices)], quote=f"“{quote}”", title=title, when=when or "")

    def spoken(self, who: str, quote: str, turn: int, *, after: bool = False) -> str:
        """Return what a named speaker said."""
        choices: list[str] = self.phrases["quoting"]["spoken_after" if after else "spoken"]
        return self.say(choices[turn % len(choices)], quote=f"“{quote}”", who=who)

    def spoken_past(
        self, work: PastWork, who: str, quote: str, turn: int, *, kind: Literal["", "after", "again"] = ""
    ) -> str:
        """Return what somebody said in a past piece: their words, never "we wrote"; `again` where both were named."""
        choices: list[str] = self.phrases["quoting"][f"spoken_past_{kind}" if kind else "spoken_past"]
        return self.say(choices[turn % len(choices)], quote=f"“{quote}”", who=who, title=title_of(work) or work.id)

    def made(self, premise: str) -> bool:
        """Say whether a premise is one that the plan composed from these phrases, rather than a person's words."""
        heads = [str(phrase).split("{", 1)[0].strip() for phrase in self.phrases["angles"]["premises"].values()]
        return any(head and premise.startswith(head) for head in heads)

    def introduction(self, work: PastWork, *, titled: bool = False, who: str | None = None) -> str:
        """Return the line that stands before a longer quote, linked where the work has a URL; `who` said it."""
        if who:
            said = self.phrases["linked"]["spoken" if work.url else "spoken_plain"]
            return self.say(said, who=who, title=title_of(work) or work.id, link=work.url or "")
        when, title = self.when(work.published_at), title_of(work)
        if when and (titled or not title):
            phrase = self.phrases["linked"]["titled_linked" if work.url else "titled"]
            return self.say(phrase, when=when, link=work.url or "")
        key = ("dated" if when else "undated") + ("" if work.url else "_plain")
        return self.say(self.phrases["linked"][key], title=title or work.id, when=when or "", link=work.url or "")

    def archive_item(self, work: PastWork) -> str:
        """Return a past piece as an item of a list, linked where it has a URL."""
        when = self.when(work.published_at)
        phrase: str = self.phrases["archive_item_dated" if when else "archive_item"]
        title = title_of(work) or work.id
        item = self.say(phrase, title=title, when=when or "")
        return item.replace(f"“{title}”", f"[{title}]({work.url})") if work.url else item


def connectors(locale: str, *, plural: bool) -> Connectors:
    """Return the phrases for a locale; a language that has none gets titles and dates only."""
    everything = _load()
    phrases = everything.get(locale.split("-", maxsplit=1)[0].lower(), everything["neutral"])
    return Connectors(phrases=phrases, person=phrases["person"]["many" if plural else "one"])


def title_of(work: PastWork) -> str:
    """Return a work's title as words to be put in quotation marks; empty where it has none."""
    title = " ".join(work.title.split()).strip("“”\"'").rstrip(".:;,–— ")
    return title if any(char.isalnum() for char in title) else ""


@lru_cache(maxsize=1)
def _load() -> dict[str, Any]:
    import yaml

    text = resources.files(__package__).joinpath("connectors.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
