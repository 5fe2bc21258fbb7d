"""How the time used changed a figure, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from competition.scoring.exact import shown
from competition.scoring.wording import N_, Say, clauses

Facts = Mapping[str, Any]

_VERDICTS = {
    "zero": N_("超过 %(after)s 秒，成绩计零分"),
    "out": N_("超过 %(after)s 秒，淘汰"),
    "stop": N_("超过 %(after)s 秒叫停，只评已完成部分"),
}


def time_words(name: str, value: str, facts: Facts, _: Say) -> str:
    """One sentence: the time against the limit, what was counted, and what came of it."""
    said = [_used(name, facts, _)]
    verdict = facts["verdict"]
    if verdict:
        said.append(_(_VERDICTS[verdict], after=facts["stop_after"]))
    if verdict not in ("zero", "out"):
        said += [*_counted(facts, _), _points(value, _)]
    return clauses(_, *said)


def _used(name: str, facts: Facts, _: Say) -> str:
    said = {"name": name, "used": clock(facts["seconds"]), "limit": clock(facts["limit"])}
    if facts["early"] != "0":
        return _("%(name)s用时 %(used)s，规定 %(limit)s，提前 %(early)s 秒", **said, early=facts["early"])
    if facts["over"] == "0" or facts["over"].startswith("-"):
        return _("%(name)s用时 %(used)s，规定 %(limit)s", **said)
    if facts["grace"] != "0":
        return _("%(name)s用时 %(used)s，规定 %(limit)s，超时 %(over)s 秒，宽限 %(grace)s 秒", **said, over=facts["over"],
                 grace=facts["grace"])
    return _("%(name)s用时 %(used)s，规定 %(limit)s，超时 %(over)s 秒", **said, over=facts["over"])


def _counted(facts: Facts, _: Say) -> Iterator[str]:
    if facts["ahead_of"] != "0":
        yield _("领先按时完成的最后一名 %(n)s 个名次", n=facts["ahead_of"])
    if facts["units"] != "0":
        said = {"unit": facts["unit_s"], "points": facts["unit_points"], "n": facts["units"]}
        if facts["started"]:
            yield _("每 %(unit)s 秒 %(points)s 分，不足 %(unit)s 秒的按 %(unit)s 秒计，合 %(n)s 个 %(unit)s 秒", **said)
        else:
            yield _("每满 %(unit)s 秒 %(points)s 分，合 %(n)s 个 %(unit)s 秒", **said)


def _points(value: str, _: Say) -> str:
    if value == "0":
        return _("不加减分")
    return _("扣 %(n)s 分", n=shown(value[1:])) if value.startswith("-") else _("得 %(n)s 分", n=shown(value))


def clock(seconds: str) -> str:
    """Seconds as ``40:00`` or ``1:32:10``; fractions of a second are kept."""
    whole, _, rest = seconds.partition(".")
    minutes, left = divmod(int(whole), 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
    return f"{text}.{rest}" if rest else text
