"""Ways by which a message leaves the program. One adapter per channel; the default writes to the log."""

import json
import os
import uuid
from pathlib import Path
from typing import Protocol

import structlog
from flask import Flask, current_app

from competition.accounts.outgoing import PhoneChannel, phone_channel
from competition.notices.models import Delivery

log = structlog.get_logger()


class ChannelFailed(Exception):
    """The channel could not take the message now; the text says why, without personal data."""


class ChannelRefused(ChannelFailed):
    """The channel will never take this message: trying again is of no use."""


class ChannelUnsure(ChannelFailed):
    """The message may have gone out: trying again might send it twice."""


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


class ConsolePhones:
    """Words for phones where no way to phones is set: a line in the log that there were some, nothing else."""

    def text(self, phone: str, words: str) -> None:
        """Write one line, without number and words."""
        log.info("text message", characters=len(words))


class Outbox:
    """Words for phones as files in a folder, one each, readable by this user alone: a gateway of the house takes them away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def text(self, phone: str, words: str) -> None:
        """Write one file; it appears whole or not at all. The name says nothing about whom it is for."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = uuid.uuid4().hex
        temporary = self.folder / f".{name}"
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            json.dump({"phone": phone, "text": words}, stream, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.rename(self.folder / f"{name}.json")


def init_channels(app: Flask, by_mail: PhoneChannel | None = None) -> None:
    """The adapters of this installation: messages by name, and one for phones where a folder or a gateway is set."""
    app.extensions["channels"] = {"console": Console()}
    folder = app.extensions["settings"].outbox
    app.extensions["phone_channel"] = Outbox(folder) if folder else by_mail


def to_phones() -> PhoneChannel:
    """What carries words to phones; the console where nothing does."""
    return phone_channel() or ConsolePhones()


def channels() -> dict[str, Channel]:
    """The adapters in use."""
    found: dict[str, Channel] = current_app.extensions["channels"]
    return found
