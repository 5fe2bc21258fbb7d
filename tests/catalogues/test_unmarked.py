"""Every Chinese sentence for people is marked for translation; what is not has a reason here."""

from pathlib import Path

import pytest

from competition.certificates.rules import PLACEHOLDERS
from competition.certificates.rules_signing import FIELDS
from competition.core.config import ROOT
from tests.catalogues.unmarked import in_python, in_template, said_at_import

PACKAGE, TEMPLATES = ROOT / "competition", ROOT / "templates"
PAPER, WORKBOOK = "an official paper", "a workbook that leaves the program"
KEY = "the name of a value on a certificate"
TERMINAL, DATA = "the terminal speaks Chinese", "data, the same in every language"
RULEBOOK = "what a new rulebook is written with: its own texts, Chinese first"
# Whole files, or single texts of a file.
RECORD: dict[str, str | dict[str, str]] = {
    "bootstrap": TERMINAL,
    "demo": "invented data",
    "doctor.py": TERMINAL,
    "serve.py": TERMINAL,
    "accounts/cli.py": TERMINAL,
    "accounts/identity.py": {"[•‧・･⸱⋅]": DATA, "[一-鿿]{1,40}": DATA, "（已删除）": "what the record keeps in the place of a name"},
    "accounts/pinyin.py": "surnames",
    "activities/export.py": WORKBOOK,
    "evaluation/export.py": WORKBOOK,
    "evaluation/queries.py": "what is locked stays on record",
    "evaluation/rules.py": DATA,
    "evaluation/service.py": {"人工评分": "what is locked stays on record"},
    "activities/rules_stages.py": DATA,
    "activities/rules_sheets.py": DATA,
    "arena/rules_codes.py": {"\u3000": DATA},
    "arena/service_badges.py": {"参赛证": PAPER},
    "arena/views_print.py": {"打印件": PAPER},
    "auditing/exporting.py": WORKBOOK,
    "certificates/badges.py": PAPER,
    "certificates/cli.py": TERMINAL,
    "certificates/composing_page.py": PAPER,
    "certificates/forms.py": dict.fromkeys(("姓名", "姓名拼音", "单位", "代表团", "代表队", "队员"), KEY),
    "certificates/designing.py": {"{姓名}": KEY},
    "certificates/entry_papers.py": {"奖项": KEY},
    "certificates/font_child.py": "the sample of a font, and what fonts call their plain style",
    "certificates/forms_numbers.py": {"＝": "a sign as Chinese keyboards write it"},
    "certificates/forms_templates.py": {"，": DATA},
    "certificates/layout.py": {"姓名": KEY, "证书编号": KEY, "验证码": KEY},
    "certificates/letters.py": {"姓名": KEY},
    "certificates/outs_paper.py": PAPER,
    "certificates/overprinting.py": PAPER,
    "certificates/plan.py": PAPER,
    "certificates/preview_design.py": {"证书编号": KEY, "验证码": KEY, "〔": PAPER, "〕": PAPER},
    "certificates/preview.py": {"（样张，签发时编号）": PAPER, "证书编号": KEY, "验证码": KEY},
    "certificates/ready.py": PAPER,
    "certificates/ready_words.py": PAPER,
    "certificates/rules.py": {**dict.fromkeys(PLACEHOLDERS, KEY), **dict.fromkeys(("年", "月", "日", "至", "演示证书，不具效力"), PAPER)},
    "certificates/queries_telling.py": dict.fromkeys(("姓名", "竞赛", "编号", "证书", "奖项", "网址"), KEY),
    "certificates/rules_outs.py": dict.fromkeys(("代表团", "单位", "姓名拼音", "项目", "奖项", "队员", "、"), KEY),
    "certificates/rules_telling.py": {**dict.fromkeys(("姓名", "竞赛", "证书", "编号", "网址", "、"), KEY),
                                      "【{竞赛}】{姓名}，您的{证书}已签发，请登录 {网址} 查看、下载。": "a message, Chinese for all"},
    "certificates/rules_signing.py": {**dict.fromkeys(FIELDS, KEY), "不具效力": PAPER},
    "certificates/issuing.py": {"证书编号": KEY},
    "certificates/queries_outs.py": {"代表团": KEY, "单位": KEY},
    "certificates/queries_print.py": {"代表队": KEY},
    "certificates/service_print.py": {"验证码": KEY, "合订本": PAPER},
    "certificates/service_register.py": {"日期": KEY, "更正 ": "the name that a batch is kept by"},
    "certificates/source_people.py": PAPER,
    "certificates/source_published.py": PAPER,
    "certificates/source_roster.py": {
        **dict.fromkeys(("姓名", "正文", "赛事", "赛事英文", "赛事藏文", "竞赛日期", "地点", "日期", "颁证单位"), KEY),
        **dict.fromkeys(("名单", "、", "每行一份证书，从第 3 行起填写。带 * 的必填；证书模板用不到的列可以空着；不要改动列名。"),
                        WORKBOOK)},
    "contests/rules_acts.py": dict.fromkeys(
        ("错误", "未达到要求", "达到要求", "部分超出要求", "全面超出要求", "合格", "不合格",
         "新项目", "新的一组", "新评分项", "新扣分项", "新的总成绩", "新的团体成绩", "（副本）"), RULEBOOK),
    "contests/rules_notice.py": PAPER,
    "contests/service_drafts.py": {"评分规则": RULEBOOK},
    "contests/service_events.py": {"决赛": DATA},
    "contests/workbook": WORKBOOK,
    "core/cli.py": TERMINAL,
    "core/config.py": TERMINAL,
    "core/crypto.py": TERMINAL,
    "core/formats.py": "the formatter: both languages side by side",
    "core/grids.py": {"是": DATA, "否": DATA},
    "core/jobs.py": {"：": "a title as the record keeps it"},
    "core/languages.py": {"简体中文": "a language by its own name", "：": "a title as the record keeps it"},
    "core/live_sheets.py": WORKBOOK,
    "core/sheets.py": {"\u3000": WORKBOOK},
    "core/tables/books.py": {"是": DATA, "否": DATA},
    "core/tables/marked.py": {"：": WORKBOOK},
    "core/tables/marking.py": {"检查": WORKBOOK, "需要改的地方": WORKBOOK},
    "core/tables/texts.py": {",\t;，": "what separates cells"},
    "core/taken.py": {"导出人：": WORKBOOK, "\u3000导出时间：": WORKBOOK, "\u3000用途：": WORKBOOK},
    "home/service_rights.py": {"本人撤回了对处理个人信息的同意": "a reason as the record keeps it"},
    "judging/cards.py": {" 座位卡": PAPER},
    "judging/cli.py": TERMINAL,
    "judging/papers.py": {" 评分表": PAPER},
    "judging/forms.py": {"裁判组": "a name that is suggested, data like any other"},
    "judging/figures_sheet.py": WORKBOOK,
    "judging/rules_answers.py": DATA,
    "judging/rules_figures.py": {"([0-9]{1,4})[:：]([0-5]?[0-9])(\\.[0-9]{1,2})?": DATA, "｜": DATA},
    "judging/service_answers.py": {
        "选择题写字母，判断题写 T 或 F（或 对、错）；几个答案都算对时用“|”隔开；题目作废写 *。": WORKBOOK,
    },
    "notices/mail.py": {"通知": "a subject that the gateway takes off"},
    "notices/service_notices.py": {"更正：": "the title of a notice, an official text"},
    "operations/checks.py": {"（": TERMINAL, "），journal_mode=": TERMINAL, "，synchronous=": TERMINAL, "，foreign_keys=": TERMINAL},
    "operations/checks_backup.py": {"flask --app wsgi backup key --kept 保管处": TERMINAL},
    "operations/cli.py": TERMINAL,
    "operations/lan.py": {"赛场证书 ": "the name of a certificate"},
    "organisations/cli.py": TERMINAL,
    "results/cli.py": TERMINAL,
    "organisations/service.py": {"总工会": DATA},
    "participation/export.py": WORKBOOK,
    "participation/rules_targets.py": "the words of tables that unions send",
    "participation/queries_bulletin.py": {"全省": "a name in a payload, of the record"},
    "participation/rules_bulletin.py": PAPER,
    "participation/views_bulletin.py": PAPER,
    "registration/exporting.py": WORKBOOK,
    "registration/printing.py": {"报名表": PAPER},
    "registration/roster_sheet.py": WORKBOOK,
    "registration/service_teams.py": {"总工会": DATA, "代表团": "the name that a new delegation gets, data like any other"},
    "results/book.py": WORKBOOK,
    "results/effects_book.py": WORKBOOK,
    "results/live": WORKBOOK,
    "results/service_live.py": WORKBOOK,
    "results/rules.py": {"、": "awards as a publication keeps them"},
    "results/rules_public.py": {"代表团": DATA},
    "results/service_book.py": {"成绩册": PAPER},
    "rosters/rules_columns.py": DATA,
    "rosters/rules_rows.py": DATA,
    "scoring/wording.py": {"、": "names in a row where nobody hands in the reader's way"},
}
PAPERS: dict[str, str | dict[str, str]] = {
    "arena/print": PAPER,
    "certificates/calibration.html": PAPER,
    "certificates/paper": PAPER,
    "judging/cards.html": PAPER,
    "judging/paper_sheets.html": PAPER,
    "registration/sheet.html": PAPER,
    "results/book_chapter.html": PAPER,
    "judging/score_sheet.html": PAPER,
    "participation/bulletin.html": PAPER,
    "results/result_sheet.html": PAPER,
    "macros/shell.html": {"赛": "the mark"},
    "errors/500.html": {"赛": "the mark"},
}
MODULES = [p for p in sorted(PACKAGE.rglob("*.py")) if "migrations" not in p.parts]
PAGES = sorted(TEMPLATES.rglob("*.html"))


def reason_of(name: str, text: str, reasons: dict[str, str | dict[str, str]]) -> str | None:
    """Why this text is not marked; the reason of a folder holds for its files."""
    found = next((reasons[key] for key in (name, *map(str, Path(name).parents)) if key in reasons), None)
    if isinstance(found, dict):
        return found.get(text)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_python_speaks_through_marks(path: Path) -> None:
    name = str(path.relative_to(PACKAGE))
    assert [f"{name}:{line}: {text}" for line, text in in_python(path) if reason_of(name, text, RECORD) is None] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_templates_speak_through_marks(path: Path) -> None:
    name = str(path.relative_to(TEMPLATES))
    assert [f"{name}:{line}: {text}" for line, text in in_template(path) if reason_of(name, text, PAPERS) is None] == []


@pytest.mark.parametrize(("folder", "reasons"), [(PACKAGE, RECORD), (TEMPLATES, PAPERS)], ids=["code", "templates"])
def test_every_reason_is_still_needed(folder: Path, reasons: dict[str, str | dict[str, str]]) -> None:
    look = in_python if folder == PACKAGE else in_template
    idle = []
    for name, reason in reasons.items():
        files = [folder / name] if (folder / name).is_file() else sorted((folder / name).rglob("*.*"))
        texts = [text for file in files if file.suffix in (".py", ".html") for _line, text in look(file)]
        idle += [name] if not texts else []
        if isinstance(reason, dict):
            idle += [f"{name}: {own}" for own in reason if own not in texts]
    assert idle == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_words_are_said_before_anybody_reads(path: Path) -> None:
    """At import there is no reader: words of a table are lazy."""
    assert said_at_import(path) == []
