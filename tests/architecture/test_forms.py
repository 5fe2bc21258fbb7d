"""A form sends each of its hidden fields once."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIELD = re.compile(r"^\s+(\w+) = HiddenField\(", re.MULTILINE)
SENDING = re.compile(r"forms\.start\(form\b.*?forms\.end\(\)|confirm\.panel\([^%]*?form=form\b.*?endcall", re.DOTALL)
WRITTEN = re.compile(r'<input type="hidden" name="(\w+)"')


def test_no_page_writes_by_hand_what_its_form_sends_already() -> None:
    """``forms.start(form)`` sends the form's hidden fields; one more with the same name comes second and is never read."""
    twice = []
    for room in (ROOT / "competition").iterdir():
        fields = {name for path in room.glob("forms*.py") for name in FIELD.findall(path.read_text(encoding="utf-8"))}
        for path in (ROOT / "templates" / room.name).rglob("*.html"):
            for form in SENDING.findall(path.read_text(encoding="utf-8")):
                twice += [f"{path.relative_to(ROOT)}: {name}" for name in WRITTEN.findall(form) if name in fields]
    assert twice == []
