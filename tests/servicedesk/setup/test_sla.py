"""The settings of service promises: drafts, versions, what is typed, trials and their application."""

from datetime import UTC
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crmcore import clock
from crmcore.models import Calendar
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tests.tickets.conftest import cast as cast
from tests.tickets.conftest import open_at as open_at
from tickets.actions.policy_runs import take_up_silent_runs
from tickets.models import SlaClock, SlaPolicy, SlaPolicyVersion, SlaRun, SlaTarget

MON = "2026-01-05T"


@pytest.fixture
def ada(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


def the_policy() -> SlaPolicy:
    return SlaPolicy.objects.get(code="standard")


def typed(version: SlaPolicyVersion, **changes: Any) -> dict[str, Any]:
    """What the page sends: two targets, one step, no conditions."""
    form = {
        "seen": version.number,
        "revision": version.revision,
        "name": "Standard service",
        "calendar": Calendar.objects.get(code="support").pk,
        "follow_queue": "on",
        "updates_pause": "on",
        "pauses": ["waiting_customer"],
        "update_rhythm": "drift",
        **{f"{name}-{key}": value for name in ("targets", "steps") for key, value in _management(name).items()},
        "targets-0-metric": "first_reply",
        "targets-0-normal": "1 h 30 min",
        "targets-0-urgent": "15 min",
        "targets-1-metric": "resolution",
        "targets-1-normal": "1 d",
        "steps-0-when": "percent",
        "steps-0-amount": "50",
        "steps-0-act": "notify_owner",
    }
    return form | changes


def _management(name: str) -> dict[str, int]:
    return {"TOTAL_FORMS": 2, "INITIAL_FORMS": 0}


def save(client: Client, **changes: Any) -> Any:
    policy = the_policy()
    return client.post(
        reverse("setup:sla_policy", args=[policy.pk]), typed(policy.versions.latest("number"), **changes)
    )


def change(client: Client, what: str, policy: SlaPolicy | None = None) -> Any:
    policy = policy or the_policy()
    newest = policy.versions.latest("number")
    facts = {"what": what, "seen": newest.number, "revision": newest.revision}
    return client.post(reverse("setup:sla_change", args=[policy.pk]), facts)


@pytest.mark.parametrize("who", ["mei", "sun", "zhao"])
def test_only_who_may_change_settings_opens_them(cast: Cast, who: str) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    assert client.get(reverse("setup:sla")).status_code == 403


def test_what_is_saved_is_a_draft_that_rules_nothing(ada: Client, open_at: OpenTicket) -> None:
    assert save(ada).status_code == 302
    draft = the_policy().versions.latest("number")
    assert (draft.number, draft.published_at) == (2, None)
    ticket = open_at(MON + "09:00")
    assert ticket.clocks.get(metric="first_reply").due_at == at(MON + "13:00")


def test_a_published_version_rules_new_tickets_at_once_and_leaves_open_ones(ada: Client, open_at: OpenTicket) -> None:
    before = open_at(MON + "09:00")
    save(ada)
    change(ada, "publish")
    after = open_at(MON + "09:00")
    assert before.clocks.get(metric="first_reply").due_at == at(MON + "13:00")
    assert after.clocks.get(metric="first_reply").due_at == at(MON + "10:30")


def test_lengths_are_kept_in_seconds_and_a_day_is_the_working_day_of_the_hours(ada: Client) -> None:
    save(ada)
    stored = SlaTarget.objects.filter(version__number=2).values_list("metric", "priority", "seconds")
    assert set(stored) == {
        ("first_reply", "normal", 5400),
        ("first_reply", "urgent", 900),
        ("resolution", "normal", 8 * 3600),
    }


@pytest.mark.parametrize("text", ["soon", "4", "5 s", "2000 d"])
def test_what_is_no_length_of_time_is_refused_and_nothing_is_lost(ada: Client, text: str) -> None:
    answer = save(ada, **{"targets-0-normal": text})
    assert answer.status_code == 422
    assert text in answer.text
    assert the_policy().versions.count() == 1


def test_a_clock_stands_once_for_a_type(ada: Client) -> None:
    assert save(ada, **{"targets-1-metric": "first_reply"}).status_code == 422


@pytest.mark.parametrize(
    "step",
    [
        {"steps-0-amount": "120"},
        {"steps-0-when": "after", "steps-0-amount": "later"},
        {"steps-0-act": "notify_person"},
        {"steps-0-act": "move"},
    ],
)
def test_a_step_that_says_too_little_is_refused(ada: Client, step: dict[str, str]) -> None:
    assert save(ada, **step).status_code == 422


def test_what_somebody_overtook_is_not_saved(ada: Client) -> None:
    stale = the_policy().versions.latest("number")
    save(ada)
    answer = ada.post(reverse("setup:sla_policy", args=[the_policy().pk]), typed(stale))
    assert answer.status_code == 422
    assert the_policy().versions.latest("number").revision == 2


def test_a_discarded_draft_leaves_the_version_in_force(ada: Client) -> None:
    save(ada)
    change(ada, "discard")
    assert the_policy().versions.latest("number").published_at is not None


def test_a_policy_never_published_goes_with_its_draft(ada: Client) -> None:
    ada.post(reverse("setup:sla_new"), {"name": "Gold"})
    gold = SlaPolicy.objects.get(name="Gold")
    assert change(ada, "discard", gold)["Location"] == reverse("setup:sla")
    assert not SlaPolicy.objects.filter(name="Gold").exists()


def test_conditions_say_whom_a_policy_covers(ada: Client, cast: Cast, open_at: OpenTicket) -> None:
    row = {"if-all-0-field": "grade", "if-all-0-operator": "is", "if-all-0-value": "A"}
    save(ada, **row)
    change(ada, "publish")
    assert open_at(MON + "09:00").clocks.get(metric="resolution").target_s is None
    cast.account.grade = "A"
    cast.account.save()
    assert open_at(MON + "09:00").clocks.get(metric="resolution").target_s == 8 * 3600
    assert "Customer" in ada.get(reverse("setup:sla")).text


def test_the_preview_follows_what_is_typed_and_saves_nothing(ada: Client) -> None:
    policy = the_policy()
    form = typed(policy.versions.latest("number"), at="2026-01-09T16:30")
    rows = ada.post(reverse("setup:sla_preview", args=[policy.pk]), form).context["due_rows"]
    # The reader's clock stands in UTC: half past midnight in Shanghai, so it counts from nine.
    assert rows[0].dues[1] == at("2026-01-12T10:30")
    assert policy.versions.count() == 1


def test_a_trial_counts_what_would_move_and_moves_nothing(
    ada: Client, open_at: OpenTicket, django_capture_on_commit_callbacks: Any
) -> None:
    ticket = open_at(MON + "09:00")
    save(ada)
    with clock.at(at(MON + "11:00")), django_capture_on_commit_callbacks(execute=True):
        change(ada, "try")
    run = SlaRun.objects.get()
    assert (run.done, run.sooner, run.lost, run.overdue) == (1, 1, 0, 1)
    assert run.changes[0]["number"] == ticket.number
    assert ticket.clocks.get(metric="first_reply").due_at == at(MON + "13:00")
    assert "Overdue at once" in ada.get(reverse("setup:sla_run", args=[run.pk])).text


def test_applied_the_open_tickets_follow_and_a_breach_is_retroactive(
    ada: Client, open_at: OpenTicket, django_capture_on_commit_callbacks: Any
) -> None:
    ticket = open_at(MON + "09:00")
    save(ada)
    change(ada, "publish")
    with clock.at(at(MON + "11:00")), django_capture_on_commit_callbacks(execute=True):
        ada.post(reverse("setup:sla_apply"))
    first = SlaClock.objects.get(ticket=ticket, metric="first_reply")
    assert (first.state, first.due_at) == ("breached", at(MON + "10:30"))
    assert first.events.get(kind="breach").detail == {"retroactive": True}
    ticket.refresh_from_db()
    assert ticket.sla_state == "breached"


def test_a_run_that_was_cut_off_goes_on_behind_the_last_ticket(ada: Client, open_at: OpenTicket) -> None:
    first = open_at(MON + "09:00")
    open_at(MON + "09:00")
    moment = at(MON + "11:00")
    with clock.at(moment):
        run = SlaRun.objects.create(
            kind="apply", after=first.pk, done=1, total=2, started_at=moment, beat_at=at(MON + "10:00")
        )
        take_up_silent_runs()
    run.refresh_from_db()
    assert (run.done, run.finished_at) == (2, moment.astimezone(UTC))


def test_policies_move_and_retire(ada: Client) -> None:
    ada.post(reverse("setup:sla_new"), {"name": "Gold"})
    gold = SlaPolicy.objects.get(name="Gold")
    change(ada, "up", gold)
    assert list(SlaPolicy.objects.order_by("position").values_list("name", flat=True)) == ["Gold", "Standard service"]
    change(ada, "retire")
    assert not the_policy().is_active
