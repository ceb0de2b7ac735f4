"""Background work of the service core."""

from crmcore.later import task
from crmcore.models import Calendar
from tickets.actions.alerts import process_due
from tickets.actions.bulk import work_off
from tickets.actions.calendar_change import follow_calendar
from tickets.actions.chat_sweep import sweep_chats
from tickets.actions.followers import tell_due_reminders
from tickets.actions.policy_runs import carry_on, take_up_silent_runs
from tickets.actions.recurring_visits import plan_recurring
from tickets.actions.routing import give_out
from tickets.actions.survey_asking import ask, ask_due
from tickets.actions.timed_rules import follow_timed_rules
from tickets.actions.visit_due import watch_visits
from tickets.intake.worker import mail_threads as mail_threads
from tickets.models import BulkChange


@task("tickets.sla_tick")
def sla_tick() -> None:
    """Every second: write the warnings and breaches that are due, in portions until none is left."""
    while process_due():
        pass


@task("tickets.follow_calendar")
def measure_by_calendar(calendar_id: int) -> None:
    """A calendar has a new version: measure the running clocks by it."""
    calendar = Calendar.objects.filter(pk=calendar_id).first()
    if calendar is not None:
        follow_calendar(calendar)


@task("tickets.bulk")
def change_many(change_id: int) -> None:
    """Work off one change of many tickets."""
    work_off(change_id)


@task("tickets.bulk_left")
def change_many_left() -> None:
    """Twice a minute: take up what a process that died has left."""
    for change_id in BulkChange.objects.filter(state__in=BulkChange.ACTIVE).values_list("pk", flat=True):
        work_off(change_id)


@task("tickets.timed_rules")
def timed_rules() -> None:
    """Every minute: the rules that wait for time to pass."""
    follow_timed_rules()


@task("tickets.sla_run")
def sla_run(run_id: int) -> None:
    """A trial of a draft, or published policies over all open tickets, portion by portion."""
    carry_on(run_id)


@task("tickets.sla_runs_go_on")
def sla_runs_go_on() -> None:
    """Every minute: take up runs whose process died."""
    take_up_silent_runs()


@task("tickets.remind")
def remind() -> None:
    """Every few seconds: tell people what they asked to be reminded of."""
    while tell_due_reminders():
        pass


@task("tickets.ask_survey")
def ask_survey(survey_id: int) -> None:
    """Ask one customer how it went."""
    ask(survey_id)


@task("tickets.surveys")
def surveys() -> None:
    """Every minute: ask what is due, and let run out what nobody answered."""
    ask_due()


@task("tickets.give_out")
def give_out_tickets() -> None:
    """Every second: hand waiting tickets to people with room, in queues that do so by themselves."""
    give_out()


@task("tickets.chat_tick")
def chat_tick() -> None:
    """Every second: offer the chats that wait, and end what is due."""
    sweep_chats()


@task("tickets.visits")
def visits() -> None:
    """Every minute: warn of visits that are due soon, and mark what was missed."""
    watch_visits()


@task("tickets.recurring_visits")
def recurring_visits() -> None:
    """Every minute: plan the visits that recur, each plan once a day."""
    plan_recurring()
