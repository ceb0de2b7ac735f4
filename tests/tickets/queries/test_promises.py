"""Policies: the first that matches rules, the most exact target counts, the queue's calendar comes first."""

from crmcore import clock
from crmcore.models import Account, Calendar, CalendarVersion
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.models import SlaPolicy, SlaPolicyVersion, SlaTarget
from tickets.queries.promises import promises_for
from tickets.queries.wording import type_called

MON = "2026-01-05T"


def test_type_counts_more_than_priority_and_both_more_than_either(open_at: OpenTicket) -> None:
    version = SlaPolicyVersion.objects.get()
    repair = type_called("repair")
    SlaTarget.objects.create(version=version, metric="first_reply", type=repair, seconds=300)
    ticket = open_at(MON + "09:00", priority="urgent")
    assert promises_for(ticket, at(MON + "09:00"))["first_reply"].target_s == 300
    SlaTarget.objects.create(version=version, metric="first_reply", type=repair, priority="urgent", seconds=60)
    assert promises_for(ticket, at(MON + "09:00"))["first_reply"].target_s == 60


def test_the_first_policy_that_matches_rules_with_its_newest_published_version(open_at: OpenTicket, cast: Cast) -> None:
    old = SlaPolicyVersion.objects.get()
    SlaPolicy.objects.update(position=5)
    gold = SlaPolicy.objects.create(code="gold", name="Gold", position=1)
    facts = {"policy": gold, "conditions": {"all": [["grade", "is", ["A"]]]}, "calendar": old.calendar}
    first = SlaPolicyVersion.objects.create(number=1, published_at=at(MON + "08:00"), **facts)
    SlaPolicyVersion.objects.create(number=2, **facts)
    SlaTarget.objects.create(version=first, metric="first_reply", seconds=60)
    ticket = open_at(MON + "09:00")
    assert promises_for(ticket, at(MON + "09:00"))["first_reply"].version == old
    cast.account.grade = "A"
    cast.account.save()
    ticket.refresh_from_db()
    assert promises_for(ticket, at(MON + "09:00"))["first_reply"].version == first


def test_a_calendar_version_counts_from_its_day(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    now = cast.support_queue.calendar.versions.get()
    later = CalendarVersion.objects.create(
        calendar=cast.support_queue.calendar,
        number=2,
        time_zone="Asia/Shanghai",
        effective_from=at("2026-02-01T00:00"),
        published_at=at(MON + "09:00"),
    )
    assert promises_for(ticket, at(MON + "09:00"))["resolution"].calendar == now
    assert promises_for(ticket, at("2026-02-02T09:00"))["resolution"].calendar == later


def test_a_calendar_that_never_opens_is_an_error_and_never_round_the_clock(open_at: OpenTicket, cast: Cast) -> None:
    CalendarVersion.objects.filter(calendar=cast.support_queue.calendar).update(weekly={})
    with clock.at(at(MON + "09:00")):
        ticket = open_at(MON + "09:00")
    promised = ticket.clocks.filter(target_s__isnull=False)
    assert set(promised.values_list("state", "due_at")) == {("error", None)}


def test_hours_of_a_target_come_before_the_contract_and_that_before_the_queue(open_at: OpenTicket, cast: Cast) -> None:
    def hours() -> str:
        cast.account.refresh_from_db()
        return open_at(MON + "09:00").clocks.get(metric="resolution").calendar_version.calendar.code

    always, night = (Calendar.objects.create(code=code, name=code) for code in ("always", "night"))
    for calendar in (always, night):
        facts = {"time_zone": "UTC", "weekly": {"mon": [["00:00", "24:00"]]}}
        began = at("2020-01-01T00:00")
        CalendarVersion.objects.create(calendar=calendar, number=1, effective_from=began, published_at=began, **facts)
    assert hours() == "support"
    Account.objects.filter(pk=cast.account.pk).update(service_calendar=always)
    assert hours() == "always"
    SlaTarget.objects.filter(metric="resolution").update(calendar=night)
    assert hours() == "night"
    SlaTarget.objects.update(calendar=None)
    Account.objects.update(service_calendar=None)
    SlaPolicyVersion.objects.update(follow_queue=False)
    assert hours() == "office-hours"
