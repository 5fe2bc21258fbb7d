"""The access table: every address names an act, and what is not public is closed to strangers."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, BaseConverter, FloatConverter, IntegerConverter, PathConverter, Rule, UUIDConverter

from competition.core.access import act_of, table
from tests.cast import Cast


def value_for(converter: BaseConverter) -> object:
    """A value that fits an address and belongs to nothing."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    known = {UUIDConverter: uuid.uuid4(), IntegerConverter: 1, FloatConverter: 1.5, PathConverter: "a/b"}
    return next((value for kind, value in known.items() if isinstance(converter, kind)), "sample")


def sample(app: Flask, rule: Rule) -> str:
    """The address with such values for its parameters."""
    values = {name: value_for(converter) for name, converter in rule._converters.items()}
    return app.url_map.bind("localhost").build(rule.endpoint, values | dict(rule.defaults or {}), method=next(iter(rule.methods or ())))


def closed_rules(app: Flask) -> list[Rule]:
    return [r for r in app.url_map.iter_rules() if table(app)[str(act_of(app, r.endpoint))].who in ("signed_in", "roles", "device")]


def test_every_address_names_a_declared_act(app: Flask) -> None:
    acts = table(app).acts
    assert {str(act_of(app, r.endpoint)) for r in app.url_map.iter_rules()} <= acts.keys()


def test_every_act_belongs_to_its_feature_and_has_a_title(app: Flask) -> None:
    for act in table(app).acts.values():
        feature, _, verb = act.name.partition(".")
        assert feature
        assert verb
        assert act.title


def test_no_closed_page_opens_to_a_stranger(client: FlaskClient, cast: Cast, app: Flask) -> None:
    wrong = {}
    for rule in closed_rules(app):
        if "GET" not in (rule.methods or ()):
            continue
        answer = client.get(sample(app, rule))
        to_sign_in = answer.status_code == 303 and answer.location.startswith("/sign-in")
        if not to_sign_in and answer.status_code not in (401, 403, 404):
            wrong[rule.rule] = answer.status_code
    assert wrong == {}


def test_no_closed_act_is_done_for_a_stranger(client: FlaskClient, cast: Cast, app: Flask) -> None:
    wrong = {}
    for rule in closed_rules(app):
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
            answer = client.open(sample(app, rule), method=method)
            # A tablet's address may refuse what is no JSON before it asks for the device.
            by_device = table(app)[str(act_of(app, rule.endpoint))].who == "device"
            if answer.status_code not in ((401, 403, 404, 415) if by_device else (401, 403, 404)):
                wrong[f"{method} {rule.rule}"] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("role", ["contestant", "judge", "auditor"])
def test_no_role_opens_what_others_are_for(client: FlaskClient, cast: Cast, app: Flask, role: str) -> None:
    cast.sign_in(client, cast.account(role))
    wrong = {}
    for rule in closed_rules(app):
        act = table(app)[str(act_of(app, rule.endpoint))]
        if act.who != "roles" or role in act.roles or "GET" not in (rule.methods or ()):
            continue
        status = client.get(sample(app, rule)).status_code
        if status != 403:
            wrong[rule.rule] = status
    assert wrong == {}
