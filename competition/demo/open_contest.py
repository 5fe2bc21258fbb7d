"""The contest that is open for registration: entries in every state, on the way through the county and prefecture unions."""

from competition.contests import service as contests
from competition.contests.models import Contest
from competition.demo.entries import add_entries, add_local_delegations, add_teams
from competition.demo.setting import Setting, states

COUNTS = (("submitted", 14), ("reviewing", 10), ("approved", 24), ("returned", 4), ("rejected", 2), ("waiting", 4), ("withdrawn", 2))


def add(setting: Setting) -> Contest:
    """Registration closes in twelve days."""
    contest = setting.contest("YSLM4", "青海省第五届拉面行业职工职业技能大赛（演示）", first_day=25, days=3, opens=-9, closes=12, made=14)
    contests.change_contest(contest.id, version=contest.version, level="province", quota=120, review_levels=["county", "prefecture"],
                            actor=setting.actor("organizer"), at=setting.ago(13))
    actor, at = setting.actor("organizer"), setting.ago(7)
    senders = add_local_delegations(contest, setting.random, actor, at)
    # Hualong first: its clerk and the one of its prefecture are roles of the demonstration.
    senders.sort(key=lambda s: (s.region != "630224", not s.region.startswith("6302"), s.region))
    teams = add_teams(contest, senders[:8], 12, setting.random, actor, at)
    people, ids = setting.people(sum(count for _, count in COUNTS), at)
    account = setting.contestant_account("contestant_open", people[0], ids[people[0].serial], at)
    add_entries(contest, people, ids, states(COUNTS), senders=senders[:8], teams=teams, random=setting.random, actor=actor,
                at=at, accounts={people[0].serial: account.id})
    return contest
