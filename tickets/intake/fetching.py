"""Fetching a mailbox: what is new is stored before the server hears that we have it, so that nothing gets lost."""

from datetime import timedelta

from crmcore import clock
from tickets.actions.mail_inbox import receive
from tickets.actions.mailboxes import (
    give_lease_back,
    imap_server,
    note_fault,
    note_success,
    renew_lease,
    start_over,
    take_lease,
)
from tickets.mail.imap import Folder, opened
from tickets.mail.servers import ServerRefused
from tickets.models import Mail, Mailbox

# So many mails, then other mailboxes and the lease get their turn.
AT_ONCE = 50
LOOK_BACK = timedelta(days=2)


def fetch(mailbox_id: int) -> int:
    """Look into a mailbox once unless another process does; how many mails came. Faults are noted."""
    if not take_lease(mailbox_id, clock.now()):
        return 0
    try:
        mailbox = Mailbox.objects.get(pk=mailbox_id)
        with opened(imap_server(mailbox), mailbox.imap_folder) as folder:
            count = collect(mailbox, folder)
    except (ServerRefused, OSError) as error:
        note_fault(mailbox_id, str(error), clock.now())
        return 0
    finally:
        give_lease_back(mailbox_id)
    return count


def collect(mailbox: Mailbox, folder: Folder) -> int:
    """Store what is new in an open folder, and mark as read what was stored. Raises ServerRefused."""
    begin_at(mailbox, folder)
    mark_stored(mailbox, folder)
    count = 0
    while uids := folder.uids_after(mailbox.last_uid)[:AT_ONCE]:
        for uid in uids:
            raw = folder.raw(uid)
            if raw is not None:
                receive(mailbox, validity=folder.validity, uid=uid, raw=raw)
                count += 1
            mailbox.last_uid = uid
        mark_stored(mailbox, folder)
        if not renew_lease(mailbox.pk, clock.now()):
            break
    note_success(mailbox.pk, clock.now())
    return count


def begin_at(mailbox: Mailbox, folder: Folder) -> None:
    """Where to go on reading: a new mailbox with what comes from now on.

    UIDs of another validity mean other mails; then the latest are looked at again, and copies found out.
    """
    if mailbox.uid_validity == folder.validity:
        return
    last = folder.newest()
    if mailbox.uid_validity and mailbox.looked_at:
        recent = folder.uids_since((mailbox.looked_at - LOOK_BACK).date())
        last = min(recent, default=last + 1) - 1
    start_over(mailbox, folder.validity, last)


def mark_stored(mailbox: Mailbox, folder: Folder) -> None:
    """Tell the server what we have; what a fallen process left undone is done by the next."""
    stored = Mail.objects.filter(mailbox=mailbox, uid_validity=folder.validity, is_marked_read=False)
    for mail_id, uid in list(stored.exclude(uid=None).values_list("pk", "uid")):
        folder.mark_read(uid or 0)
        Mail.objects.filter(pk=mail_id).update(is_marked_read=True)
