"""Mail that came: noted once when it is fetched, then entered once on the ticket that it belongs to."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from crmcore.permissions import require
from tickets.actions.files import keep
from tickets.actions.mail_outbox import note_bounce
from tickets.actions.mail_placing import enter_beside, enter_in_thread, open_from_mail
from tickets.actions.mailing import tell_mail
from tickets.mail.message import ParsedMail, parse
from tickets.models import Mail, Mailbox, MailRecipient
from tickets.queries.mail_letters import raw_of
from tickets.queries.mail_people import Writer, is_own, own_addresses, writer_of
from tickets.queries.mail_threads import Thread, is_own_mail, thread_of

log = structlog.get_logger(__name__)

AT_ONCE = 20
TRIES = 5
FIRST_PAUSE = timedelta(seconds=30)
# A person does not write more often; two machines that answer each other do.
MOST_PER_HOUR = 30
State, Reason = Mail.State, Mail.Reason


@transaction.atomic
def receive(mailbox: Mailbox, *, validity: int, uid: int, raw: bytes) -> Mail:
    """Note a fetched mail and that it need not be fetched again; both or neither, however often it is fetched."""
    at = clock.now()
    facts = {
        "direction": Mail.Direction.IN,
        "state": State.FETCHED,
        "raw": keep("mail", raw),
        "created_at": at,
        "due_at": at,
    }
    mail, _is_new = Mail.objects.get_or_create(mailbox=mailbox, uid_validity=validity, uid=uid, defaults=facts)
    Mailbox.objects.filter(pk=mailbox.pk, uid_validity=validity, last_uid__lt=uid).update(last_uid=uid)
    return mail


def enter_due(at: datetime) -> int:
    """Enter what waits, in the order in which it came, and return how many mails were looked at."""
    due = Mail.objects.filter(direction=Mail.Direction.IN, state=State.FETCHED, due_at__lte=at)
    waiting = list(due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for mail_id in waiting:
        enter(mail_id)
    return len(waiting)


def enter(mail_id: int) -> None:
    """Enter one mail. What cannot be entered is tried again, then kept and shown; it holds up no other."""
    try:
        with transaction.atomic():
            mail = _claimed(mail_id, State.FETCHED)
            if mail is not None:
                _enter(mail, parse(raw_of(mail)), is_trusted=False)
                _settle(mail)
    except Exception as error:
        log.exception("tickets.mail_not_entered", mail_id=mail_id)
        _postpone(mail_id, error)


@transaction.atomic
def take_in(mail: Mail, *, by: User) -> Mail:
    """Enter a mail that was held back; pressed twice, that is done once."""
    require(by, "settings", "edit")
    held = _claimed(mail.pk, State.HELD) or _claimed(mail.pk, State.UNREADABLE)
    if held is None:
        return Mail.objects.get(pk=mail.pk)
    _enter(held, parse(raw_of(held)), is_trusted=True)
    _settle(held)
    audit.record("mail.taken_in", held, by=by)
    return held


@transaction.atomic
def drop(mail: Mail, *, by: User) -> None:
    """Leave a mail that was held back unanswered for good."""
    require(by, "settings", "edit")
    held = Mail.objects.filter(pk=mail.pk, state__in=(State.HELD, State.UNREADABLE))
    if held.update(state=State.DROPPED, settled_at=clock.now(), due_at=None):
        audit.record("mail.dropped", mail, by=by)


def _claimed(mail_id: int, state: str) -> Mail | None:
    rows = Mail.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=mail_id, state=state)
    return rows.select_related("mailbox__queue").first()


def _enter(mail: Mail, parsed: ParsedMail, *, is_trusted: bool) -> None:
    _note_facts(mail, parsed)
    copies = Mail.objects.filter(fingerprint=parsed.fingerprint).exclude(pk=mail.pk).exclude(state=State.COPY)
    if copies.exists():
        mail.state = State.COPY
    elif is_own_mail(parsed):
        mail.state, mail.reason = State.PASSED, Reason.OWN
    elif parsed.bounce is not None:
        lost = note_bounce(parsed.bounce)
        mail.state, mail.reason, mail.ticket = State.PASSED, Reason.BOUNCE, lost.ticket if lost else None
    else:
        _place(mail, parsed, is_trusted=is_trusted)


def _place(mail: Mail, parsed: ParsedMail, *, is_trusted: bool) -> None:
    thread, writer = thread_of(parsed), writer_of(mail.sender)
    reason = "" if is_trusted else _hindrance(mail, parsed, thread, writer)
    if reason:
        is_away = reason == Reason.ROBOT and parsed.origin.is_away
        mail.state, mail.reason = State.PASSED if is_away else State.HELD, Reason(reason)
        return
    mail.state = State.ENTERED
    if thread is None:
        open_from_mail(mail, parsed, writer)
    elif thread.side is not None:
        enter_beside(mail, parsed, thread.side)
    else:
        enter_in_thread(mail, parsed, thread.ticket, writer)


def _hindrance(mail: Mail, parsed: ParsedMail, thread: Thread | None, writer: Writer) -> str:
    """Why a person should look first, empty where nothing speaks against the mail."""
    hour = mail.created_at - timedelta(hours=1)
    recent = Mail.objects.filter(direction=Mail.Direction.IN, sender=mail.sender, created_at__gte=hour)
    if mail.sender and recent.exclude(pk=mail.pk).count() >= MOST_PER_HOUR:
        return Reason.FLOOD
    if thread is not None:
        return ""
    if parsed.origin.is_spam or parsed.origin.is_forged or not mail.sender:
        return Reason.SPAM
    if parsed.origin.is_automatic:
        return Reason.ROBOT
    return "" if mail.mailbox.takes_strangers or writer.is_known else Reason.STRANGER


def _note_facts(mail: Mail, parsed: ParsedMail) -> None:
    """Write down what the mail says of itself, and whom it names besides us."""
    mail.message_id, mail.references = parsed.message_id[:260], list(parsed.references)
    mail.fingerprint, mail.subject = parsed.fingerprint, parsed.subject[:300]
    mail.sender = parsed.sender.email if parsed.sender else ""
    mail.sender_name = parsed.sender.name if parsed.sender else ""
    mail.quoted = parsed.words.quoted[:100_000]
    mail.is_automatic = parsed.origin.is_automatic
    own = own_addresses()
    named = [(MailRecipient.Role.TO, one) for one in parsed.to] + [(MailRecipient.Role.CC, one) for one in parsed.cc]
    MailRecipient.objects.bulk_create(
        (
            MailRecipient(mail=mail, role=role, email=one.email, name=one.name)
            for role, one in named
            if not is_own(one.email, own)
        ),
        ignore_conflicts=True,
    )


def _settle(mail: Mail) -> None:
    mail.due_at, mail.settled_at = None, clock.now()
    if mail.state == State.COPY:
        mail.recipients.all().delete()
    mail.save()
    tell_mail(mail)


def _postpone(mail_id: int, error: Exception) -> None:
    mail = Mail.objects.get(pk=mail_id)
    attempts = mail.attempts + 1
    is_over = attempts >= TRIES
    Mail.objects.filter(pk=mail_id, state=State.FETCHED).update(
        attempts=attempts,
        fault=f"{type(error).__name__}: {error}"[:300],
        state=State.UNREADABLE if is_over else State.FETCHED,
        due_at=None if is_over else clock.now() + FIRST_PAUSE * 2**attempts,
    )
