"""Theory papers: keys and answers to marks, question by question, and what is said of them."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.scoring.criteria import MarkRefused
from competition.scoring.derivation import sentences
from competition.scoring.engine import Scores, score
from competition.scoring.inputs import AnswerKey, Entry, Figure
from competition.scoring.paper import Section, mark, worth
from competition.scoring.texts import Words
from competition.scoring.wording import Wording
from tests.drawing import examples
from tests.recount.making_papers import answers_of, key_of, papers
from tests.scoring.corpus import SECTIONS
from tests.scoring.documents import book, document, faults, paper, theory

KEYS = {"one": "A,B,C,D,A,B,C,D,A|B,*", "more": "AB,ACD,BCDE,AB|ABC,C", "each": "ABCD,AB", "right": "T,F,T,F", "fill": "0.5|二分之一"}
RIGHT = {"one": "a,b,c,d,a,b,c,d,b,", "more": "BA,dca,bcde,abc,c", "each": "dcba,ab", "right": "t,f,T,F", "fill": " 0.50 "}


def rules(**more: Any) -> Any:
    return book(theory(full="30", paper={"sections": SECTIONS}, **more))


def keys(**other: str) -> list[AnswerKey]:
    return [AnswerKey("theory", section, answers) for section, answers in {**KEYS, **other}.items()]


def answered(entry: str = "A", **other: str) -> list[Figure]:
    return [Figure("theory", entry, f"answers.{section}", answers) for section, answers in {**RIGHT, **other}.items()]


def scored(*figures: Figure, told: list[AnswerKey] | None = None, **more: Any) -> Scores:
    return score(
        rules(**more),
        [Entry(one) for one in sorted({figure.entry for figure in figures})],
        [],
        figures,
        keys=keys() if told is None else told,
    )


def section(kind: str = "multiple", count: int = 1, **more: Any) -> Section:
    written = {"key": "s", "name": "部分", "kind": kind, "count": count, "points": "2", **more}
    found = book(theory(full=str(2 * count), step="0.5", paper={"sections": [written]})).events[0].paper
    assert found is not None
    return found.section("s")


def test_everything_right() -> None:
    row = scored(*answered()).row("theory", "A")
    assert (str(row.value), row.status) == ("30.00", "OK")
    assert dict(row.figures) == {"one": 10, "more": 10, "each": 4, "right": 4, "fill": 2, "score": 30}
    assert row.derivation is not None
    assert sentences(row.derivation)[1] == "多选题：共 5 题，对 5 题，得 10"


def test_what_is_not_right_is_named_and_nothing_falls_below_its_least() -> None:
    wrong = {"one": "B,b,c,d,a,b,c,d,c,", "more": "A,AB,,AB,C", "each": "AD,AC", "right": "F,T,F,", "fill": "0,50"}
    with pytest.raises(MarkRefused):
        rules().events[0].paper.section("fill").answers(wrong["fill"])
    scores = scored(*answered(**{**wrong, "fill": "5"}))
    row = scores.row("theory", "A")
    assert row.derivation is not None
    # 8; incomplete 0.5 + wrong 0 + empty 0 + 2 + 2; 2 × 0.5 − 0.5; −3 not below 0; 0
    assert [str(row.figures[key]) for key in ("one", "more", "each", "right", "fill", "score")] == ["8", "4.5", "0.5", "0", "0", "13"]
    assert sentences(row.derivation) == [
        "单选题：共 10 题，对 7 题、错 2 题、作废 1 题（都给分），得 8，没有得满分的题：第 1 题答 B 得 0、第 9 题答 C 得 0",
        "多选题：共 5 题，对 2 题、部分对 1 题、错 1 题、未答 1 题，得 4.5，"
        "没有得满分的题：第 1 题答 A 得 0.5、第 2 题答 AB 得 0、第 3 题未答",
        "不定项：共 2 题，对 0 题、部分对 1 题、错 1 题，得 0.5，没有得满分的题：第 1 题答 AD 得 1、第 2 题答 AC 得 -0.5",
        "判断题：共 4 题，对 0 题、错 3 题、未答 1 题，合计 -3，低于本部分最低分，得 0，"
        "没有得满分的题：第 1 题答 F 得 -1、第 2 题答 T 得 -1、第 3 题答 F 得 -1、第 4 题未答",
        "填空题：共 1 题，对 0 题、错 1 题，得 0，没有得满分的题：第 1 题答 5 得 0",
        "理论theory：单选题 8 + 多选题 4.5 + 不定项 0.5 + 判断题 0 + 填空题 0 = 13",
        "理论theory：四舍五入，保留 2 位小数，13 → 13.00",
    ]
    assert "ABCD" not in str(row.derivation)  # the key is not told
    english = sentences(row.derivation, Wording(texts=rules().texts("en")))
    assert english[1].startswith("Multiple choice：")
    assert Scores.from_json(scores.to_json()) == scores


def test_sections_below_zero_and_a_paper_that_is_not() -> None:
    least = [{"key": "s", "name": "判断题", "kind": "true_false", "count": 2, "points": "1", "wrong": "-1", "least": "-2"}]
    rule = book(theory(full="2", step="1", paper={"sections": least}))
    row = score(rule, [Entry("A")], [], [Figure("theory", "A", "answers.s", "T,TF")], keys=[AnswerKey("theory", "s", "F,F")]).row(
        "theory", "A"
    )
    assert (str(row.value), row.figures["s"]) == ("0.00", Fraction(-2))
    assert row.derivation is not None
    assert sentences(row.derivation)[1] == "理论theory：判断题 -2 = -2，不足零分按零分计，得 0"


def test_an_imported_figure_stands_instead_of_answers_never_beside_them() -> None:
    scores = scored(paper("A", "27"), *answered("B"), *answered("C"), paper("C", "30"))
    assert [(row.entry, str(row.value)) for row in scores.events["theory"]][:2] == [("B", "30.00"), ("A", "27.00")]
    assert [(problem.code, problem.entry) for problem in scores.problems] == [("theory.twice", "C")]
    assert scores.row("theory", "C").status == "INCOMPLETE"


def test_ties_are_broken_by_sections_and_an_imported_figure_has_none() -> None:
    chain = {"ties": [{"figure": "more", "order": "desc"}]}
    almost = answered("B", more=RIGHT["more"][:-1]), answered("C", one="B" + RIGHT["one"][1:], right="F" + RIGHT["right"][1:])
    scores = scored(*answered("D", fill="1"), *almost[0], paper("A", "28"), ranking=chain)
    assert [(row.entry, row.rank) for row in scores.events["theory"]] == [("D", 1), ("B", 2), ("A", 3)]
    assert "多选题" in str(scores.row("theory", "D").standing)


@pytest.mark.parametrize(
    ("figures", "told", "problems"),
    [
        ([], None, {"theory.missing"}),
        (answered()[1:], None, {"answers.missing"}),
        (answered(), [], {"key.missing"}),
        (answered(), [*keys(), AnswerKey("theory", "one", KEYS["one"].lower())], set()),
        (answered(), [*keys(), AnswerKey("theory", "one", KEYS["one"].replace("*", "A"))], {"key.contradicts"}),
        (answered(), [*keys(), AnswerKey("ghost", "one", "A")], {"key.unknown_event"}),
        (answered(), [*keys(), AnswerKey("theory", "ghost", "A")], {"key.unknown_section"}),
        (answered(), keys(one="A"), {"key.missing", "key.refused"}),
        (answered(one="A"), None, {"figure.refused", "answers.missing"}),
        (answered(ghost="A"), None, {"figure.unknown_key"}),
        ([*answered(), *answered(right="F,F,F,F")], None, {"figure.contradicts"}),
    ],
)
def test_what_keeps_a_paper_back(figures: list[Figure], told: list[AnswerKey] | None, problems: set[str]) -> None:
    scores = score(rules(), [Entry("A")], [], figures, keys=keys() if told is None else told)
    assert {problem.code for problem in scores.problems} == problems
    assert all(problem.say() and "%(" not in problem.say() for problem in scores.problems)


def test_answers_need_a_paper() -> None:
    rule = book(theory())
    scores = score(
        rule, [Entry("A")], [], [Figure("theory", "A", "answers.one", "A"), paper("A", "5")], keys=[AnswerKey("theory", "one", "A")]
    )
    assert {problem.code for problem in scores.problems} == {"figure.unknown_key", "key.unknown_section"}
    assert str(scores.row("theory", "A").value) == "5.00"


@pytest.mark.parametrize(
    ("kind", "key", "answer", "how", "points"),
    [
        ("single", "A", "A", "right", "2"),
        ("single", "A", "B", "wrong", "-0.5"),
        ("single", "A", "AB", "wrong", "-0.5"),
        ("single", "A|B", "B", "right", "2"),
        ("single", "A", "", "empty", "0"),
        ("single", "*", "", "cancelled", "2"),
        ("true_false", "T", "F", "wrong", "-0.5"),
        ("multiple", "ABC", "AB", "partly", "1"),
        ("multiple", "ABC", "ABD", "wrong", "-0.5"),
        ("multiple", "AB|CD", "C", "partly", "1"),
        ("multiple", "ABC", "ABC", "right", "2"),
        ("fill", "5", "5.00", "right", "2"),
        ("fill", "-5", "-05", "right", "2"),
        ("fill", "5mm", "5 mm", "wrong", "-0.5"),
        ("fill", "铜|Cu", "Cu", "right", "2"),
    ],
)
def test_one_question(kind: str, key: str, answer: str, how: str, points: str) -> None:
    some: dict[str, Any] = {"incomplete": "1"} if kind == "multiple" else {}
    assert worth(section(kind, wrong="-0.5", **some), key, answer) == (how, Fraction(points))


def test_points_for_each_right_letter() -> None:
    assert worth(section(per_right="0.5"), "ABC", "AC") == ("partly", Fraction(1))
    assert worth(section(per_right="2"), "ABC", "AC") == ("partly", Fraction(2))
    assert worth(section(), "ABC", "AC") == ("wrong", Fraction(0))


@pytest.mark.parametrize(
    ("kind", "answers", "sentence"),
    [
        ("single", "A,B", "应当是 1 题，写了 2 题。"),
        ("single", "I", "第 1 题只能写 ABCDEFGH 中的字母，每个最多一次。"),
        ("multiple", "AA", "每个最多一次"),
        ("true_false", "对", "只能写 TF 中的字母"),
        ("fill", "a|b", "不能有"),
        ("fill", "x" * 201, "最多 200 字"),
    ],
)
def test_answers_that_are_refused(kind: str, answers: str, sentence: str) -> None:
    with pytest.raises(MarkRefused, match=sentence):
        section(kind).answers(answers)


@pytest.mark.parametrize(
    ("kind", "key", "sentence"),
    [
        ("single", "", "没有标准答案"),
        ("multiple", "A|", "没有标准答案"),
        ("single", "AB", "只能有一个正确选项"),
        ("true_false", "A", "只能写 TF"),
    ],
)
def test_keys_that_are_refused(kind: str, key: str, sentence: str) -> None:
    with pytest.raises(MarkRefused, match=sentence):
        section(kind).accepted(key)


def test_a_section_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        rules().events[0].paper.section("ghost")


def test_faults_of_a_paper_come_at_once() -> None:
    spoilt = [
        {**SECTIONS[0], "key": "score", "count": 0},
        {**SECTIONS[1], "incomplete": "3"},
        {**SECTIONS[2], "incomplete": "1", "per_right": "9"},
        {**SECTIONS[3], "wrong": "1", "incomplete": "1"},
        {**SECTIONS[4], "kind": "essay"},
        {**SECTIONS[4], "key": "more"},
    ]
    places = {path.removeprefix("/events/0/paper/sections/") for path in faults(document(theory(paper={"sections": spoilt})))}
    assert places == {"0/key", "0/count", "1/incomplete", "2/per_right", "3/wrong", "3/incomplete", "4/kind", "5/key"}
    assert "合计却是 30" in faults(document(theory(paper={"sections": SECTIONS})))["/events/0/paper/sections"]
    assert faults(document(theory(paper={}))).keys() == {"/events/0/paper/sections"}


@given(st.data())
def test_the_order_of_letters_does_not_matter(data: st.DataObject) -> None:
    here, key = section(), "".join(sorted(data.draw(st.sets(st.sampled_from("ABCDEFGH"), min_size=1))))
    letters = data.draw(st.lists(st.sampled_from("ABCDEFGH"), unique=True))
    turned = data.draw(st.permutations(letters))
    assert here.answers("".join(letters)) == here.answers("".join(turned).lower())
    assert worth(here, here.accepted(key), here.answers("".join(letters))) == worth(here, key, here.answers("".join(turned)))


@given(st.sets(st.sampled_from("ABCDEFGH"), min_size=1), st.data())
def test_more_right_letters_never_give_fewer_points(key: set[str], data: st.DataObject) -> None:
    here = section(per_right=data.draw(st.sampled_from(["0", "0.3", "1", "2"])), wrong="-1")
    more = data.draw(st.sets(st.sampled_from(sorted(key)), min_size=1))
    some = data.draw(st.sets(st.sampled_from(sorted(more)), min_size=1))
    points = [worth(here, here.accepted("".join(key)), here.answers("".join(one)))[1] for one in (some, more)]
    assert points[0] <= points[1]


@settings(max_examples=examples(150))
@given(papers(), st.data())
def test_every_paper_stays_within_its_range(paper: dict[str, Any], data: st.DataObject) -> None:
    full = sum(one["count"] * Fraction(one["points"]) for one in paper["sections"])
    rule = book(theory(full=f"{float(full)}", step="0.5", paper=paper))
    figures = [Figure("theory", "A", f"answers.{one['key']}", data.draw(answers_of(one))) for one in paper["sections"]]
    told = [AnswerKey("theory", one["key"], data.draw(key_of(one))) for one in paper["sections"]]
    scores = score(rule, [Entry("A")], [], figures, keys=told)
    row = scores.row("theory", "A")
    assert scores.complete
    assert row.value is not None
    assert 0 <= row.value <= full
    for one in paper["sections"]:
        assert Fraction(one.get("least", 0)) <= row.figures[one["key"]] <= one["count"] * Fraction(one["points"])


@settings(max_examples=examples(200))
@given(st.sampled_from(["single", "multiple", "true_false", "fill"]), st.text(max_size=12), st.text(max_size=12))
def test_nothing_that_is_told_crashes(kind: str, key: str, answers: str) -> None:
    here = section(kind, count=2, incomplete="1") if kind == "multiple" else section(kind, count=2)
    scores = score(
        book(theory(full="4", step="1", paper={"sections": [{"key": "s", "name": "部分", "kind": kind, "count": 2, "points": "2"}]})),
        [Entry("A")],
        [],
        [Figure("theory", "A", "answers.s", answers)],
        keys=[AnswerKey("theory", "s", key)],
    )
    assert scores.row("theory", "A").status in {"OK", "INCOMPLETE"}
    try:
        found = mark(here, here.accepted(key), here.answers(answers))
    except MarkRefused:
        return
    assert found.right + found.partly + found.wrong + found.empty + found.cancelled == 2


@pytest.mark.parametrize(("taken", "answer", "points"), [
    ("(a)", "b", 0), ("(a)", "(a)", 2), ("220", "100", 0), ("220", "380", 0), ("220", "220.0", 2),
])
def test_a_text_before_the_star_is_no_cancelled_question_and_a_smaller_number_is_wrong(taken: str, answer: str, points: int) -> None:
    section = Section("s", Words("填空"), "fill", 1, Fraction(2))
    assert mark(section, section.accepted(taken), section.answers(answer)).points == points
