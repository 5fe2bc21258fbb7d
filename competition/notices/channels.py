"""Ways by which a message leaves the program. One adapter per channel; the default writes to the log."""

from typing import Protocol

import structlog
from flask import Flask, current_app

from competition.notices.models import Delivery

log = structlog.get_logger()


class ChannelFailed(Exception):
    """The channel could not take the message now; the text says why, without personal data."""


class Channel(Protocol):
    """An adapter: hands one delivery on, or raises :class:`ChannelFailed`."""

    name: str

    def send(self, delivery: Delivery) -> None:
        """Hand the message of this delivery to whoever carries it."""
        ...


class Console:
    """Says in the log that there is a message: its kind and its id, never its words or its reader."""

    name = "console"

    def send(self, delivery: Delivery) -> None:
        """Write one line."""
        log.info("message", kind=delivery.message.kind, delivery=str(delivery.id))


def init_channels(app: Flask) -> None:
    """The adapters of this installation, by name."""
    app.extensions["channels"] = {"console": Console()}


def channels() -> dict[str, Channel]:
    """The adapters in use."""
    found: dict[str, Channel] = current_app.extensions["channels"]
    return found
