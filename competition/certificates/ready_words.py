"""What the ready-made certificates say. Official papers: Chinese, with English; Tibetan only from what is stored."""

from dataclasses import dataclass

# Below the name: a person's employer; a team's union and its members.
UNIT = ("{单位}　队员：{队员}", "队员：{队员}", "{单位}")
AWARD_TIBETAN = ("{姓名藏文}　{项目藏文}　{奖项藏文}", "{项目藏文}　{奖项藏文}", "{姓名藏文}")


@dataclass(frozen=True)
class Words:
    """A ready-made certificate. ``kind``: of ``rules.KINDS``; ``award``: what is said in the largest letters, if anything is.
    ``issuers``: how many have a place, and a seal, of their own side by side; the others stand below one another."""

    kind: str
    label: str
    label_english: str
    title: str
    english: str
    sentence: tuple[str, ...]
    sentence_english: str
    name: str = "{姓名}："
    unit: tuple[str, ...] = UNIT
    unit_lines: int = 1
    award: tuple[str, ...] = ()
    closing: str = ""
    tibetan: tuple[str, ...] = ("{姓名藏文}",)
    border: str = ""
    color: str = "honour"
    issuers: int = 1


WORDS = {
    "award": Words(
        "award", "获奖证书", "Certificate of award", "获奖证书", "CERTIFICATE OF AWARD",
        ("在{赛事}中取得优异成绩，荣获",), "Awarded to {姓名拼音}: {奖项英文}, {项目英文}, {赛事英文}.",
        award=("{项目} · {奖项}",), closing="特发此证，以资鼓励。", tibetan=AWARD_TIBETAN),
    "participation": Words(
        "participation", "参赛证书", "Certificate of participation", "参赛证书", "CERTIFICATE OF PARTICIPATION",
        ("于{竞赛日期}在{地点}参加{赛事}，特发此证，以资纪念。", "于{竞赛日期}参加{赛事}，特发此证，以资纪念。"),
        "Awarded to {姓名拼音} for taking part in {赛事英文}."),
    "team": Words(
        "award", "团体获奖证书", "Certificate of award for a team", "获奖证书", "CERTIFICATE OF AWARD",
        ("在{赛事}中团结协作，取得优异成绩，荣获",), "Awarded to the team: {奖项英文}, {项目英文}, {赛事英文}.",
        unit_lines=2, award=("{项目} · {奖项}",), closing="特发此证，以资鼓励。", tibetan=AWARD_TIBETAN),
    "joint": Words(
        "award", "两家颁证的获奖证书", "Certificate of award, two issuers", "获奖证书", "CERTIFICATE OF AWARD",
        ("在{赛事}中取得优异成绩，荣获",), "Awarded to {姓名拼音}: {奖项英文}, {项目英文}, {赛事英文}.",
        award=("{项目} · {奖项}",), closing="特发此证，以资鼓励。", tibetan=AWARD_TIBETAN, issuers=2),
    "honour": Words(
        "honour", "荣誉证书", "Certificate of honour", "荣誉证书", "CERTIFICATE OF HONOUR",
        ("{正文}", "在{赛事}中荣获{奖项}，特发此证，以资鼓励。", "在{赛事}中表现突出，特发此证，以资鼓励。"),
        "Presented to {姓名拼音}: {赛事英文}.", border="double", color="red"),
    "judge": Words(
        "service", "裁判员证书", "Certificate for judges", "裁判员证书", "CERTIFICATE OF SERVICE",
        ("在{赛事}中担任{类别}，认真履职，公正执裁。特发此证，谨致谢忱。",
         "在{赛事}中担任裁判工作，认真履职，公正执裁。特发此证，谨致谢忱。"),
        "Presented to {姓名拼音} for judging in {赛事英文}."),
    "volunteer": Words(
        "service", "志愿者证书", "Certificate for volunteers", "志愿者证书", "CERTIFICATE OF SERVICE",
        ("在{赛事}中承担{类别}志愿服务，热心周到，表现优良。特发此证，谨致谢忱。",
         "在{赛事}中参加志愿服务，热心周到，表现优良。特发此证，谨致谢忱。"),
        "Presented to {姓名拼音} for volunteering in {赛事英文}."),
    "organisation": Words(
        "honour", "优秀组织奖", "Award for organization", "荣誉证书", "CERTIFICATE OF HONOUR",
        ("在{赛事}的组织工作中认真负责、成效突出，荣获",), "Outstanding organization award, {赛事英文}.",
        unit=("{代表团}",), award=("{奖项}", "优秀组织奖"), closing="特发此证，以资鼓励。", border="double", color="red"),
}
