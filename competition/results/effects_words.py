"""The effects of a changed rulebook in words: who a line is about, what of it changes; and what the second person is shown."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import pgettext

from competition.contests.hooks import as_it_is
from competition.contests.naming import wording
from competition.contests.queries import newest_preview
from competition.core.approvals import Approval
from competition.core.formats import joined
from competition.core.shown import Behind, Shown, Table
from competition.core.words import say as _
from competition.results import rules, rules_effects
from competition.results.drafting import team_of
from competition.results.for_pages import compute_for_page
from competition.results.queries_previews import asked_preview
from competition.results.rules_figures import figure
from competition.results.standing import Computed
from competition.scoring import exact
from competition.scoring.problems import Problem
from competition.scoring.rulebook import load
from competition.scoring.wording import Wording

SHOWN = 100


@dataclass(frozen=True)
class Named:
    """Names for ids of the engine as far as codes are open, and words of the new rulebook."""

    computed: Computed
    to: Wording

    @classmethod
    def of(cls, computed: Computed, document: Mapping[str, Any]) -> "Named":
        """Who stands behind a contest's figures now."""
        return cls(computed, wording(load(document)))

    def names(self, names: Sequence[str]) -> str:
        """Names of the rulebook for the reader, one after the other."""
        return joined(self.to.name(name) for name in names)

    def label(self, line: Mapping[str, Any]) -> str:
        """A work code, or a published name once the codes are open."""
        who: str = line["who"]
        if line["scope"].startswith("team:"):
            return team_of(self.computed, who).label or who
        return self.computed.label(who)

    def cells(self, line: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        """(what, before, after) of each change of a line."""
        words = {"value": pgettext("one", "成绩"), "rank": _("名次"), "award": _("奖项"), "status": _("情况")}
        for change in line["changes"]:
            label = words.get(change["what"]) or self.to.name(change["label"])
            yield label, self._text(change, "before"), self._text(change, "after")

    def sentence(self, line: Mapping[str, Any]) -> str:
        """All changes of a line, one after the other."""
        return _("；").join(_("%(what)s %(before)s → %(after)s", what=what, before=before, after=after)
                          for what, before, after in self.cells(line))

    def _text(self, change: Mapping[str, str], side: str) -> str:
        text = change[side]
        if not text:
            return "—"
        if change["what"] == "award":
            return rules.award_read(text, self.to)
        if change["what"] == "status":
            return self.to.status(text)
        if change["what"] == "figure":
            return figure(text, change["kind"])
        # Unrounded: two figures that differ must not look alike.
        return text if change["what"] == "rank" or "/" not in text else figure(exact.text(exact.parse(text)))


def said_problems(groups: Sequence[Mapping[str, Any]], named: Named) -> list[tuple[str, int, bool]]:
    """(sentence about the first, how many alike, whether it forbids publishing), forbidding ones first."""
    found = []
    for group in groups:
        first = Problem.from_json(group["first"])
        found.append((first.say(named.computed.label, named.to), group["n"], first.blocking))
    return sorted(found, key=lambda one: not one[2])


def shown_effects(approval: Approval) -> Shown:
    """What the second person is shown: the same list as who asked, or as it was last computed; what is new since then."""
    kept = asked_preview(approval.id, "applied" if approval.state == "approved" else "asked")
    if kept is None:
        return Shown()
    contest_id = uuid.UUID(approval.payload["contest"])
    warnings: list[str] = []
    newest = (newest_preview(approval.id) or kept) if approval.state == "asked" else kept
    content = newest.content
    if approval.state == "asked" and as_it_is(newest) is None:
        warnings.append(_("影响清单计算以后，赛事又有新的评分或改动。批准前请打开“这项改动的影响”，重新计算后再看。"))
    if newest.digest != kept.digest:
        new = sum(one.is_new for one in rules_effects.since(content["lines"], kept.content["lines"]))
        warnings.append(_("提出申请之后评分有变化，影响清单已不同：有 %(n)s 行是新的。批准前请打开“这项改动的影响”，看过并确认。", n=new))
    if content["published"]:
        warnings.append(_("已有成绩发布。已发布的成绩和已发的证书不变；要按新规则公布，须另行申请更正。"))
    named = Named.of(compute_for_page(contest_id), kept.document)
    rows = [[named.label(line), named.to.name(line["name"]), named.sentence(line)] for line in content["lines"][:SHOWN]]
    problems = said_problems(content["problems"], named)
    heads = [_("作品号或姓名"), _("名次表"), _("原来 → 改为")]
    tables = [Table(_("成绩、名次、奖项的变化（%(n)s 行）", n=len(content["lines"])), heads, rows, note=_note(content) + _rest(content))]
    if problems:
        tables.append(Table(_("新规则带来的问题"), [_("问题"), _("数量")], [[said, str(n)] for said, n, _blocking in problems]))
    link = Behind(_("这项改动的影响"), "results.rulebook_change", {"contest_id": contest_id, "preview_id": kept.id})
    return Shown(facts=[(_("影响"), _note(content))], tables=tables, links=[link], warnings=warnings)


def _rest(content: Mapping[str, Any]) -> str:
    return "" if len(content["lines"]) <= SHOWN else " " + _("这里列出前 %(n)s 行，全部在“这项改动的影响”里。", n=SHOWN)


def _note(content: Mapping[str, Any]) -> str:
    if not content["lines"]:
        return _("没有任何成绩、名次或奖项改变（%(n)s 行全部不变）。", n=content["same"])
    return _("改变的行：%(changed)s；不变的行：%(same)s。", changed=len(content["lines"]), same=content["same"])


