"""The search_keys array of customers: everything a person may type to find a name, a number or a code.

Latin words and pinyin are keyed by their beginnings of three to eight letters, so that typing narrows the
list letter by letter with nothing but equality in a GIN index; longer words are looked up by eight letters.
"""

import re
from itertools import product
from math import prod

from pypinyin import Style, lazy_pinyin
from pypinyin import pinyin as readings_of

from crmcore import phone_numbers, text_search
from crmcore.person_names import SURNAME_READINGS, displayed, pinyin

SHORTEST_PREFIX, LONGEST_PREFIX = 3, 8
MOST_READINGS = 12
MOST_KEYS = 120
_PERSON_NAME_LENGTH = 4
_COMPANY_NAME_LENGTH = 12


def name_keys(name: str) -> list[str]:
    """The keys of a person's or a company's name."""
    keys: dict[str, None] = {}
    latin: list[str] = []
    for run, is_chinese in text_search.runs(displayed(name)):
        found = _chinese_keys(run) if is_chinese else _prefixes(run)
        keys |= dict.fromkeys(found)
        if not is_chinese:
            latin.append(run)
    if len(latin) > 1:
        keys |= dict.fromkeys([*_prefixes("".join(latin)), *_prefixes("".join(word[0] for word in latin))])
    return list(keys)[:MOST_KEYS]


def phone_keys(value: str) -> list[str]:
    """The keys of a stored phone value: its last four to eight digits, and all with and without country."""
    digits = re.sub(r"\D", "", value)
    return list(dict.fromkeys([*phone_numbers.tails(value), phone_numbers.national_digits(value), digits]))


def email_keys(value: str) -> list[str]:
    """The keys of an e-mail address: the address, the words of its local part, its domain."""
    local, _at, domain = value.partition("@")
    words = [prefix for run, _chinese in text_search.runs(local) for prefix in _prefixes(run)]
    return list(dict.fromkeys([value, *words, domain]))


def code_keys(code: str) -> list[str]:
    """The keys of a code such as KW-A-1024 or an account name at a messenger: joined, and by its parts."""
    parts = [run for run, _chinese in text_search.runs(code)]
    return list(dict.fromkeys(["".join(parts), *parts])) if parts else []


def query_keys(text: str) -> list[str]:
    """The keys that a row must all have to match what a person typed; empty if nothing can match."""
    folded = text_search.fold(text).strip()
    if "@" in folded:
        return [folded]
    if re.fullmatch(r"[+\d\s()/.-]+", folded):
        digits = re.sub(r"\D", "", folded)
        return [digits] if len(digits) > 3 else []
    if re.search(r"\d", folded) and re.fullmatch(r"[\w-]+", folded) and folded.isascii():
        return ["".join(run for run, _chinese in text_search.runs(folded))]
    keys: list[str] = []
    for run, is_chinese in text_search.runs(folded):
        keys += (text_search.pairs(run) or [run]) if is_chinese else [run[:LONGEST_PREFIX]]
    return list(dict.fromkeys(keys))


def identity_keys(name: str) -> list[str]:
    """Two keys that only likely duplicates share: the bare name, and a Chinese person's name as it sounds."""
    sound = pinyin(name).replace(" ", "").lower()
    return [f"={company_core(name)}", *([f"~{sound}"] if sound else [])]


def company_core(name: str) -> str:
    """A company's name without legal form, place in brackets, spaces and case, for comparing."""
    folded = re.sub(r"[(（【\[].*?[)）】\]]", "", text_search.fold(name))
    folded = _LEGAL_FORMS.sub("", folded)
    return re.sub(r"[\W_]", "", folded)


_LEGAL_FORMS = re.compile(
    r"(?:集团)?(?:股份)?(?:有限责任公司|有限公司|公司|集团|股份)$|"
    r"[\s,.]+(?:inc|ltd|llc|llp|plc|gmbh|corp|corporation|company|co|limited|group|holdings|pty|bv|ag|sa|srl)\b\.?"
)


def _chinese_keys(run: str) -> list[str]:
    is_short = len(run) <= _PERSON_NAME_LENGTH
    core = run if is_short else company_core(run)[:_COMPANY_NAME_LENGTH]
    keys = [run, *text_search.pairs(run), *(run if is_short else "")]
    for start in range(len(core)):
        for syllables in _spoken(core[start:], is_whole=start == 0):
            keys += [*_prefixes("".join(syllables)), syllables[0]]
            if len(syllables) > 1:
                keys += _prefixes("".join(syllable[0] for syllable in syllables), shortest=2)
    return keys


def _spoken(run: str, *, is_whole: bool) -> list[tuple[str, ...]]:
    """The ways a run may be spoken: all readings of a short name, the usual one of a long name."""
    if len(run) > _PERSON_NAME_LENGTH:
        return [tuple(lazy_pinyin(run))]
    readings = [list(readings_of(character, style=Style.NORMAL, heteronym=True)[0]) for character in run]
    if is_whole and (spoken := SURNAME_READINGS.get(run[0])) and spoken not in readings[0]:
        readings[0].append(spoken)
    while prod(map(len, readings)) > MOST_READINGS:
        longest = max(range(1, len(readings)), key=lambda index: len(readings[index]))
        readings[longest] = readings[longest][:1]
    return list(product(*readings))


def _prefixes(word: str, shortest: int = SHORTEST_PREFIX) -> list[str]:
    """The beginnings of a word, and the word itself when it is shorter than any of them."""
    return [word[:length] for length in range(shortest, min(len(word), LONGEST_PREFIX) + 1)] or [word]
