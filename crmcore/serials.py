"""Serial numbers as they are compared: full-width letters made narrow, small ones large, without spaces and dashes."""

import re
import unicodedata


def serial(typed: str) -> str:
    """`ab 12-３` as `AB123`: however people copy a number from its plate, it is the same number."""
    return re.sub(r"[\s\-_./·]+", "", unicodedata.normalize("NFKC", typed)).upper()
