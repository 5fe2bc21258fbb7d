"""The evaluation index of the year: the example taken over as the first set, some scores by hand, one evaluation locked."""

import io

from PIL import Image

from competition.demo.setting import Setting
from competition.evaluation import queries, rules, service


def add(setting: Setting) -> None:
    """Scores for the first unions; the others still lack them, as in real life."""
    year, actor = setting.today.year, setting.actor("organizer")
    service.set_indicators(year, rules.EXAMPLE, "采用系统示例（演示）", actor=actor, at=setting.ago(10))
    picture = io.BytesIO()
    Image.new("RGB", (800, 600), (233, 226, 214)).save(picture, "JPEG")
    unions = queries.unions_at("prefecture")
    for place, union in enumerate(unions[:3]):
        for key, score, note in (("i1", 92, "通知到达各县区工会，有签收记录（演示）"), ("i7", 88, "回收问卷 320 份（演示）"),
                                 ("i8", 97, "没有被支持的申诉（演示）")):
            upload = service.evidence(picture.getvalue(), name="佐证（演示）.jpg") if (place, key) == (0, "i1") else None
            service.give(rules.UNION, union.id, year, key, str(score - 3 * place), note, upload, actor=actor, at=setting.ago(9))
    rows = queries.ranking(rules.UNION, year, "prefecture", setting.today)
    service.lock(rules.UNION, year, rows, "年中通报（演示）", actor=actor, at=setting.ago(1))
