"""A form as a browser would send it: what the page's HTML holds, not what a test would like it to hold."""

from html.parser import HTMLParser


class _Hidden(HTMLParser):
    """Hidden inputs, form by form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((values.get("action", ""), []))
        elif tag == "input" and values.get("type") == "hidden" and self.forms:
            self.forms[-1][1].append((values["name"], values.get("value", "")))


def hidden_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form whose address ends so. A name that comes twice is refused: a server reads the first."""
    parser = _Hidden()
    parser.feed(page)
    found = [fields for address, fields in parser.forms if address.endswith(action)]
    assert len(found) == 1, (action, [address for address, _fields in parser.forms])
    names = [name for name, _value in found[0]]
    assert len(names) == len(set(names)), names
    return {name: value for name, value in found[0] if name != "csrf_token"}
