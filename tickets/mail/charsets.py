"""Bytes to text when the label of their charset is missing, unknown or wrong."""

import codecs
import re

# What senders say -> the superset that they mean.
_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "gb_2312-80": "gb18030",
    "chinese": "gb18030",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso-2022-jp-ext",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode": "utf-8",
}
_ESCAPES = re.compile(rb"\x1b(?:\$[@B]|\([BJI])")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_COMMON_HAN = re.compile(
    r"[的一是不了在有我他这个们中来上大为和国地到以说时要就出会可也你对生能您好请问谢無我們這個會對們為說時們請問題謝]"
)
# Letters that hardly ever stand in text that was read in the right charset.
_ODD = re.compile(r"[\ufffd\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f\ue000-\uf8ff]")
_GUESSES = ("gb18030", "big5hkscs", "cp932", "cp949")


def decoded(data: bytes, label: str = "") -> str:
    """The text of `data`. The label is believed where it works; it never raises."""
    named = codec_of(label)
    if _ESCAPES.search(data) and named in ("", "utf-8", "cp1252"):
        named = "iso-2022-jp-ext"
    for codec in dict.fromkeys(name for name in (named, "utf-8") if name):
        try:
            text = data.decode(codec)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
        if codec != "cp1252" or not _is_mislabelled(data):
            return text.removeprefix("\ufeff")
    return _guessed(data, named)


def codec_of(label: str) -> str:
    """Python's name of the charset that a label means; empty for one that does not exist."""
    name = label.strip().strip("\"'").lower()
    name = _MEANT.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return ""
    # Codecs such as rot13 or base64 are not charsets.
    return name if info._is_text_encoding else ""


def _guessed(data: bytes, named: str) -> str:
    """The reading with the fewest impossible letters, the label's own first among equals."""
    wanted = [named] if named else []
    readings = [data.decode(codec, "replace") for codec in dict.fromkeys([*wanted, *_GUESSES, "cp1252"])]
    return min(readings, key=_oddity)


def _oddity(text: str) -> float:
    han = len(_HAN.findall(text))
    common = len(_COMMON_HAN.findall(text))
    return 20 * len(_ODD.findall(text)) + (han - 5 * common if han else 0)


def _is_mislabelled(data: bytes) -> bool:
    """Whether bytes called Latin are in fact UTF-8 or Chinese: then nearly all of them come in high pairs."""
    high = [byte for byte in data if byte >= 0x80]
    if len(high) < 4:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pairs = len(re.findall(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]", data))
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            return False
        return pairs * 2 >= len(high) and len(_COMMON_HAN.findall(text)) * 8 >= len(_HAN.findall(text)) > 0
    return True
