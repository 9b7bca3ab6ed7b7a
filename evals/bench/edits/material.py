"""Briefs for scripted creators: plain news in the prose of somebody else, with the habits that people edit out.

All of it is ours and made up. The same random numbers give the same brief.
"""

from random import Random
from typing import NamedTuple

SENTENCES = 15  # of a source; a draft takes some of them

_PLACES = (
    "Ferry Street",
    "Lind Square",
    "Old Quay",
    "Mill Lane",
    "North Pier",
    "Castle Yard",
    "Elm Corner",
    "Dock Road",
)
_THINGS = (
    "the ticket counter",
    "the reading room",
    "the repair workshop",
    "the seed library",
    "the boat shed",
    "the night market",
    "the sound archive",
    "the tool library",
    "the garden school",
    "the print studio",
    "the bike kitchen",
    "the weather station",
)
_NAMES = ("Anna Holt", "Marco Ruiz", "Ines Dahl", "Tomas Berg", "Leila Haddad", "Ruth Okafor", "Jon Aune", "Mei Tan")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = ("March", "April", "May", "June", "September", "October")
_HEDGES = ("perhaps ", "quite ", "sort of ", "rather ", "somewhat ", "kind of ", "", "", "")
_VERY = ("very ", "really ", "truly ", "", "")
_LEADS = (
    "We are thrilled to announce that ",
    "We are delighted to share that ",
    "It is important to note that ",
    "Please note that ",
    "",
    "",
)
_ENDS = ("!", "!", ".", ".", ".")
_EMOJI = (" 🎉", " 🚲", " ✨", " 🙌", "", "", "", "")

_PROSE = (
    "{lead}{thing} at {place} opens to users on {day} {date} {month}{end}",
    "users told us that they could not reach the old entrance, the bell{ox} or the box{emoji} last winter{end}",
    "the color of the walls was {hedge}chosen by users as well, and it is not a bad choice for a dark street{end}",
    "{name} — who has worked on {few} of them — thinks that it is {very}good for the neighborhood{end}",
    "we organized {many} sessions with users last winter in order to learn what they need{end}",
    "{lead}everyone can utilize it without help, without a card{ox} and without a phone{end}",
    "it {hedge}takes about {many} minutes to learn, and we do not think that anybody will need a manual{end}",
    "the center is {very}easy to find; it stands behind the library, the bakery{ox} and the old theater{end}",
    "users who come by bike, by bus{ox} or on foot will {hedge}be glad to see how wide{emoji} and light it is{end}",
    "we have prioritized what users asked for most — light, benches{ox} and a clock that is right{end}",
    "{name} says that the neighbors have been {very}patient, because the work took {many} weeks{end}",
    "{lead}users do not have to book, but it is {hedge}wise to come before noon on a {day}{end}",
    "the old floor was {very}uneven; we have kept {few} of its boards and organized the rest into shelves{end}",
    "a large number of users asked for a place to sit, so there are {many} chairs along the wall{emoji} now{end}",
    "it is not clear yet how many users will come, so we will count them in order to plan the summer{end}",
    "{name} recognized the {hedge}odd smell at once — it was the glue — and opened all the windows{end}",
    "we are {very}grateful to the {many} people who gave an evening, a ladder{ox} or a bucket of paint{end}",
    "the old sign was {hedge}hard to read; the new one has {few} words and a gray arrow on it{end}",
    "users can borrow a key, a lamp{ox} and a map at the desk, and they do not pay for it{end}",
    "{name} keeps the {hedge}long list of what users want on the wall, and it is not a secret{end}",
    "there is a {very}small kitchen at the back, with a kettle, a sink{ox} and a window to the yard{emoji}{end}",
    "we did not paint the ceiling; it is {hedge}brown from {few} decades of smoke, and that is how users knew it{end}",
    "{lead}users who cannot climb the stairs will find a lift behind the {very}heavy curtain{end}",
    "the city has organized a bus from the center that stops at the gate every {many} minutes{end}",
    "{name} and {few} neighbors carried the {very}old piano down, and it was not an easy evening{end}",
    "users are not asked for a name, a number{ox} or a reason when they borrow something{end}",
    "we are {hedge}curious what users will make of the empty room — it has a good echo and no clock{end}",
    "the roof does not leak any more; {name} utilized what was left of the ferry tarpaulin{end}",
    "{lead}the wall by the stairs is kept free for users who want to hang a note, a photo{ox} or a drawing{end}",
    "a large number of letters came in, and we have read them all in order to find the {few} best ideas{emoji}{end}",
    "it was {very}quiet on the first evening, so {name} played the radio — softly — until users came{end}",
    "the garden behind it is {hedge}wild, and it is not going to be cut before the {month} meeting{end}",
    "{name} wrote a manual of {many} pages, but users do not seem to miss it when it is gone{end}",
    "anybody can bring a chair, a lamp{ox} or a story, and they are all {very}welcome on {day} evenings{end}",
    "{lead}there is no fee, and we will not ask users for one as long as the city pays for the heat{end}",
    "the color scheme was {hedge}hard to agree on; {few} of us wanted gray and the neighbors wanted none{end}",
    "users favor the corner by the stove, which is {very}warm and {hedge}close to the biscuits{emoji}{end}",
    "we have {few} keys left, and anybody who lives near can ask {name} for one of them{end}",
    "{lead}the first {many} to come get a cup that does not match any other cup in the house{end}",
    "{lead}the rooms upstairs are not ready yet, and we will not open them before they are safe{end}",
)


class Asked(NamedTuple):
    """One brief: what is asked, and the source that it is made from."""

    ask: str
    title: str
    source: str


def brief(random: Random) -> Asked:
    """Return the next brief."""
    thing, place = random.choice(_THINGS), random.choice(_PLACES)
    title = f"{thing[:1].upper()}{thing[1:]} at {place}"
    first, *others = _PROSE
    chosen = [first, *random.sample(others, SENTENCES - 1)]
    names = random.sample(_NAMES, 2)
    told = [_told(random, each, thing=thing, place=place, name=names[at % 2]) for at, each in enumerate(chosen)]
    parts = [told[:1], *(told[at : at + 2] for at in range(1, len(told), 2))]
    link = f"https://example.org/{place.split()[0].lower()}-{random.randrange(100, 999)}"
    body = "\n\n".join(" ".join(part) for part in parts)
    return Asked(f"Announce {thing} at {place}", title, f"# {title}\n\n{body}\n\nMore: {link}\n")


def _told(random: Random, sentence: str, **said: str) -> str:
    text = sentence.format(
        **said,
        lead=random.choice(_LEADS),
        hedge=random.choice(_HEDGES),
        very=random.choice(_VERY),
        end=random.choice(_ENDS),
        emoji=random.choice(_EMOJI),
        ox=random.choice((",", ",", "")),
        day=random.choice(_DAYS),
        month=random.choice(_MONTHS),
        date=random.randrange(2, 29),
        few=random.choice(("three", "four", "five", "six", "nine")),
        many=random.randrange(12, 60),
    )
    return text[:1].upper() + text[1:]
