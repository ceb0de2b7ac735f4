"""Messages of one text, by the vectors of the standard."""

import pytest

from telephony.text_segments import BASIC, EXTENDED, segments_of


@pytest.mark.parametrize(
    ("text", "is_unicode", "units", "count", "left"),
    [
        ("", False, 0, 1, 160),
        ("a" * 160, False, 160, 1, 0),
        ("a" * 161, False, 161, 2, 145),
        ("a" * 306, False, 306, 2, 0),
        ("a" * 307, False, 307, 3, 152),
        ("€" * 80, False, 160, 1, 0),
        ("€" * 81, False, 162, 2, 143),
        # The pair does not fit into the last place of the first message and moves to the second.
        ("a" * 152 + "€" * 5, False, 162, 2, 143),
        ("好" * 70, True, 70, 1, 0),
        ("好" * 71, True, 71, 2, 63),
        ("好" * 134, True, 134, 2, 0),
        ("好" * 135, True, 135, 3, 66),
        ("😀" * 35, True, 70, 1, 0),
        ("😀" * 36, True, 72, 2, 61),
        ("a" * 66 + "😀" * 3, True, 72, 2, 61),
        ("a" * 159 + "’", True, 160, 3, 41),
        ("ç", True, 1, 1, 69),
        ("Ç", False, 1, 1, 159),
    ],
)
def test_count(text: str, is_unicode: bool, units: int, count: int, left: int) -> None:
    found = segments_of(text)
    assert (found.is_unicode, found.units, found.count, found.left) == (is_unicode, units, count, left)


def test_alphabet_has_the_places_of_the_standard() -> None:
    assert len(BASIC) == 127 and len(set(BASIC)) == 127
    assert len(EXTENDED) == 10 and not set(EXTENDED) & set(BASIC)
