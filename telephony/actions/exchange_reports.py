"""Taking in what an exchange reports: kept word for word first, then understood, so that nothing is lost."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.http import QueryDict

from crmcore import clock
from telephony.actions.fold import fold
from telephony.actions.lines import note_use
from telephony.models import CtiToken, ExchangeReport, Verdict
from telephony.providers.base import Incoming
from telephony.providers.cti.dialect import CtiEvent, Surroundings
from telephony.providers.cti.fields import BadEvent
from telephony.providers.cti.own_dialect import TEST, OwnEvent
from telephony.queries.exchanges import agent_named, knows_call, queue_named, told_before

LONGEST_BODY = 20_000
KEPT_FOR = timedelta(days=7)
JSON = "application/json"


def take_report(exchange: CtiToken, body: str, content_type: str) -> ExchangeReport:
    """Keep one request of an exchange and act on it; the answer says what became of it."""
    if note_use(exchange):
        ExchangeReport.objects.filter(exchange=exchange, received_at__lt=clock.now() - KEPT_FOR).delete()
    return _process(_kept(exchange, body, content_type, is_replay=False))


def replay(report: ExchangeReport) -> ExchangeReport:
    """Take a report in again. What was told before stays as it is, and an old report begins no call."""
    return _process(_kept(report.exchange, report.body, report.content_type, is_replay=True))


def _kept(exchange: CtiToken, body: str, content_type: str, *, is_replay: bool) -> ExchangeReport:
    return ExchangeReport.objects.create(
        exchange=exchange,
        received_at=clock.now(),
        content_type=content_type[:80],
        body=body[:LONGEST_BODY].replace("\x00", "\ufffd"),
        is_replay=is_replay,
        # The rest of a body that is too long is dropped, and with it the chance to understand it.
        detail="the body is too long" if len(body) > LONGEST_BODY else "",
    )


def _process(report: ExchangeReport) -> ExchangeReport:
    try:
        if report.detail:
            raise BadEvent(report.detail)
        with transaction.atomic():
            _act_on(report)
    except BadEvent as error:
        report.verdict, report.detail = Verdict.BAD_FIELD, str(error)[:300]
    except Exception:
        report.verdict = Verdict.FAULT
        report.save()
        raise
    report.save()
    return report


def _act_on(report: ExchangeReport) -> None:
    """Understand a report and fold what it means into its call. Raises BadEvent."""
    exchange = report.exchange
    event = _event(_fields(report.body, report.content_type))
    report.kind, report.call_name = event.type if isinstance(event, OwnEvent) else event.event, event.call_id
    desk = Surroundings(
        exchange_id=exchange.pk,
        agent_of=partial(agent_named, exchange=exchange),
        queue_of=queue_named,
        usual_queue_id=exchange.queue_id,
        region=exchange.region,
    )
    signals = event.signals(desk)
    strangers = [name for name in event.users if desk.agent_of(name) is None]
    if report.is_replay and signals and not knows_call(signals[0].provider_call_id):
        report.verdict = Verdict.UNKNOWN_CALL
        return
    if told_before(signals):
        report.verdict = Verdict.DUPLICATE
        return
    for signal in signals:
        fold(signal)
    if (strangers and len(strangers) == len(event.users)) or (not signals and report.kind != TEST):
        report.verdict, report.detail = Verdict.UNKNOWN_AGENT, ", ".join(strangers)[:300]
    elif signals and not isinstance(signals[0], Incoming) and not knows_call(signals[0].provider_call_id):
        report.verdict = Verdict.UNKNOWN_CALL
    else:
        report.verdict = Verdict.ACCEPTED


def _event(fields: Mapping[str, object]) -> CtiEvent | OwnEvent:
    return OwnEvent.read(fields) if "type" in fields and "event" not in fields else CtiEvent.read(fields)


def _fields(body: str, content_type: str) -> Mapping[str, object]:
    if content_type == JSON:
        return _json(body)
    try:
        form = QueryDict(body)
    except ValueError as error:
        raise BadEvent("the form cannot be read") from error
    fields: dict[str, object] = {name: form[name] for name in form}
    if names := form.getlist("user[]") or form.getlist("user"):
        fields["user"] = names
    return fields


def _json(body: str) -> Mapping[str, object]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadEvent("the body is not JSON") from error
    if not isinstance(data, dict):
        raise BadEvent("the body is not an object")
    return data
