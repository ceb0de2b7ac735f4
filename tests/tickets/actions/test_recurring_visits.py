"""Visits that recur: planned once for each occasion, on working days, by whom the plan says, unless it is paused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client

from crmcore import clock
from crmcore.models import Account, Calendar, Contact, InstalledProduct, Product, User
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.lifecycle import resolve_ticket
from tickets.actions.recurring_visits import pause, plan_recurring, save_plan
from tickets.models import RecurringVisits, Visit, VisitMethod, VisitTheme
from tickets.queries.visit_progress import progress_of

Rhythm, Who = RecurringVisits.Rhythm, RecurringVisits.Who
MakePlan = Callable[..., RecurringVisits]
# A Monday.
MON = "2026-01-05T08:00"


@pytest.fixture
def make_plan(cast: Cast) -> MakePlan:
    def make(rhythm: Rhythm, **facts: object) -> RecurringVisits:
        plan = RecurringVisits(
            name=str(rhythm),
            rhythm=rhythm,
            method=VisitMethod.objects.get(code="phone"),
            theme=VisitTheme.objects.get(code="care"),
            team=cast.support,
            calendar=Calendar.objects.get(code="support"),
            **facts,
        )
        with clock.at(at(MON)):
            save_plan(plan, by=cast.ada)
        return plan

    return make


def look(moment: str = MON) -> int:
    with clock.at(at(moment)):
        return plan_recurring()


def own(cast: Cast, **facts: object) -> InstalledProduct:
    product, _is_new = Product.objects.get_or_create(code="boiler", defaults={"name": "Boiler"})
    return InstalledProduct.objects.create(account=cast.account, product=product, created_at=clock.now(), **facts)


def days() -> list[str]:
    return [f"{visit.due_from:%m-%d}" for visit in Visit.objects.order_by("due_from", "pk")]


def born(cast: Cast, day: date) -> None:
    Contact.objects.filter(pk=cast.zhao.contact_id).update(born_on=day)


def test_closed_ticket_is_followed_at_every_interval(cast: Cast, open_at: OpenTicket, make_plan: MakePlan) -> None:
    ticket = open_at(MON, assignee=cast.mei)
    with clock.at(at("2026-01-05T10:00")):
        resolve_ticket(ticket, by=cast.mei)
    make_plan(Rhythm.CLOSING, months=3, times=2)
    for moment in ("2026-02-01T08:00", "2026-04-01T08:00", "2026-07-01T08:00", "2026-10-01T08:00"):
        look(moment)
    visits = Visit.objects.order_by("due_from")
    assert [(visit.ticket, visit.contact) for visit in visits] == [(ticket, cast.zhao.contact)] * 2
    # The fifth of April 2026 is a Sunday, the fifth of July too.
    assert days() == ["04-06", "07-06"]


def test_only_the_last_closed_ticket_of_a_customer_counts(cast: Cast, open_at: OpenTicket, make_plan: MakePlan) -> None:
    for day in ("05", "07"):
        ticket = open_at(f"2026-01-{day}T09:00", assignee=cast.mei)
        with clock.at(at(f"2026-01-{day}T10:00")):
            resolve_ticket(ticket, by=cast.mei)
    make_plan(Rhythm.CLOSING, months=1)
    look("2026-02-01T08:00")
    assert Visit.objects.get().ticket == ticket


def test_delivered_product_is_visited_after_its_months(cast: Cast, make_plan: MakePlan) -> None:
    own(cast, installed_on=date(2025, 7, 8))
    own(cast, installed_on=date(2025, 7, 8), is_active=False)
    own(cast, installed_on=date(2025, 8, 8))
    make_plan(Rhythm.DELIVERY, months=6)
    assert look() == 1
    assert days() == ["01-08"]


def test_warranty_is_spoken_of_before_it_ends(cast: Cast, make_plan: MakePlan) -> None:
    own(cast, warranty_until=date(2026, 2, 6))
    make_plan(Rhythm.WARRANTY, days_before=30)
    assert look() == 1
    assert days() == ["01-07"]


def test_birthday_comes_every_year_once(cast: Cast, make_plan: MakePlan) -> None:
    born(cast, date(1990, 1, 8))
    make_plan(Rhythm.BIRTHDAY)
    assert [look(moment) for moment in (MON, "2026-01-06T08:00", "2026-01-09T08:00", "2027-01-04T08:00")] == [
        1,
        0,
        0,
        1,
    ]
    assert Visit.objects.first().account == cast.account  # type: ignore[union-attr]


def test_leap_day_birthday_is_wished_in_other_years(cast: Cast, make_plan: MakePlan) -> None:
    born(cast, date(1992, 2, 29))
    make_plan(Rhythm.BIRTHDAY)
    assert look("2027-02-26T08:00") == 1


def test_yearly_day_reaches_the_customers_of_its_levels(cast: Cast, make_plan: MakePlan) -> None:
    Account.objects.filter(pk=cast.account.pk).update(grade="A")
    Account.objects.create(code="C-2", name="Other", grade="C", created_at=clock.now())
    make_plan(Rhythm.YEARLY, first_on=date(2026, 1, 9), grades=["A"])
    look()
    assert [visit.account for visit in Visit.objects.all()] == [cast.account]


def test_first_day_of_a_yearly_plan_in_the_future_is_waited_for(cast: Cast, make_plan: MakePlan) -> None:
    make_plan(Rhythm.YEARLY, first_on=date(2027, 1, 9))
    assert look() == 0


def test_weekend_moves_to_monday_and_only_working_days_count(cast: Cast, make_plan: MakePlan) -> None:
    born(cast, date(1990, 1, 10))
    make_plan(Rhythm.BIRTHDAY, window_days=3)
    look()
    visit = Visit.objects.get()
    assert (visit.due_from, visit.due_by) == (at("2026-01-12T09:00"), at("2026-01-14T17:00"))


def test_what_was_before_the_plan_is_not_made_good(cast: Cast, make_plan: MakePlan) -> None:
    born(cast, date(1990, 1, 4))
    make_plan(Rhythm.BIRTHDAY)
    assert look() == 0


def test_days_on_which_the_desk_stood_still_are_made_good(cast: Cast, make_plan: MakePlan) -> None:
    born(cast, date(1990, 1, 22))
    make_plan(Rhythm.BIRTHDAY, lead_days=0)
    look()
    assert look("2026-01-26T08:00") == 1
    assert days() == ["01-26"]


def test_paused_plan_plans_nothing_and_goes_on_from_its_end(cast: Cast, make_plan: MakePlan) -> None:
    born(cast, date(1990, 1, 22))
    plan = make_plan(Rhythm.BIRTHDAY, lead_days=0)
    pause(plan, True, by=cast.ada)
    assert look("2026-01-22T08:00") == 0
    with clock.at(at("2026-01-23T08:00")):
        pause(plan, False, by=cast.ada)
    assert look("2026-01-23T08:01") == 0
    assert look("2027-01-22T08:00") == 1


def test_plan_is_looked_through_once_a_day_and_after_each_change(cast: Cast, make_plan: MakePlan) -> None:
    plan = make_plan(Rhythm.BIRTHDAY)
    look()
    born(cast, date(1990, 1, 8))
    assert look("2026-01-05T09:00") == 0
    plan.refresh_from_db()
    save_plan(plan, by=cast.ada)
    assert look("2026-01-05T09:01") == 1


def test_whoever_of_the_team_has_the_fewest_visits_gets_the_next(cast: Cast, make_plan: MakePlan) -> None:
    for number in range(4):
        own(cast, warranty_until=date(2026, 2, 6) + timedelta(days=number))
    make_plan(Rhythm.WARRANTY, days_before=30, who=Who.FEWEST)
    look()
    people = list(User.objects.filter(visits__recurring__isnull=False).distinct())
    assert len(people) == 3 and set(people) == {cast.mei, cast.sun, cast.ada}


def test_customers_without_an_owner_go_to_the_leader(cast: Cast, make_plan: MakePlan) -> None:
    born(cast, date(1990, 1, 8))
    make_plan(Rhythm.BIRTHDAY, who=Who.OWNER)
    look()
    assert Visit.objects.get().assignee == cast.sun


def test_next_visit_after_a_completed_one_is_no_occasion_of_the_plan(cast: Cast, make_plan: MakePlan) -> None:
    born(cast, date(1990, 1, 8))
    make_plan(Rhythm.BIRTHDAY)
    look()
    visit = Visit.objects.get()
    visit.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_plan_each_visit_once(cast: Cast, make_plan: MakePlan) -> None:
    born(cast, date(1990, 1, 8))
    plan = make_plan(Rhythm.BIRTHDAY)

    def work(_number: int) -> int:
        try:
            RecurringVisits.objects.filter(pk=plan.pk).update(planned_on=None)
            return look()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert Visit.objects.count() == 1


def test_progress_counts_what_a_plan_has_brought(cast: Cast, make_plan: MakePlan) -> None:
    for number in range(3):
        own(cast, warranty_until=date(2026, 2, 6) + timedelta(days=number))
    plan = make_plan(Rhythm.WARRANTY, days_before=30)
    look()
    first, second, third = Visit.objects.order_by("due_from")
    Visit.objects.filter(pk=first.pk).update(progress="completed", result="satisfied", ended_at=clock.now())
    Visit.objects.filter(pk=second.pk).update(progress="missed")
    found = progress_of([plan])[plan.pk]
    assert (found.planned, found.done, found.missed, found.next_at) == (1, 1, 1, third.due_from)


def test_only_who_may_edit_settings_writes_plans(cast: Cast, make_plan: MakePlan) -> None:
    plan = make_plan(Rhythm.BIRTHDAY)
    for act in (partial(save_plan, plan), partial(pause, plan, True)):
        with pytest.raises(PermissionDenied):
            act(by=cast.mei)


def test_page_writes_pauses_and_resumes_a_plan(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada)
    fields = {
        "name": "Spring",
        "rhythm": "yearly",
        "months": 1,
        "times": 1,
        "days_before": 0,
        "first_on": "",
        "method": VisitMethod.objects.get(code="phone").pk,
        "theme": VisitTheme.objects.get(code="care").pk,
        "team": cast.support.pk,
        "who": "leader",
        "calendar": Calendar.objects.get(code="support").pk,
        "lead_days": 7,
        "window_days": 2,
    }
    assert client.post("/settings/recurring-visits/new/", fields).status_code == 422
    assert client.post("/settings/recurring-visits/new/", fields | {"first_on": "2026-03-01"}).status_code == 302
    plan = RecurringVisits.objects.get()
    for value, is_paused in (("1", True), ("1", True), ("0", False)):
        client.post(f"/settings/recurring-visits/{plan.pk}/pause/", {"pause": value})
        plan.refresh_from_db()
        assert (plan.paused_at is not None) == is_paused
    assert b"Spring" in client.get("/settings/recurring-visits/").content
    client.force_login(cast.mei)
    assert client.get("/settings/recurring-visits/").status_code == 403
