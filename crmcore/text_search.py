"""The one tokenizer: text to lexemes for a stored tsvector, and a person's words to a query over it.

A Chinese run is indexed as segmented words and as overlapping pairs of characters plus its last character, so
that any two characters and, by prefix, any single one can be found wherever the segmenter cut.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_CJK = r"\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
_WORD = rf"[^\W_{_CJK}]+"
_PIECE = re.compile(
    rf"(?P<cjk>[{_CJK}]+)|(?P<phone>\+?\d(?:[\s()/.-]{{0,2}}\d){{6,14}})(?!\w)|(?P<latin>{_WORD}(?:[-.'’]{_WORD})*)"
)
_MARKS = re.compile("[\u0300-\u036f]")
_UNDIVIDED = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
_STOP_TABLE = """
a an and are as at be but by do for from has have how i if in is it its my of on or our so that the their
there this to was we were what will with you your
的 了 是 我 我们 你 您 吗 呢 啊 吧 和 与 在 怎么 怎么办 什么 请问 一个
"""
_STOP_WORDS = frozenset(_STOP_TABLE.split())
_LAST_POSITION = 16_383
_QUERY_LENGTH = 300
# PostgreSQL takes no longer ones; nobody looks for them.
_LONGEST_LEXEME_BYTES = 2046


def fold(text: str) -> str:
    """One spelling of what people read as the same: width, case, accents, traditional characters."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_simplified())
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", plain)).translate(_UNDIVIDED)
    return unicodedata.normalize("NFKC", bare)


def document_tokens(text: str) -> Iterator[tuple[str, bool]]:
    """The lexemes of a text in order; the flag tells words from character pairs and number tails."""
    for piece in _PIECE.finditer(fold(text)):
        if run := piece["cjk"]:
            yield from ((word, True) for word in _segmented(run, for_search=True) if len(word) > 1)
            yield from ((pair, False) for pair in [*pairs(run), run[-1]])
        elif phone := piece["phone"]:
            digits = _digits(phone)
            yield digits, True
            yield from ((digits[-length:], False) for length in range(4, min(9, len(digits))))
            yield from ((part, False) for part in re.findall(r"\d+", phone))
        else:
            parts = re.findall(_WORD, piece["latin"])
            yield from ((_stem(part), True) for part in parts if part not in _STOP_WORDS)
            if len(parts) > 1:
                yield "".join(parts), True


def index_text(parts: Mapping[str, str]) -> str:
    """The literal of a tsvector from texts by weight, {"A": title, "B": body}, for a SearchVectorField.

    Character pairs and number tails always weigh D.
    """
    lexemes: dict[str, list[str]] = {}
    position = 0
    for weight, text in parts.items():
        for lexeme, is_word in document_tokens(text):
            if len(lexeme.encode()) > _LONGEST_LEXEME_BYTES:
                continue
            position = min(position + is_word, _LAST_POSITION)
            places = lexemes.setdefault(lexeme, [])
            if len(places) < 8:
                places.append(f"{max(position, 1)}{weight if is_word else 'D'}")
    return " ".join(f"'{lexeme}':{','.join(dict.fromkeys(places))}" for lexeme, places in lexemes.items())


def query_terms(text: str, *, any_word: bool = False) -> str:
    """What a person typed, for to_tsquery('simple', …), SearchQuery type raw; empty if nothing is left.

    Every word must occur and the last may be unfinished; with `any_word` one is enough and rank decides.
    """
    pieces = list(_PIECE.finditer(fold(text[:_QUERY_LENGTH])))
    clauses = []
    for piece in pieces:
        is_last = piece is pieces[-1] and not any_word
        if run := piece["cjk"]:
            clauses.append(_chinese_clause(run, any_word=any_word))
        elif phone := piece["phone"]:
            clauses.append(_phone_clause(phone))
        else:
            clauses.append(_latin_clause(piece["latin"], may_continue=is_last))
    return (" | " if any_word else " & ").join(clause for clause in dict.fromkeys(clauses) if clause)


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a run's characters."""
    return [run[index : index + 2] for index in range(len(run) - 1)]


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The runs of folded text in order; the flag says that a run is Chinese (or kana or hangul)."""
    for piece in re.finditer(rf"([{_CJK}]+)|{_WORD}", fold(text)):
        yield piece[0], piece[1] is not None


def _chinese_clause(run: str, *, any_word: bool) -> str:
    if len(run) == 1:
        return f"'{run}':*"
    operator = " | " if any_word else " & "
    ways = []
    for lexemes in (_segmented(run, for_search=any_word), pairs(run)):
        telling = [f"'{lexeme}'" for lexeme in lexemes if len(lexeme) > 1 and lexeme not in _STOP_WORDS]
        if telling:
            ways.append(operator.join(telling))
    return " | ".join(f"({way})" for way in dict.fromkeys(ways)).join("()") if ways else ""


def _phone_clause(phone: str) -> str:
    digits = _digits(phone)
    parts = " & ".join(f"'{part}'" for part in re.findall(r"\d+", phone))
    return f"('{digits[-8:]}' | '{digits}' | ({parts}))"


def _latin_clause(text: str, *, may_continue: bool) -> str:
    parts = [part for part in re.findall(_WORD, text) if part not in _STOP_WORDS]
    stems = [f"'{_stem(part)}'" for part in parts]
    if may_continue and parts and len(parts[-1]) > 1:
        stems[-1] += ":*"
    if len(parts) > 1:
        return f"('{''.join(parts)}' | ({' & '.join(stems)}))"
    return "".join(stems)


def _stem(word: str) -> str:
    """Cut the commonest English endings, so that routers, routing and route meet in one lexeme."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:s|x|z|ch|sh)es$", word):
        word = word[:-2]
    elif word.endswith("s") and word[-2] not in "sui":
        word = word[:-1]
    for ending in ("ing", "ed"):
        trunk = word.removesuffix(ending)
        if trunk != word and len(trunk) > 2 and re.search("[aeiouy]", trunk):
            return trunk[:-1] if trunk[-1] == trunk[-2] and trunk[-1] not in "lsz" else trunk
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _segmented(run: str, *, for_search: bool) -> list[str]:
    import rjieba  # noqa: PLC0415  33 MB of dictionary that only processes which index or search Chinese need

    words: list[str] = rjieba.cut_for_search(run) if for_search else rjieba.cut(run)
    return words


@cache
def _simplified() -> dict[int, str]:
    """The character table from traditional to simplified; of several targets the commonest stands first."""
    lines = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text("utf-8").splitlines()
    return {ord(line[0]): line.split("\t")[1].split()[0] for line in lines if "\t" in line}
