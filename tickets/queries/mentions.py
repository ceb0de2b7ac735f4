"""Colleagues named in a text with an @ before the name, and those who could be meant by what is typed."""

import re

from crmcore.models import User
from tickets.name_match import matches

SHOWN = 8
# Not within an e-mail address.
_MARK = re.compile(r"(?<![A-Za-z0-9_.+-])[@＠]")


def mentioned_in(text: str) -> list[User]:
    """Active staff whose whole name stands right behind an @, the longest that fits; names may run on in Chinese."""
    marks = [match.end() for match in _MARK.finditer(text)]
    if not marks:
        return []
    staff = sorted(_staff(), key=lambda person: -len(person.name))
    fits = (next((one for one in staff if _stands_at(one.name, text, mark)), None) for mark in marks)
    return list({person.pk: person for person in fits if person is not None}.values())


def people_for(words: str, user: User) -> list[User]:
    """Colleagues by name, pinyin and initials."""
    return [person for person in _staff() if person.pk != user.pk and matches(words, person.name)][:SHOWN]


def _staff() -> list[User]:
    return list(User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name", "pk"))


def _stands_at(name: str, text: str, mark: int) -> bool:
    if not name or not text.startswith(name, mark):
        return False
    after = text[mark + len(name) :][:1]
    return not (name[-1].isascii() and after.isascii() and after.isalnum())
