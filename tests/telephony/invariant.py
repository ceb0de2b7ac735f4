"""What an invariant is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Invariant:
    """`sql` finds what breaks the rule; it may ask for now, overdue, healed_within, since and passed_over."""

    number: int
    rule: str
    sql: str
