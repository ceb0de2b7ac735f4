"""When a prospect is to be spoken with, by the rules of their grade."""

from datetime import datetime, timedelta
from typing import Protocol


class Rule(Protocol):
    """Hours until the first contact, days until the next one."""

    first_within_hours: int
    again_within_days: int


def first_due(opened: datetime, rule: Rule) -> datetime:
    """By when a new prospect is owed the first contact."""
    return opened + timedelta(hours=rule.first_within_hours)


def next_due(spoken: datetime, rule: Rule) -> datetime:
    """By when the next contact is owed after one."""
    return spoken + timedelta(days=rule.again_within_days)
