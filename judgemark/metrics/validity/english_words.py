"""Small word lists of English that counting rules look words up in."""

from __future__ import annotations

_FUNCTION_WORDS = """
a about above after again against all almost along already also although always am among an and
another any anyone anything are aren't around as at away back be because been before behind being
below beneath beside between beyond both but by can can't cannot could couldn't did didn't do does
doesn't don't down during each either else enough even ever every everyone everything few for from
had hadn't has hasn't have haven't having he he'd he'll he's her here hers herself him himself his
how however i i'd i'll i'm i've if in inside into is isn't it it'd it'll it's its itself just
least less like many may maybe me might mine more most much must my myself near neither never no
nobody none nor not nothing now of off often on once one only onto or other others ought our ours
ourselves out outside over own perhaps quite rather same shall she she'd she'll she's should
shouldn't since so some someone something still such than that that's the their theirs them
themselves then there there's these they they'd they'll they're they've this those though through
throughout till to together too toward towards under until up upon us very was wasn't we we'd
we'll we're we've were weren't what whatever when where whether which while who whom whose why
will with within without won't would wouldn't yet you you'd you'll you're you've your yours
yourself
"""

_OPENERS = """
i he she it we you they this that these those his her its their my our your and but or so yet for
nor because although though while when if as since until after before
"""

FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that carry grammar rather than meaning, in lower case."""

OPENERS = frozenset(_OPENERS.split())
"""Pronouns and conjunctions that may open a paragraph, in lower case."""

SHORTEST_ADVERB = 5
"""Letters of the shortest word in -ly that counts as an adverb: "fly" and "ugly" do not."""
