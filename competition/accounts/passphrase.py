"""A password that can be remembered: five words and two figures, about 42 bits."""

import secrets

_WORDS = """
baiyun bali banma beihu binchuan bohe caoyuan chaye chenguang chuntian chunyu daling daohua dahe denglu
dianshi diaoyu dongfeng donghai doufu fanchuan feige fengche fengling fuqiao ganlan gaoshan gebi gonglu
guangdian guihua haidao haitang hanlu haoyun hehua heliu hetao honghe hongye huahai huanghe huayuan hulu hupo
jiahe jianbing jiangnan jinqiu jiuqu juhua kafei kangle kaoyan kuaile landiao langhua lanhua liangtian lihua
linhai liuxing longjing luobo luying lvcha maihe maitian manyue maque meihua mianhua minghu mogu moli muban
mudan muma nanfeng nangua niunai nongchang nuanyang paobu pingguo putao qiaoliang qiche qingcao qinghai qinglu
qingshan qiuqian qiutian quanshui renshen rizhao sangshu senlin shanghe shanquan shatan shiliu shufang
shuijing shuiniao songlin songshu taiyang taohua tiankong tianshan tulou wanxia weilai wutong xiangcai xiaohe
xiaomai xingkong xueshan xuehua yangguang yanhuo yaoshan yezi yinhe yuanye yueguang yumi yunhai zaochun zhulin
ziluo
"""
WORDS = tuple(_WORDS.split())


def suggest_passphrase() -> str:
    """A new proposal each time."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(5)), f"{secrets.randbelow(90) + 10}"])
