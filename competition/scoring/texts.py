"""Texts that people see on paper, in three languages."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Chinese, English and Tibetan; ``str()`` is the Chinese one."""

    zh: str
    en: str = ""
    bo: str = ""

    def __str__(self) -> str:
        return self.zh

    def read(self, language: str) -> str:
        """The text in ``language`` where there is one, else the Chinese one."""
        return {"en": self.en, "bo": self.bo}.get(language) or self.zh


NO_WORDS = Words("")


def by_chinese(texts: Iterable[Words], language: str) -> dict[str, str]:
    """What these texts are in ``language``, by the Chinese one; a Chinese text with two meanings there is left out."""
    found: dict[str, set[str]] = {}
    for text in texts:
        if text.read(language) != text.zh:
            found.setdefault(text.zh, set()).add(text.read(language))
    return {chinese: said.pop() for chinese, said in found.items() if len(said) == 1}
