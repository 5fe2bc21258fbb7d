"""The example in the documentation is a rulebook, and it works."""

import json
from pathlib import Path

from competition.scoring import rulebook
from competition.scoring.engine import score
from competition.scoring.inputs import Entry, Figure, Mark

PAGE = Path(__file__).parents[2] / "docs/rulebook.md"


def test_the_documented_example() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rules = rulebook.load(json.loads(text.split("```json\n")[1].split("```")[0]))
    values = {"taste": "36.5", "look": "2", "safety": "1", "label": "1", "idea": "2"}
    marks = [Mark("product", "A", str(seat), key, value) for seat in range(1, 6) for key, value in values.items()]
    marks.append(Mark("product", "A", "9", "shape", "3,9,7,8,10"))
    figures = [
        Figure("theory", "A", "theory", "88.5"),
        Figure("product", "A", "time_s", "7330"),
        Figure("product", "A", "conduct", "2"),
    ]
    scores = score(rules, [Entry("A", "T")], marks, figures)
    assert scores.complete, [problem.say() for problem in scores.problems]
    # 36.5 + 30 × 2/3 + 10 + 5 + 2 = 73.5; flatness 8; two full minutes − 1; conduct − 2
    assert str(scores.row("product", "A").value) == "78.50"
    # 88.5 × 30 % + 78.5 × 70 %
    assert str(scores.row("overall", "A").value) == "81.50"
    assert scores.row("overall", "A").awards == ("first", "expert")
    assert str(scores.row("team", "T").value) == "81.50"
