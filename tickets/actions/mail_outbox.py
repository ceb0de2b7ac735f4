"""The outbox of mail: each goes to its server, again where that was out of reach, and says what came of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from crmcore import clock
from crmcore.queries.demo_people import demo_addresses
from tickets.actions.mailboxes import smtp_server
from tickets.actions.mailing import tell_mail
from tickets.actions.replies import reply_lost
from tickets.mail import smtp
from tickets.mail.bounces import Bounce
from tickets.mail.servers import ServerRefused
from tickets.mail.smtp import Refusal
from tickets.mail.writing import message_bytes
from tickets.models import Mail, MailRecipient
from tickets.queries.mail_letters import letter_of

log = structlog.get_logger(__name__)

AT_ONCE = 20
# A try that has not come back by then has died; sent again it has the same id, and programs show it once.
LEASE = timedelta(minutes=5)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 480))
UNSENT = Q(direction=Mail.Direction.OUT, state=Mail.State.QUEUED)
State = MailRecipient.State


def deliver_due(at: datetime) -> int:
    """Send what waits and return how many mails were tried."""
    due = Mail.objects.filter(UNSENT, due_at__lte=at).order_by("due_at", "pk").values_list("pk", flat=True)
    waiting = list(due[:AT_ONCE])
    for mail_id in waiting:
        deliver(mail_id)
    return len(waiting)


def deliver(mail_id: int) -> None:
    """Send one mail unless that was done or is being done."""
    mail = _claim(mail_id, clock.now())
    if mail is None:
        return
    waiting = list(mail.recipients.filter(state=State.WAITING).values_list("email", flat=True))
    made_up = set(waiting) if not mail.mailbox.is_real else demo_addresses(waiting)
    real = [email for email in waiting if email not in made_up]
    try:
        server = smtp_server(mail.mailbox) if real else None
        data = message_bytes(letter_of(mail))
        refused = smtp.send(server, sender=mail.sender, recipients=real, data=data) if server else {}
    except (ServerRefused, OSError) as answer:
        _not_taken(mail.pk, answer, clock.now())
    else:
        _taken(mail.pk, refused, clock.now(), is_practice=not real)


@transaction.atomic
def note_bounce(bounce: Bounce) -> Mail | None:
    """A report says that a mail of ours did not arrive; returns that mail if it is one of ours."""
    found = Mail.objects.filter(direction=Mail.Direction.OUT, message_id__in=bounce.message_ids)
    mail = found.select_for_update(of=("self",)).order_by("-pk").first()
    if mail is None:
        return None
    people = list(mail.recipients.all())
    for loss in bounce.losses:
        # Forwarded mail comes back from another address than it went to.
        hit = [one for one in people if one.email == loss.email] or (people if len(people) == 1 else [])
        state = {"state": State.LOST} if loss.is_final else {}
        reason = loss.reason or loss.status
        mail.recipients.filter(pk__in=[one.pk for one in hit]).update(reason=reason[:300], **state)
    _settle(mail, clock.now())
    return mail


@transaction.atomic
def _claim(mail_id: int, at: datetime) -> Mail | None:
    """The mail, marked as begun; None where it is not to be sent now."""
    rows = Mail.objects.select_for_update(of=("self",), skip_locked=True).filter(UNSENT, pk=mail_id, due_at__lte=at)
    mail = rows.select_related("mailbox", "ticket", "interaction", "side").first()
    if mail is None:
        return None
    mail.begun_at, mail.due_at, mail.attempts = mail.begun_at or at, at + LEASE, mail.attempts + 1
    mail.save(update_fields=["begun_at", "due_at", "attempts"])
    return mail


@transaction.atomic
def _taken(mail_id: int, refused: Mapping[str, Refusal], at: datetime, *, is_practice: bool) -> None:
    """The server has it, perhaps not for everybody."""
    mail = Mail.objects.select_for_update(of=("self",)).get(pk=mail_id)
    later = [email for email, refusal in refused.items() if not refusal.is_final]
    for email, refusal in refused.items():
        lost = {"state": State.LOST} if refusal.is_final else {}
        mail.recipients.filter(email=email).update(reason=refusal.text[:300], **lost)
    mail.recipients.filter(state=State.WAITING).exclude(email__in=later).update(state=State.SENT)
    mail.is_practice = is_practice
    mail.save(update_fields=["is_practice"])
    if later and mail.attempts <= len(PAUSES):
        _again(mail, at)
    else:
        mail.recipients.filter(state=State.WAITING).update(state=State.LOST)
        _settle(mail, at)


@transaction.atomic
def _not_taken(mail_id: int, answer: ServerRefused | OSError, at: datetime) -> None:
    """Nobody got it: again later, or never."""
    mail = Mail.objects.select_for_update(of=("self",)).get(pk=mail_id)
    log.warning("tickets.mail_not_sent", mail_id=mail_id, error=str(answer))
    mail.fault = str(answer)[:300]
    mail.save(update_fields=["fault"])
    is_final = isinstance(answer, ServerRefused) and answer.is_final
    if not is_final and mail.attempts <= len(PAUSES):
        _again(mail, at)
        return
    mail.recipients.filter(state=State.WAITING).update(state=State.LOST, reason=mail.fault)
    _settle(mail, at)


def _again(mail: Mail, at: datetime) -> None:
    mail.due_at = at + PAUSES[mail.attempts - 1]
    mail.save(update_fields=["due_at"])
    tell_mail(mail)


def _settle(mail: Mail, at: datetime) -> None:
    """Sum up the recipients of a locked mail. Where nobody it was meant for has it, an answer is owed again."""
    states = dict(mail.recipients.values_list("email", "state"))
    meant = set(mail.recipients.filter(role=MailRecipient.Role.TO).values_list("state", flat=True))
    was_lost = mail.is_lost
    if not states or meant != {State.LOST}:
        mail.state = Mail.State.SENT
    elif mail.state == Mail.State.SENT or any(state == State.SENT for state in states.values()):
        mail.state = Mail.State.LOST
    else:
        mail.state = mail.state if was_lost else Mail.State.FAILED
    mail.settled_at, mail.due_at = at, None
    mail.save(update_fields=["state", "settled_at", "due_at"])
    if mail.is_lost and not was_lost and mail.interaction and mail.side_id is None and not mail.is_automatic:
        reply_lost(mail.interaction)
    tell_mail(mail)
