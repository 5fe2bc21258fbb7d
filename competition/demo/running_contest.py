"""The contest in the middle of judging: theory done, one event half judged, one open, the rest drawn."""

from competition.arena import service as arena
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.demo.held import check_in, enter, judge, seed_of
from competition.demo.marks import tell_again
from competition.demo.setting import Setting
from competition.judging import service as judging


def add(setting: Setting) -> Contest:
    """Today is its second day."""
    count = max(12, setting.contestants * 3 // 10)
    contest = setting.contest("YSLM3", "第三届拉面技能邀请赛（演示）", first_day=-1, days=3, opens=-40, closes=-12, made=45)
    loaded = enter(setting, contest, count, key="contestant_running", ago=35)
    contests.start(contest.id, actor=setting.actor("organizer"), at=setting.ago(1.2))
    rounds = setting.rounds(contest)
    for key, round_ in rounds.items():
        arena.draw_round(round_.id, actor=setting.actor("coding_judge"), at=setting.ago(1.1), seed=seed_of(setting.random))
        if key in ("theory", "basic", "broth"):
            at = setting.ago(1.0 if key == "theory" else 0.2)
            check_in(contest, round_.event, loaded, key, setting.random, setting.actor("organizer"), at)
    judge(setting, contest, rounds["theory"], "theory", setting.ago(0.9))
    judging.lock_round(rounds["theory"].id, confirm_name=rounds["theory"].name, actor=setting.actor("chief_judge"), at=setting.ago(0.7))
    judge(setting, contest, rounds["basic"], "basic", setting.ago(0.15), share=0.6)
    judge(setting, contest, rounds["broth"], "broth", setting.ago(0.05), share=0.0)
    for key in ("basic", "broth"):
        tell_again(rounds[key], setting.ago(0))
    return contest
