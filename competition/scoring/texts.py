"""Texts that people read on paper, in three languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Chinese, English and Tibetan; ``str()`` is the Chinese one."""

    zh: str
    en: str = ""
    bo: str = ""

    def __str__(self) -> str:
        return self.zh

    def __getitem__(self, language: str) -> str:
        """``words["en"]``; an unknown language raises KeyError."""
        return {"zh": self.zh, "en": self.en, "bo": self.bo}[language]
