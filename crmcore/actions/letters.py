"""Writing letters of the desk itself, and sending them: once, again where the server was out of reach."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from crmcore import clock
from crmcore.actions.one_time_codes import CODE_PLACE, digits_of
from crmcore.later import run_later
from crmcore.models import Letter, OneTimeCode, User
from crmcore.queries.demo_people import demo_addresses

log = structlog.get_logger(__name__)

AT_ONCE = 50
LEASE = timedelta(minutes=5)
# What they take stays on this computer.
PRACTICE = frozenset(f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "locmem", "dummy"))
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))


def write_letter(
    to: str,
    subject: str,
    body: str,
    *,
    user: User | None = None,
    leave: str = "",
    reply_to: str = "",
    key: str = "",
    code: OneTimeCode | None = None,
    due_at: datetime | None = None,
) -> None:
    """Put a letter into the outbox; it leaves after the commit, or at `due_at`."""
    at = clock.now()
    letter = Letter(
        user=user,
        to=to,
        subject=" ".join(subject.split())[:200],
        body=body,
        leave=leave,
        reply_to=reply_to,
        key=key,
        code=code,
        created_at=at,
        due_at=max(due_at or at, at),
    )
    Letter.objects.bulk_create([letter], ignore_conflicts=bool(key))
    if due_at is None or due_at <= at:
        run_later("crmcore.letters")


@transaction.atomic
def write_news(
    to: str,
    subject: str,
    words: str,
    foot: str,
    *,
    topic: str,
    due_at: datetime,
    user: User | None = None,
    leave: str = "",
    reply_to: str = "",
) -> None:
    """Put news into the outbox, or into a letter on the same topic that has not left yet.

    The caller lets nobody else write on the topic at the same time.
    """
    waiting = Letter.objects.select_for_update().filter(to=to, topic=topic, attempts=0, due_at__isnull=False)
    letter = waiting.order_by("-pk").first()
    if letter is not None:
        letter.body = f"{letter.body}\n\n{words}"
        letter.save(update_fields=["body"])
        return
    at = clock.now()
    Letter.objects.create(
        user=user,
        to=to,
        subject=" ".join(subject.split())[:200],
        body=words,
        foot=foot,
        topic=topic,
        leave=leave,
        reply_to=reply_to,
        created_at=at,
        due_at=max(due_at, at),
    )


def desk_url(path: str) -> str:
    """The whole address of a page of this desk, as somebody outside can open it."""
    return f"{settings.PUBLIC_BASE_URL or 'http://localhost:8000'}{path}"


def is_held(to: str) -> bool:
    """Whether mail to this address must stay here: real servers get nothing for people of the demo."""
    return settings.EMAIL_BACKEND not in PRACTICE and bool(demo_addresses([to]))


def send_due_letters() -> int:
    """Send what waits; how many were tried."""
    due = Letter.objects.filter(due_at__lte=clock.now()).order_by("due_at", "pk").values_list("pk", flat=True)
    waiting = list(due[:AT_ONCE])
    for letter_id in waiting:
        _send(letter_id)
    return len(waiting)


def _send(letter_id: int) -> None:
    letter = _claim(letter_id, clock.now())
    if letter is None:
        return
    held = is_held(letter.to)
    try:
        if not held:
            _message(letter).send()
    except OSError as error:
        log.warning("crmcore.letter_not_sent", letter_id=letter_id, error=str(error))
        pause = PAUSES[letter.attempts - 1] if letter.attempts <= len(PAUSES) else None
        due_at = clock.now() + pause if pause else None
        Letter.objects.filter(pk=letter_id).update(due_at=due_at, fault=str(error)[:300])
    else:
        Letter.objects.filter(pk=letter_id).update(due_at=None, sent_at=clock.now(), is_practice=held, fault="")


@transaction.atomic
def _claim(letter_id: int, at: datetime) -> Letter | None:
    """The letter, marked as begun; None where it is not to be sent now, or not any more."""
    rows = Letter.objects.select_for_update(of=("self",), skip_locked=True).select_related("code")
    letter = rows.filter(pk=letter_id, due_at__lte=at).first()
    if letter is None:
        return None
    if letter.code is not None and letter.code.expires_at <= at:
        Letter.objects.filter(pk=letter_id).update(due_at=None)
        return None
    letter.attempts, letter.due_at = letter.attempts + 1, at + LEASE
    letter.save(update_fields=["attempts", "due_at"])
    return letter


def _message(letter: Letter) -> EmailMessage:
    body = letter.body.replace(CODE_PLACE, digits_of(letter.code)) if letter.code else letter.body
    body = f"{body}\n\n-- \n{letter.foot}\n" if letter.foot else body
    sender = settings.DEFAULT_FROM_EMAIL
    domain = sender.rpartition("@")[2].strip("> ") or "localhost"
    headers = {
        "Message-ID": f"<{letter.public_id.hex}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if letter.leave:
        # RFC 8058: one click in the mail program, answered without a page in between.
        headers["List-Unsubscribe"] = f"<{desk_url(letter.leave)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    answer_to = [letter.reply_to] if letter.reply_to else None
    return EmailMessage(letter.subject, body, sender, [letter.to], headers=headers, reply_to=answer_to)
