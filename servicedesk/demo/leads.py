"""The demo's prospects and the reception's register: opened, spoken with, signed, overdue, won and lost."""

from datetime import datetime, timedelta
from typing import Any

from crmcore import clock
from crmcore.actions.lead_contacts import log_contact, sign_lead
from crmcore.actions.lead_conversion import Conversion, convert_lead
from crmcore.actions.leads import close_lead, open_lead
from crmcore.actions.reception import check_reception, record_reception
from crmcore.models import CloseReason, CodeEntry, CodeList, IntentionGrade, Lead, Product
from servicedesk.demo.cast import Cast
from servicedesk.demo.lead_texts import CHINESE, CHINESE_REGISTER, ENGLISH, ENGLISH_REGISTER, LeadText

STAY = timedelta(minutes=25)
SIGNED_AFTER = timedelta(hours=6)
ENDED_AFTER = timedelta(days=2)
REASONS = {"lost": CloseReason.PRICE, "invalid": CloseReason.NO_PROSPECT}


def add_leads(cast: Cast, *, now: datetime) -> None:
    """Open the cards of both worlds in the order of their days, and write the register."""
    texts = sorted((*ENGLISH, *CHINESE), key=lambda text: -text.days)
    lists = _Lists()
    for text in texts:
        _live_through(text, cast, lists, now)
    entries = sorted((*ENGLISH_REGISTER, *CHINESE_REGISTER), key=lambda row: -row[1])
    for row in entries:
        _write(row, cast, lists, now)


class _Lists:
    """Sources, grades and products by their codes."""

    def __init__(self) -> None:
        self.sources = {row.code: row for row in CodeEntry.objects.filter(list=CodeList.SOURCE)}
        self.grades = {row.code: row for row in IntentionGrade.objects.all()}
        self.products = {row.code: row for row in Product.objects.all()}


def _live_through(text: LeadText, cast: Cast, lists: _Lists, now: datetime) -> None:
    owner, opened = cast.staff[text.owner], now - timedelta(days=text.days)
    with clock.at(opened):
        lead = open_lead(
            by=owner,
            name=text.name,
            employer=text.employer,
            phone=text.phone,
            wanted=text.wanted,
            product=lists.products.get(text.product),
            budget_minor=text.budget,
            currency=text.currency,
            payment=text.payment,
            compared=text.compared,
            favourable=text.favourable,
            unfavourable=text.unfavourable,
            source=lists.sources[text.source],
            grade=lists.grades[text.grade],
            language=owner.language,
            is_demo=True,
        )
    for days, method, summary, objections, plan, grade in text.talks:
        with clock.at(now - timedelta(days=days)):
            log_contact(
                lead,
                by=owner,
                method=method,
                summary=summary,
                objections=objections,
                next_plan=plan,
                grade=lists.grades[grade],
                was_demonstrated=method == "received",
            )
    last = now - timedelta(days=text.talks[-1][0]) if text.talks else opened
    if text.signed_by:
        with clock.at(last + SIGNED_AFTER):
            sign_lead(lead, by=cast.staff[text.signed_by])
    if text.ends:
        with clock.at(last + ENDED_AFTER):
            _end(lead, text, cast)


def _end(lead: Lead, text: LeadText, cast: Cast) -> None:
    owner = cast.staff[text.owner]
    if text.ends == "converted":
        wanted = Conversion(
            kind="company" if text.employer else "person", amount_minor=text.budget or 0, currency=text.currency
        )
        convert_lead(lead, wanted, by=owner)
    else:
        close_lead(lead, to=text.ends, reason=REASONS[text.ends], by=owner)


def _write(row: tuple[Any, ...], cast: Cast, lists: _Lists, now: datetime) -> None:
    recorder, hours, kind, name, companions, source, product, summary, consultant, shown = row
    arrived = now - timedelta(hours=hours)
    with clock.at(arrived + STAY):
        entry = record_reception(
            by=cast.staff[recorder],
            kind=kind,
            name=name,
            companions=companions,
            arrived_at=arrived,
            left_at=arrived + STAY if kind == "walk_in" else None,
            source=lists.sources.get(source),
            product=lists.products.get(product),
            summary=summary,
            consultant=cast.staff.get(consultant),
            was_demonstrated=shown,
            is_demo=True,
        )
    if shown:
        checker = cast.staff["supervisor2" if recorder in ("agent2", "chen_jiayi") else "helen"]
        with clock.at(arrived + 2 * STAY):
            check_reception(entry, by=checker, is_right=True)
