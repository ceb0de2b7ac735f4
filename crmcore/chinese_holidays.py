"""The public holidays of mainland China and the weekend days that make up for them, as the State Council named them."""

from datetime import date

from crmcore.special_days import SpecialDays

# Year → holidays (first day, last day, name) and the weekend days that are worked like a Monday.
_YEARS: dict[int, tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]] = {
    2025: (
        (
            ("01-01", "01-01", "元旦"),
            ("01-28", "02-04", "春节"),
            ("04-04", "04-06", "清明节"),
            ("05-01", "05-05", "劳动节"),
            ("05-31", "06-02", "端午节"),
            ("10-01", "10-08", "国庆节、中秋节"),
        ),
        ("01-26", "02-08", "04-27", "09-28", "10-11"),
    ),
    2026: (
        (
            ("01-01", "01-03", "元旦"),
            ("02-15", "02-23", "春节"),
            ("04-04", "04-06", "清明节"),
            ("05-01", "05-05", "劳动节"),
            ("06-19", "06-21", "端午节"),
            ("09-25", "09-27", "中秋节"),
            ("10-01", "10-07", "国庆节"),
        ),
        ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
    ),
}
YEARS = tuple(_YEARS)
MAKE_UP = "调休上班"


def statutory_days(year: int) -> list[SpecialDays]:
    """Holidays and make-up days of a year. Raises KeyError for one that is not known."""
    holidays, worked = _YEARS[year]
    closed = [SpecialDays(_day(year, first), _day(year, last), name) for first, last, name in holidays]
    return closed + [SpecialDays(_day(year, day), _day(year, day), MAKE_UP, like="mon") for day in worked]


def _day(year: int, text: str) -> date:
    return date.fromisoformat(f"{year}-{text}")
