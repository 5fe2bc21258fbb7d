"""The published contest: drawn, held, judged, locked, decoded, published, its certificates issued."""

from datetime import timedelta

from competition.arena import service as arena
from competition.certificates import service as certificates
from competition.certificates.queries import current_publications, ready_template
from competition.certificates.queries_winners import winners_of
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.core import approvals
from competition.demo.entries import Entered
from competition.demo.held import accept_spreads, check_in, enter, judge, seed_of
from competition.demo.marks import tell_again
from competition.demo.setting import Setting
from competition.judging import service as judging
from competition.results import service as results
from competition.results.queries import current_publication


def add(setting: Setting) -> Contest:
    """Everything from the notice to the certificates; the PDFs themselves are made by the worker."""
    contest = setting.contest("YSLM2", "第二届全国拉面技能大赛（演示）", first_day=-42, days=3, opens=-110, closes=-60, made=120)
    loaded = enter(setting, contest, setting.contestants, key="contestant_done", ago=100)
    hold(setting, contest, loaded)
    publish(setting, contest)
    return contest


def hold(setting: Setting, contest: Contest, loaded: list[Entered]) -> None:
    """Draw, check in, time, judge and lock every event, and open its codes by two people."""
    contests.start(contest.id, actor=setting.actor("organizer"), at=setting.ago(43))
    for number, (key, round_) in enumerate(setting.rounds(contest).items()):
        at = setting.ago(42 - number * 0.4)
        arena.draw_round(round_.id, actor=setting.actor("coding_judge"), at=setting.ago(43), seed=seed_of(setting.random))
        check_in(contest, round_.event, loaded, key, setting.random, setting.actor("organizer"), at)
        judge(setting, contest, round_, key, at)
        accept_spreads(setting, round_, at + timedelta(hours=6))
        tell_again(round_, at + timedelta(hours=7))
        judging.lock_round(round_.id, confirm_name=round_.name, actor=setting.actor("chief_judge"), at=at + timedelta(hours=7))
        opening = arena.ask_open_codes(round_.event_id, "本项目已锁定，申请解密（演示）。", actor=setting.actor("coding_judge"),
                                       at=at + timedelta(hours=8))
        approvals.decide(opening.id, approve=True, actor=setting.actor("supervisor"), at=at + timedelta(hours=8, minutes=5))


def publish(setting: Setting, contest: Contest) -> None:
    """Every event and every total published by two people, then the certificates prepared and approved."""
    at = setting.ago(38)
    # What the overall total stands on is published with it: the composite and every event.
    asked = results.ask_publish(contest.id, "total:overall", "成绩已核对无误，申请发布（演示）。",
                                actor=setting.actor("organizer"), at=at)
    approvals.decide(asked.id, approve=True, actor=setting.actor("supervisor"), at=at + timedelta(minutes=20))
    contests.finish(contest.id, actor=setting.actor("organizer"), at=setting.ago(37))
    certify(setting, contest)


def certify(setting: Setting, contest: Contest) -> None:
    """A certificate of participation for everybody, one of award for every winner of every ranking."""
    overall = current_publication(contest.id, "total:overall")
    if overall is None:
        raise LookupError("total:overall")
    wanted = [(overall, "participation", "参赛证书（演示）")]
    awarded = {one.scope for one in winners_of([contest.id])[contest.id]}
    wanted += [(found, "award", f"{found.scope_name}获奖证书（演示）") for found in current_publications(contest.id)
               if found.scope in awarded]
    for number, (publication, kind, title) in enumerate(wanted):
        at = setting.ago(36) + timedelta(minutes=30 * number)
        batch = certificates.prepare_batch(publication.id, ready_template(kind).id, title=title,
                                           actor=setting.actor("organizer"), at=at)
        asked = certificates.ask_issue(batch.id, "名单已核对，申请签发（演示）。", actor=setting.actor("organizer"), at=at)
        approvals.decide(asked.id, approve=True, actor=setting.actor("organizer2"), at=at + timedelta(minutes=15))
