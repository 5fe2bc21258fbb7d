"""Every form of the pages that were walked: fill it in, and see whether what was typed comes back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from competition.core.kept import BACK, SECRET, SHOW
from tests.screens.walk import VISITOR, Page, Walk

WRITTEN = {"date": "2026-11-22", "datetime-local": "2026-11-22T09:00", "number": "7", "month": "2026-11"}
# Written by hand for a second time on purpose.
AGAIN = SECRET | {"confirm_name"}


@dataclass(frozen=True)
class Form:
    """A form of a page: where it goes, what a person would see of it, everything that is sent."""

    page: Page
    endpoint: str
    action: str
    typed: tuple[tuple[str, str, str], ...]  # name, kind, value
    sent: tuple[tuple[str, str], ...]


def forms_of(app: Flask, walked: Walk) -> Iterator[tuple[Form, FlaskClient]]:
    """Each kind of form once, with the browser of who sees it. The application must not ask for tokens."""
    clients: dict[str, FlaskClient] = {}
    seen: set[tuple[object, ...]] = set()
    for page in walked.pages:
        client = clients.setdefault(page.who, app.test_client())
        if page.who != VISITOR and client.get_cookie(app.config["SESSION_COOKIE_NAME"]) is None:
            client.post(f"/demo/sign-in/{page.who}")
        answer = client.get(page.path)
        for element in html.fromstring(answer.text).forms:
            form = _read(app, page, element)
            key = (form.endpoint, *(name for name, _kind, _value in form.typed)) if form else ()
            if form and key not in seen:
                seen.add(key)
                yield form, client


def _read(app: Flask, page: Page, element: Any) -> Form | None:
    if (element.get("method") or "get").lower() != "post":
        return None
    action = element.get("action") or page.path
    endpoint, _values = app.url_map.bind("localhost").match(urlsplit(action).path, "POST")
    sent, typed = {}, {}
    for field in element.inputs:
        kind = field.get("type", "text") if field.tag == "input" else field.tag
        if not field.name or kind in ("file", "submit", "button"):
            continue
        value = _value(field, kind)
        if value is None or (kind == "checkbox" and field.name in sent):
            continue
        sent[field.name] = value
        if kind != "hidden" and field.name not in AGAIN:
            typed[field.name] = (kind, value)
    return Form(page, endpoint, action, tuple((name, *rest) for name, rest in typed.items()), tuple(sent.items()))


def _value(field: Any, kind: str) -> str | None:
    """What a person might put into the field; the last one of the choices."""
    if kind == "hidden":
        return field.value or ""
    if kind in ("checkbox", "radio"):
        return str(field.get("value", "y"))
    if kind == "select":
        return next((str(o.get("value")) for o in reversed(list(field.iter("option"))) if o.get("value")), None)
    return WRITTEN.get(kind, f"字·{field.name}")


def lost(form: Form, client: FlaskClient) -> list[str]:
    """The names of the fields that do not come back when the form is only shown again."""
    answer = client.post(form.action, data=dict(form.sent) | {SHOW: "1", BACK: form.page.path})
    if not form.typed:
        return [] if answer.status_code in (200, 303, 400, 409, 422) else [f"answered {answer.status_code}"]
    if answer.location:
        return [f"sent on to {answer.location}"]
    fields = [field for each in html.fromstring(answer.text).forms for field in each.inputs]
    return [name for name, kind, value in form.typed if not any(f.name == name and _holds(f, kind, value) for f in fields)]


def _holds(field: Any, kind: str, value: str) -> bool:
    if kind in ("checkbox", "radio"):
        return field.get("value", "y") == value and field.get("checked") is not None
    if kind == "select":
        return any(o.get("value") == value and o.get("selected") is not None for o in field.iter("option"))
    return (field.value or "").strip() == value


def carried(form: Form, app: Flask) -> list[str]:
    """The names of the fields that the page for signing in again does not carry."""
    answer = app.test_client().post(form.action, data=dict(form.sent), headers={"Referer": f"http://localhost{form.page.path}"})
    if answer.status_code != 401:
        return [f"answered {answer.status_code}"]
    kept = html.fromstring(answer.text).xpath("//input[@name='kept']/@value")
    return [name for name, _kind, value in form.typed if not kept or value not in kept[0]]
