"""The threads of the mail: one for each mailbox that waits for news, one that enters what came and sends what goes."""

import threading
from collections.abc import Callable
from typing import Final

import structlog
from django.db import close_old_connections, connections
from django.db.models import Q

from crmcore import clock
from tickets.actions.mail_inbox import enter_due
from tickets.actions.mail_outbox import deliver_due
from tickets.actions.mailboxes import give_lease_back, imap_server, note_fault, renew_lease, take_lease
from tickets.intake.fetching import collect
from tickets.mail.imap import opened
from tickets.mail.servers import ServerRefused
from tickets.models import Mailbox

log = structlog.get_logger(__name__)

POST_EVERY_S: Final = 1.0
LOOK_FOR_MAILBOXES_EVERY_S: Final = 10.0
# Shorter than a lease; servers end an IDLE after half an hour.
WAIT_S: Final = 60.0
POLL_EVERY_S: Final = 30.0


class MailThreads:
    """Started once per worker. Several workers share the mailboxes by their leases."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._rounds: list[threading.Thread] = []
        self._watches: dict[int, threading.Thread] = {}

    def start(self) -> None:
        for name, round_, pause in (
            ("mail-post", self._post, POST_EVERY_S),
            ("mail-watch", self._look_for_mailboxes, LOOK_FOR_MAILBOXES_EVERY_S),
        ):
            self._rounds.append(self._begin(name, self._forever, round_, pause))

    def stop(self, *, within_s: float = 0.0) -> None:
        """Ask all threads to end; those that still wait for a server after `within_s` end with the process."""
        self.stopping.set()
        for thread in [*self._rounds, *self._watches.values()]:
            thread.join(within_s)

    def _begin(self, name: str, target: Callable[..., None], *words: object) -> threading.Thread:
        thread = threading.Thread(target=target, args=words, name=name, daemon=True)
        thread.start()
        return thread

    def _forever(self, round_: Callable[[], None], pause: float) -> None:
        """Go on whatever happens: a database that restarts must not end the mail."""
        while not self.stopping.wait(pause):
            close_old_connections()
            try:
                round_()
            except Exception:
                log.exception("tickets.mail_round_failed")
                connections.close_all()
        connections.close_all()

    def _post(self) -> None:
        """Enter and send until nothing is due."""
        while (enter_due(clock.now()) or deliver_due(clock.now())) and not self.stopping.is_set():
            pass

    def _look_for_mailboxes(self) -> None:
        now = clock.now()
        free = Q(next_look_at=None) | Q(next_look_at__lte=now)
        rows = Mailbox.objects.filter(free, is_active=True, is_demo=False).exclude(imap_host="")
        for mailbox_id in rows.values_list("pk", flat=True):
            known = self._watches.get(mailbox_id)
            if known is None or not known.is_alive():
                self._watches[mailbox_id] = self._begin(f"mail-box-{mailbox_id}", self._watch, mailbox_id)

    def _watch(self, mailbox_id: int) -> None:
        """Keep one mailbox open as long as it is ours; afterwards another look decides."""
        try:
            if take_lease(mailbox_id, clock.now()):
                self._watch_leased(mailbox_id)
        except Exception:
            log.exception("tickets.mailbox_failed", mailbox_id=mailbox_id)
        finally:
            connections.close_all()

    def _watch_leased(self, mailbox_id: int) -> None:
        try:
            mailbox = Mailbox.objects.get(pk=mailbox_id)
            changed = mailbox_stamp(mailbox)
            with opened(imap_server(mailbox), mailbox.imap_folder) as folder:
                while not self.stopping.is_set() and renew_lease(mailbox_id, clock.now()):
                    mailbox.refresh_from_db()
                    if mailbox_stamp(mailbox) != changed:
                        break
                    collect(mailbox, folder)
                    close_old_connections()
                    if folder.can_wait:
                        folder.wait(WAIT_S)
                    else:
                        self.stopping.wait(POLL_EVERY_S)
        except (ServerRefused, OSError) as error:
            note_fault(mailbox_id, str(error), clock.now())
        finally:
            give_lease_back(mailbox_id)


def mailbox_stamp(mailbox: Mailbox) -> tuple[object, ...]:
    """What makes it another account: then the connection is opened anew."""
    return mailbox.imap_host, mailbox.imap_port, mailbox.imap_folder, mailbox.username, mailbox.password_sealed
