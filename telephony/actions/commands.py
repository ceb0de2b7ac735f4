"""The outbox to the carriers: commands are rows first, so that none is lost and none is sent for a state long gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import transaction

from crmcore import clock
from crmcore.later import run_later
from telephony.actions.evidence import record_signal
from telephony.models import Call, CallLeg, ProviderCommand
from telephony.providers.base import CallRef, CarrierBusy, CarrierError, Command, Signal
from telephony.providers.registry import provider_of
from telephony.states import LegKind, LegState

log = structlog.get_logger(__name__)

ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=1)
# For this long a command waits for a carrier that has too much to do, before its attempts begin to count.
LONGEST_PATIENCE = timedelta(seconds=120)
APART = timedelta(milliseconds=90)


def ref_of(call: Call) -> CallRef:
    """The call as its carrier knows it."""
    return CallRef(
        id=call.pk,
        public_id=str(call.public_id),
        provider_call_id=call.provider_call_id,
        epoch=call.epoch,
        queued_at=call.queued_at,
        answered_at=call.answered_at,
        context=call.context,
        customer_leg=_customer_leg(call) if call.direction == Call.Direction.OUT else "",
    )


def _customer_leg(call: Call) -> str:
    leg = CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER).only("external_id").first()
    return leg.external_id if leg else ""


def order(call: Call, command: Command, *, now: datetime) -> None:
    """Ask the carrier after the commit; asked twice in one epoch about the same leg, it is one command."""
    arguments = command.arguments()
    row, created = ProviderCommand.objects.get_or_create(
        call=call,
        step=command.verb,
        epoch=call.epoch,
        leg_id=arguments.get("leg_id"),
        defaults={"arguments": arguments, "created_at": now, "due_at": now + FIRST_PAUSE},
    )
    if not created:
        return
    if provider_of(call.provider).capabilities.is_remote:
        run_later("telephony.deliver_command", row.pk)
    else:
        transaction.on_commit(partial(deliver, row.pk), robust=True)


@transaction.atomic
def deliver(command_id: int) -> None:
    """Send one command unless that was done, or is being done, elsewhere. Its answers are signals like any other."""
    rows = ProviderCommand.objects.select_for_update(of=("self",), skip_locked=True).select_related("call")
    row = rows.filter(pk=command_id, done_at=None).first()
    if row is None:
        return
    now = clock.now()
    try:
        answers = _send(row)
    except CarrierError as error:
        _postpone(row, error, now)
        return
    except Exception as error:
        # A fault of our own is no reason to try for ever, nor to keep other commands waiting.
        log.exception("telephony.command_fault", step=row.step, call_id=row.call_id)
        _postpone(row, CarrierError(repr(error)), now)
        return
    _close(row, ProviderCommand.Fate.OBSOLETE if answers is None else ProviderCommand.Fate.SENT, now)
    if [answer for answer in answers or () if record_signal(answer, now=now)]:
        run_later("telephony.fold_pending", row.call.provider, row.call.provider_call_id)


def _send(row: ProviderCommand) -> Sequence[Signal] | None:
    """What the carrier answered; None when the call has moved on and nothing is to be sent."""
    command = Command.of(row.step, ref_of(row.call), row.arguments)
    return None if _is_obsolete(row, command) else provider_of(row.call.provider).send(command)


def _is_obsolete(row: ProviderCommand, command: Command) -> bool:
    if command.lasts_with_leg:
        return CallLeg.objects.filter(commands=row, state=LegState.LEFT).exists()
    return row.epoch != row.call.epoch and not command.outlives_state


def deliver_due(now: datetime) -> None:
    """Send what a dying process left unsent and what deserves another try."""
    due = ProviderCommand.objects.filter(done_at=None, due_at__lte=now).order_by("due_at")
    for command_id in due.values_list("pk", flat=True)[:50]:
        deliver(command_id)


def _close(row: ProviderCommand, fate: str, now: datetime) -> None:
    row.attempts += 1
    row.fate, row.done_at = fate, now
    row.save(update_fields=["attempts", "fate", "done_at"])


def _postpone(row: ProviderCommand, error: CarrierError, now: datetime) -> None:
    log.warning("telephony.command_failed", step=row.step, call_id=row.call_id, error=str(error))
    row.error = str(error)[:200]
    if isinstance(error, CarrierBusy) and now - row.created_at < LONGEST_PATIENCE:
        _queue_up(row, now)
        return
    row.due_at = now + FIRST_PAUSE * 2**row.attempts
    row.save(update_fields=["error", "due_at"])
    if row.attempts + 1 >= ATTEMPTS:
        _close(row, ProviderCommand.Fate.FAILED, now)
    else:
        row.attempts += 1
        row.save(update_fields=["attempts"])


def _queue_up(row: ProviderCommand, now: datetime) -> None:
    """Try again later, the later the longer this lasts; those who wait together come back one after the other."""
    row.due_at = now + max(FIRST_PAUSE, (now - row.created_at) / 2) + APART * (1 + row.pk % 10)
    row.save(update_fields=["error", "due_at"])
