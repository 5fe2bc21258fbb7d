"""How Chinese characters are read, by the dictionary. Names have rules of their own (``accounts/pinyin``)."""


def syllables(text: str, *, tones: bool) -> list[str]:
    """The syllables of a text in order; what the dictionary lacks stays as it is."""
    # Loaded by whoever reads something: the dictionary takes fifty megabytes of every process that has it.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    return lazy_pinyin(text, style=Style.TONE if tones else Style.NORMAL)
