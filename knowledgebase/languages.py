"""The languages in which articles are written, the one of the installation first."""

from django.conf import settings

LANGUAGES: tuple[str, ...] = tuple(code for code, _name in settings.LANGUAGES)


def other_language(language: str) -> str:
    """The language that stands beside this one."""
    return next(code for code in LANGUAGES if code != language)
