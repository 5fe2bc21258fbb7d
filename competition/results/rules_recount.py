"""The second, independent calculation beside what is to be published: differences in words. Pure."""

from collections.abc import Callable, Mapping

from competition.recount.comparing import Difference
from competition.scoring.wording import N_, Wording

OTHER = N_("%(what)s：记为 %(said)s，另行计算得 %(found)s")
NOTHING = N_("无")


_OWN = {"rank": N_("名次"), "awards": N_("奖项"), "status": N_("状态"), "line": N_("整行")}


def say(one: Difference, awards: Callable[[str], str], to: Wording) -> str:
    """A difference in a sentence without its end. ``awards``: keys of tiers, joined by commas, in words."""
    words: Mapping[str, Callable[[str], str]] = {"awards": awards, "status": to.status}
    read = words.get(one.what, str)
    said, found = (read(text) if text else to.say(NOTHING) for text in (one.said, one.found))
    what = to.say(_OWN[one.what]) if one.what in _OWN else to.name(one.label)
    return to.say(OTHER, what=what, said=said, found=found)
