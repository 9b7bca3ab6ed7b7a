"""English function words: the small words nobody chooses on purpose, and so a signature.

A closed list of ours: articles, pronouns, prepositions, conjunctions, auxiliaries, and common adverbs of degree, time
and stance. Contracted forms count as words of their own.
"""

FUNCTION_WORDS: tuple[str, ...] = tuple(
    """
a about above across actually after again against ago all almost along already also although always am among an and
another any anyone anything are aren't around as at away back basically be because been before behind being below
between both but by can can't cannot could couldn't did didn't do does doesn't doing don't done down during each either
else enough especially etc even ever every everyone everything few fewer first for from further generally get gets
getting got had has hasn't have haven't having he he's hence her here here's hers herself him himself his how however
i i'd i'll i'm i've if in indeed instead into is isn't it it'd it'll it's its itself just kind last later least less let
let's like likely lot lots made make makes making many may maybe me might mine more moreover most much must my myself
nearly never nevertheless next no nobody none nor not nothing now of off often oh okay on once one ones only onto or
other others our ours out over own perhaps please possibly pretty probably quite rather really same say see seem seems
several shall she she's should shouldn't simply since so some someone something sometimes somewhat soon still such sure
than that that's the their theirs them themselves then there there's therefore these they they'd they'll they're they've
thing things this those though through throughout thus to together too toward towards under unless until up upon us use
used using usually very via was wasn't way we we'd we'll we're we've well were weren't what what's whatever when
whenever where whereas whether which while who whom whose why will with within without won't would wouldn't yeah yes yet
you you'd you'll you're you've your yours yourself
""".split()  # noqa: SIM905
)

INDEX: dict[str, int] = {word: position for position, word in enumerate(FUNCTION_WORDS)}
