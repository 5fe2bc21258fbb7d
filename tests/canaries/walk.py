"""A browser that remembers every answer, and what text an answer or a file holds."""

import html
import io
import zipfile
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pikepdf
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from competition.core.pictures import text_of
from tests.cast import Cast


@dataclass(frozen=True)
class Answer:
    """One answer: who asked what, what came back."""

    who: str
    asked: str
    status: int
    headers: str
    text: str

    def __str__(self) -> str:
        return f"{self.who} {self.asked} {self.status}"


class Walker:
    """Somebody who walks through the program; everything that comes back is kept in ``answers``."""

    def __init__(self, client: FlaskClient, cast: Cast, answers: list[Answer], who: str) -> None:
        self.client, self.cast, self.answers, self.who = client, cast, answers, who

    def get(self, address: str) -> TestResponse:
        """Open a page."""
        return self._ask("GET", address)

    def post(self, address: str, **data: Any) -> TestResponse:
        """Send a form."""
        return self._ask("POST", address, data=data)

    def _ask(self, method: str, address: str, **more: Any) -> TestResponse:
        answer = self.client.open(address, method=method, buffered=True, **more)
        headers = "\n".join(f"{name}: {unquote(value)}" for name, value in answer.headers)
        self.answers.append(Answer(self.who, f"{method} {address}", answer.status_code, headers, text_in(answer.data)))
        return answer


def text_in(data: bytes) -> str:
    """Everything that can be read in bytes: pages, sheets and their properties, PDFs and what is said about them."""
    if data[:5] == b"%PDF-":
        with pikepdf.open(io.BytesIO(data)) as pdf:
            about = " ".join(f"{key} {value}" for key, value in pdf.docinfo.items()) + _xmp(pdf)
        return text_of(data) + about
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "\n".join([*package.namelist(), *(text_in(package.read(name)) for name in package.namelist())])
    return html.unescape(data.decode("utf-8", "replace"))


def _xmp(pdf: pikepdf.Pdf) -> str:
    return bytes(pdf.Root.Metadata.read_bytes()).decode("utf-8", "replace") if "/Metadata" in pdf.Root else ""
