"""The lists that generic writing is known by, of our own making. A change raises VERSION.

Each entry is a stem or a phrase in lower case. They are chosen for being empty as often as they are used, not for being
wrong: a text is never judged by one of them.
"""

VERSION = 1

STYLE_STEMS: tuple[str, ...] = tuple(
    """
delv underscor showcas tapestr multifacet intricat meticulous pivotal nuanc realm testament beacon foster bolster
leverag harness unlock unleash empower elevat seamless robust holistic synerg transformativ groundbreak cutting-edge
landscap paradigm profound resonat vibrant bustling nestled embark journey navigat spearhead streamlin comprehensiv
invaluabl indispensabl crucial vital essential significan notabl noteworth remarkabl exceptional unparallel unwaver
steadfast commitment dedicat passionat thriv flourish enrich enhanc optimi facilitat endeavo strategi innovat
sustainab inclusiv diverse dynamic impactful insight perspective implication framework ecosystem interplay commendabl
exemplif embod encapsulat epitomi evok illuminat intertwin juxtapos symboli transcend whisper shimmer flicker linger
gossamer labyrinth kaleidoscop symphon mosaic crucible tirelessly poignant palpabl visceral
""".split()  # noqa: SIM905
)
"""Stems of words that promise weight."""

REPORT_STEMS: tuple[str, ...] = tuple(
    """
acknowledg across additional address advanc aim approach collaborat commit communit concern contribut demonstrat
effective effort emphasi ensur environment experienc express focus highlight impact individual initiative maintain
measure ongoing opportunit particular potential prioriti promot provid resilien role stakeholder strateg support
various within
""".split()  # noqa: SIM905
)
"""Stems of words that fill a report when there is little to report."""

LOADED: frozenset[str] = frozenset(
    """
alarming breathtaking broader captivating compelling countless daunting dazzling decisive deeply devastated
devastating dire dramatic dramatically eagerly endless enduring evident fierce fiercely fragile genuine grappling
greater grim growing harrowing heartbreaking heartfelt heightened hopeful horrific immediate immense impressive
increased increasing increasingly incredible incredibly inspiring intense lasting looming marked mounting much-needed
myriad newfound numerous overwhelming paramount precarious pressing rapid rapidly renewed rich serious severe severely
sheer shocked shockwaves sobering sparked sparking stark startling striking stunning sudden suddenly surge swift
swiftly thrilling timeless tragic tragically truly uncertain uncertainty undeniable unexpected unforgettable unique
unprecedented unsettling urgent utmost vast vigilant warm widely widespread worrying
""".split()  # noqa: SIM905
)
"""Words that tell what to feel or that there is much of it, without showing either."""

STAGE_BUSINESS: frozenset[str] = frozenset(
    """
ached air ancient breath breathed chest clung creaked darkness distant echoed echoing eyes faint faintly fingers
flickered fragile gaze glanced gleamed glint grip heart hollow hum hummed hung jaw knuckles lingered loomed murmured
pulsed quiet rasped ragged scent shadow shadows shattered shimmered silence smile softly soft stared steady stillness
swallowed sharp trembled trembling twisted unspoken voice weight whisper whispered world
""".split()  # noqa: SIM905
)
"""What happens in a story while nothing happens."""

PLAIN: frozenset[str] = frozenset(
    """
about again all around ask asked at back bad because been before big by call called came come day did didn't do does
doesn't done don't down even ever few find first for found from gave get gets getting give go goes going gone good had
happened has have he her here him his how if it it's just keep kept knew know last left let like little look looked
long made make man many me might more most much need never new next no not now off old on once one ones only or out
over own people put said same saw say saying says see seen she should show so some still take tell than that that's
them then there these they thing think this those though thought through time to told too took try turn two under
until up us use used want wanted was way we well went were what what's when where which while who why will with work
would year years you your
""".split()  # noqa: SIM905
)
"""The short everyday words that concrete sentences are made of."""

CASUAL: frozenset[str] = frozenset(
    """
actually anyway bit bunch cool crap damn dude folks fun funny gonna gosh got gotta guess guy guys heck hey hi honestly
huh kid kids kinda loads lol lot lots maybe mess messy nah nice oh ok okay pretty probably really silly sort stuff
stupid super sure thanks thing things tiny totally ugh wanna weird well whatever wow yeah yep yes
""".split()  # noqa: SIM905
)
"""Words of somebody who speaks to you."""

CONNECTIVES: tuple[str, ...] = (
    "additionally", "furthermore", "moreover", "consequently", "ultimately", "overall", "notably", "importantly",
    "similarly", "conversely", "nevertheless", "nonetheless", "in addition", "in conclusion", "in summary",
    "in essence", "as a result", "on the other hand", "by contrast", "to summarize", "in short", "that said",
    "with that in mind", "at its core", "at the same time",
)  # fmt: skip
"""Openings that only join."""

PHRASES: tuple[str, ...] = (
    "it is important to note", "it's important to note", "it is worth noting", "it's worth noting",
    "it is essential to", "it is crucial to", "in today's fast-paced", "in today's digital", "in today's world",
    "in the ever-evolving", "in an ever-changing", "ever-evolving", "ever-changing", "at the end of the day",
    "when it comes to", "plays a crucial role", "plays a vital role", "play a crucial role", "play a vital role",
    "plays a key role", "plays a pivotal role", "serves as a reminder", "serves as a testament", "stands as a",
    "a testament to", "a wide range of", "a variety of", "a myriad of", "a plethora of", "a sense of", "a mix of",
    "a mixture of", "the power of", "the importance of", "the potential to", "the ability to", "the need for",
    "shed light on", "sheds light on", "pave the way", "paves the way", "paving the way", "game changer",
    "game-changer", "take it to the next level", "the next level", "unlock the potential", "unlock the full",
    "dive into", "dive deep", "deep dive", "look no further", "whether you're a", "whether you are a",
    "not only", "let's explore", "let's dive", "remember that", "in the heart of", "in the realm of",
    "in the world of", "stood the test of time", "little did", "couldn't help but", "could not help but",
    "sent shivers", "a breath i didn't", "barely above a whisper", "hung in the air", "seemed to", "as if the",
    "something else", "for the first time in", "the weight of", "raises questions about", "raises concerns about",
    "efforts to", "aims to", "as well as", "ensure that", "ensuring that", "is expected to", "remains to be seen",
    "serve as", "highlights the", "underscores the", "calls for", "due to", "in order to",
)  # fmt: skip
"""Formulas: what stands where something could have been said."""

UNTOLD: frozenset[str] = frozenset(
    (
        "a sense of", "a variety of", "aims to", "as if the", "as well as", "due to", "efforts to", "highlights the",
        "in order to", "is expected to", "not only", "seemed to", "serve as", "something else", "the ability to",
        "the need for",
    )
)  # fmt: skip
"""Formulas that count with the others, and are no place to trouble anybody with."""

EVERY: tuple[tuple[str, ...], ...] = (
    STYLE_STEMS, REPORT_STEMS, tuple(sorted(LOADED)), tuple(sorted(STAGE_BUSINESS)), tuple(sorted(PLAIN)),
    tuple(sorted(CASUAL)), CONNECTIVES, PHRASES,
)  # fmt: skip
"""All lists: a baseline belongs to exactly these."""
