"""Mailboxes: set up, signed in, looked into by one process at a time, and their troubles noted."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from crmcore.permissions import require
from tickets.mail.oauth import PROVIDERS, Client, Tokens, fresh_tokens
from tickets.mail.servers import Server, ServerRefused
from tickets.models import Mailbox
from tickets.sealed_text import CannotOpen

# Whoever died while reading a mailbox holds up the others for so long.
LEASE = timedelta(seconds=120)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=15)
_EARLY = timedelta(seconds=90)


@transaction.atomic
def save_mailbox(mailbox: Mailbox, *, by: User, password: str = "") -> None:
    """Store a mailbox; an empty password keeps the one before. Another account is read from its beginning on."""
    require(by, "settings", "edit")
    before = Mailbox.objects.filter(pk=mailbox.pk).first()
    if password:
        mailbox.keep("password", password)
    if before is not None and _place(before) != _place(mailbox):
        mailbox.uid_validity = mailbox.last_uid = 0
    mailbox.failures, mailbox.next_look_at, mailbox.leased_until = 0, None, None
    mailbox.save()
    audit.record("mailbox.changed" if before else "mailbox.created", mailbox, by=by, detail={"to": mailbox.address})


@transaction.atomic
def use_mailbox(mailbox: Mailbox, in_use: bool, *, by: User) -> None:
    """Retire a mailbox, or take it into use again."""
    require(by, "settings", "edit")
    if Mailbox.objects.filter(pk=mailbox.pk).exclude(is_active=in_use).update(is_active=in_use):
        audit.record("mailbox.restored" if in_use else "mailbox.retired", mailbox, by=by)


@transaction.atomic
def keep_tokens(mailbox: Mailbox, tokens: Tokens, *, by: User | None) -> None:
    """Store what a provider gave; a refresh token that was not given again stays."""
    mailbox.keep("access", tokens.access)
    if tokens.refresh:
        mailbox.keep("refresh", tokens.refresh)
    mailbox.access_until = now() + timedelta(seconds=tokens.lasts_s)
    mailbox.failures, mailbox.next_look_at = 0, None
    fields = ["access_sealed", "refresh_sealed", "access_until", "failures", "next_look_at"]
    mailbox.save(update_fields=fields)
    if by is not None:
        audit.record("mailbox.signed_in", mailbox, by=by)


def take_lease(mailbox_id: int, at: datetime) -> bool:
    """Whether this process may read the mailbox now; at most one does."""
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    return bool(Mailbox.objects.filter(free, pk=mailbox_id, is_active=True).update(leased_until=at + LEASE))


def renew_lease(mailbox_id: int, at: datetime) -> bool:
    """Go on reading; false when the mailbox was retired meanwhile."""
    return bool(Mailbox.objects.filter(pk=mailbox_id, is_active=True).update(leased_until=at + LEASE))


def give_lease_back(mailbox_id: int) -> None:
    Mailbox.objects.filter(pk=mailbox_id).update(leased_until=None)


def start_over(mailbox: Mailbox, validity: int, last_uid: int) -> None:
    """The server counts its mails anew, or is asked for the first time: read what comes after `last_uid`."""
    mailbox.uid_validity, mailbox.last_uid = validity, last_uid
    mailbox.save(update_fields=["uid_validity", "last_uid"])


def note_success(mailbox_id: int, at: datetime) -> None:
    """The mailbox answers."""
    Mailbox.objects.filter(pk=mailbox_id).update(
        looked_at=at, fault="", fault_since=None, failures=0, next_look_at=None
    )


def note_fault(mailbox_id: int, fault: str, at: datetime) -> None:
    """The mailbox does not answer: ask less and less often."""
    mailbox = Mailbox.objects.get(pk=mailbox_id)
    pause = min(FIRST_PAUSE * 2 ** min(mailbox.failures, 10), LONGEST_PAUSE)
    Mailbox.objects.filter(pk=mailbox_id).update(
        fault=fault[:300],
        fault_since=mailbox.fault_since or at,
        failures=mailbox.failures + 1,
        next_look_at=at + pause,
    )


def imap_server(mailbox: Mailbox) -> Server:
    """Where the mailbox is read, signed in. Raises ServerRefused."""
    return _server(mailbox, mailbox.imap_host, mailbox.imap_port, mailbox.imap_security)


def smtp_server(mailbox: Mailbox) -> Server:
    """By which its mail goes out, signed in. Raises ServerRefused."""
    return _server(mailbox, mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security)


def oauth_client(sign_in: str, clients: Mapping[str, tuple[str, str]] | None = None) -> Client | None:
    """Who the desk is to a provider, None where nobody has set that up."""
    client_id, client_secret = (clients or settings.MAIL_OAUTH_CLIENTS).get(sign_in, ("", ""))
    return Client(client_id, client_secret) if client_id else None


def _server(mailbox: Mailbox, host: str, port: int, security: str) -> Server:
    if mailbox.sign_in == Mailbox.SignIn.PASSWORD:
        return Server(host, port, security, mailbox.username, _opened(mailbox, "password"))
    return Server(host, port, security, mailbox.username or mailbox.address, _access(mailbox.pk), uses_token=True)


@transaction.atomic
def _access(mailbox_id: int) -> str:
    """An access token that lasts; the row is locked, so that two processes do not both ask for a new one."""
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox_id)
    if mailbox.access_until and now() + _EARLY < mailbox.access_until:
        return _opened(mailbox, "access")
    client, refresh = oauth_client(mailbox.sign_in), _opened(mailbox, "refresh")
    if client is None or not refresh:
        raise ServerRefused("nobody has signed in at the provider yet", is_final=False)
    tokens = fresh_tokens(PROVIDERS[mailbox.sign_in], client, refresh)
    keep_tokens(mailbox, tokens, by=None)
    return tokens.access


def _opened(mailbox: Mailbox, field: str) -> str:
    try:
        return mailbox.opened(field)
    except CannotOpen as error:
        raise ServerRefused("the desk's key has changed: enter the password again") from error


def _place(mailbox: Mailbox) -> tuple[str, str, str]:
    return mailbox.imap_host, mailbox.username, mailbox.imap_folder
