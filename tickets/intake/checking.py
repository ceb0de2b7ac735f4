"""Whether a mailbox works: sign in to both servers, and send a mail to ourselves that has to come back."""

import time
import uuid
from collections.abc import Iterator

from django.utils.translation import gettext as _

from crmcore import clock
from crmcore.findings import Finding, Level
from tickets.actions.mailboxes import imap_server, smtp_server
from tickets.mail import smtp
from tickets.mail.addresses import Address
from tickets.mail.imap import opened
from tickets.mail.servers import ServerRefused
from tickets.mail.writing import Letter, message_bytes
from tickets.models import Mailbox

ECHO_WITHIN_S = 12.0
_LOOK_EVERY_S = 0.5


def check_mailbox(mailbox: Mailbox, *, with_echo: bool = True) -> Iterator[Finding]:
    """A line for each step; the echo takes some seconds."""
    if mailbox.is_demo:
        yield Finding(mailbox.address, _("Practice: nothing is sent or fetched"))
        return
    reads, sends = bool(mailbox.imap_host), bool(mailbox.smtp_host)
    fetched = _fetching(mailbox) if reads else Finding("IMAP", _("No server: nothing is fetched"), Level.WARNING)
    sent = _sending(mailbox) if sends else Finding("SMTP", _("No server: nothing is sent"), Level.WARNING)
    yield fetched
    yield sent
    if with_echo and fetched.level == sent.level == Level.OK:
        yield _echo(mailbox)


def _fetching(mailbox: Mailbox) -> Finding:
    try:
        with opened(imap_server(mailbox), mailbox.imap_folder) as folder:
            waits = folder.can_wait
    except (ServerRefused, OSError) as error:
        return Finding("IMAP", str(error), Level.FAULT, _("Check server, port, encryption, folder and sign-in."))
    text = _("Signed in; news come at once") if waits else _("Signed in; looked into every half minute")
    return Finding("IMAP", text)


def _sending(mailbox: Mailbox) -> Finding:
    try:
        smtp.check(smtp_server(mailbox))
    except (ServerRefused, OSError) as error:
        return Finding("SMTP", str(error), Level.FAULT, _("Check server, port, encryption and sign-in."))
    return Finding("SMTP", _("Signed in"))


def _echo(mailbox: Mailbox) -> Finding:
    subject, message_id = _("Echo"), f"<echo.{uuid.uuid4().hex}@{mailbox.address.rpartition('@')[2]}>"
    own = Address(mailbox.address, mailbox.label)
    letter = Letter(
        message_id=message_id,
        sender=own,
        to=(own,),
        subject=_("Test of the mailbox"),
        text=_("The desk has sent this to itself."),
        sent_at=clock.now(),
        is_automatic=True,
    )
    try:
        smtp.send(smtp_server(mailbox), sender=own.email, recipients=[own.email], data=message_bytes(letter))
        came = _came_back(mailbox, message_id)
    except (ServerRefused, OSError) as error:
        return Finding(subject, str(error), Level.FAULT, _("The server does not take mail from this address."))
    if came is None:
        text = _("A mail to ourselves did not come back within %(seconds)d s") % {"seconds": ECHO_WITHIN_S}
        return Finding(subject, text, Level.WARNING, _("Look whether it lies in another folder, such as junk."))
    return Finding(subject, _("A mail to ourselves came back after %(seconds).1f s") % {"seconds": came})


def _came_back(mailbox: Mailbox, message_id: str) -> float | None:
    """After how many seconds it lay in the folder."""
    begun = time.monotonic()
    with opened(imap_server(mailbox), mailbox.imap_folder) as folder:
        while (passed := time.monotonic() - begun) < ECHO_WITHIN_S:
            if folder.has(message_id):
                return passed
            time.sleep(_LOOK_EVERY_S)
    return None
