"""One word per thing, in both languages: the glossary's words, and none of those it does not use."""

import re

from tests.architecture.test_glossary import glossary
from tests.catalogues.extraction import extracted
from tests.catalogues.test_english import pairs, said

# English words for a thing that has another one in the glossary, and the one to take.
NEVER = {
    r"referees?|jurors?|jury": "judge",
    r"competitors?": "contestant, entrant",
    r"tournaments?|championships?": "contest, series",
    r"users?(?! who runs the system| can read)": "account, person",
    r"log ?(?:in|out|on|off)(?! name)|logged": "sign in, sign out",
    r"delegates?": "delegation",
    r"work (?:numbers?|ids?)": "work code",
    r"scores? ?cards?|scoring sheets?": "score sheet",
    r"rule ?books? of scoring|scoring rules?": "rulebook",
    r"time ?keepers? of": "timekeeper",
    r"passcodes?": "password, PIN",
    r"(?:de)?crypt(?:ion)? of codes|decod(?:e|ing)": "opening the codes",
    r"clicks?|clicked|clicking": "press",
    r"e-?mails?": "message",
    r"color|colors|center|labor": "British spelling",
}


# To number works, not the number of one.
NUMBERS = "作品编号。"


def test_chinese_uses_no_word_that_the_glossary_rules_out() -> None:
    never = {word: term.chinese[0] for term in glossary() for word in term.never}
    found = [f"{sentence.where}: {word} ({right}): {sentence.words}"
             for sentence in extracted().values() for word, right in never.items() if word in sentence.words.replace(NUMBERS, "")]
    assert found == []


def test_english_uses_one_word_per_thing() -> None:
    found = [f"{match[0]} ({right}): {said(sentence, text)}" for sentence, text in pairs() for wrong, right in NEVER.items()
             if (match := re.search(rf"\b(?:{wrong})\b", text, re.IGNORECASE))]
    assert found == []
