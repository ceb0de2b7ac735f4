"""Choosing what one is told of, signed in or by the link in a mail."""

from datetime import time

from django.core import signing
from django.db import transaction

from crmcore.actions import audit
from crmcore.models import NewsChoice, NewsKind, User

_SALT = "crmcore.news"


def leave_token(user: User, kind: str) -> str:
    """What a link carries that ends one kind of mail for one person, without signing in."""
    return signing.dumps([user.pk, kind], salt=_SALT)


def read_token(token: str) -> tuple[User, NewsKind] | None:
    """Whose mail of which kind a link ends; None for a link that we did not make."""
    try:
        user_id, kind = signing.loads(token, salt=_SALT)
        user = User.objects.filter(pk=user_id, kind=User.Kind.PORTAL).first()
        return (user, NewsKind(kind)) if user else None
    except (signing.BadSignature, ValueError):
        return None


def choice_of(user: User) -> NewsChoice:
    """The stored choice, or the usual one: everything, at any hour, in the person's language."""
    return NewsChoice.objects.filter(user=user).first() or NewsChoice(user=user)


@transaction.atomic
def switch_mail(user: User, kind: str, *, on: bool) -> None:
    """Switch mail of one kind off, or on again; said twice it is said once."""
    NewsChoice.objects.get_or_create(user=user)
    choice = NewsChoice.objects.select_for_update().get(user=user)
    if (kind not in choice.no_mail) == on:
        return
    choice.no_mail = [one for one in choice.no_mail if one != kind] if on else [*choice.no_mail, kind]
    choice.save(update_fields=["no_mail"])
    audit.record("news.switched", user, by=user, detail={"kind": kind, "mail": on})


@transaction.atomic
def choose_news(
    user: User,
    *,
    no_mail: list[str],
    no_page: list[str],
    language: str,
    quiet_from: time | None,
    quiet_until: time | None,
) -> None:
    """Store all that a person chose on the page."""
    facts = {
        "no_mail": no_mail,
        "no_page": no_page,
        "language": language,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }
    NewsChoice.objects.update_or_create(user=user, defaults=facts)
    audit.record("news.chosen", user, by=user, detail={"no_mail": no_mail, "no_page": no_page})
