"""The settings of queues: who may change them, what is refused, what is kept."""

from typing import Any

import pytest
from django.forms import Select
from django.test import Client
from django.urls import reverse
from django.utils import translation

from crmcore.models import AuditEntry, Queue, QueueMembership, QueueSkill, Skill
from crmcore.strategies import Strategy
from telephony.models import OverflowRule, RecordingPolicy
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, queue: Queue | None = None) -> Any:
    return client.get(_address(queue))


def _address(queue: Queue | None) -> str:
    return reverse("setup:queue", args=[queue.pk]) if queue else reverse("setup:new_queue")


def filled(client: Client, queue: Queue | None = None, **changes: Any) -> dict[str, Any]:
    """What the browser would send of the page as it stands, with some changes; of an untouched list, its first."""
    context = page(client, queue).context
    forms = [context["form"], context["recording"]]
    data: dict[str, Any] = {}
    for name in ("members", "skills", "rules"):
        forms += [context[name].management_form, *context[name].forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value in (None, "") and isinstance(field.field.widget, Select):
                value = next(iter(field.field.widget.choices))[0]
            if value is True or (value is not None and value is not False):
                data[field.html_name] = "on" if value is True else value
    return data | changes


def save(client: Client, queue: Queue | None = None, **changes: Any) -> Any:
    return client.post(_address(queue), filled(client, queue, **changes))


@pytest.mark.parametrize("who", ["mei", "zhao"])
def test_agents_and_customers_are_refused(cast: Cast, who: str) -> None:
    client = signed_in(getattr(cast, who))
    assert {page(client, cast.support_queue).status_code, client.get(reverse("setup:queues")).status_code} == {403}


def test_supervisor_sees_every_queue_and_opens_it(cast: Cast) -> None:
    client = signed_in(cast.sun)
    listed = client.get(reverse("setup:queues")).content.decode()
    assert reverse("setup:queue", args=[cast.billing_queue.pk]) in listed
    assert page(client, cast.billing_queue).status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_setting_has_its_sentence(cast: Cast, language: str) -> None:
    with translation.override(language):
        context = page(signed_in(cast.sun), cast.support_queue).context
        fields = [*context["form"], *context["recording"]]
        assert not [field.name for field in fields if not str(field.help_text)]


def test_saved_as_it_stands_nothing_changes(cast: Cast) -> None:
    before = list(Queue.objects.order_by("pk").values())
    audited = AuditEntry.objects.count()
    assert save(signed_in(cast.sun), cast.support_queue).status_code == 302
    assert list(Queue.objects.order_by("pk").values()) == before
    assert list(QueueMembership.objects.values_list("queue", "user")) != []
    assert AuditEntry.objects.count() == audited


def test_change_is_kept_and_audited_with_before_and_after(cast: Cast) -> None:
    answer = save(signed_in(cast.sun), cast.support_queue, strategy=Strategy.RING_ALL, grade_A=120, preferred_wait_s=45)
    assert answer.status_code == 302
    queue = Queue.objects.get(pk=cast.support_queue.pk)
    assert (queue.strategy, queue.grade_boosts, queue.preferred_wait_s) == ("ring_all", {"A": 120}, 45)
    entry = AuditEntry.objects.get(verb="queue.changed")
    assert entry.actor == cast.sun
    assert entry.detail == {
        "strategy": ["longest_idle", "ring_all"],
        "grade_boosts": [{}, {"A": 120}],
        "preferred_wait_s": [30, 45],
    }


def test_members_skills_and_rules_are_added_and_removed(cast: Cast) -> None:
    client, queue = signed_in(cast.sun), cast.support_queue
    skill = Skill.objects.create(code="zh", name="Chinese")
    rows = {
        "members-1-user": cast.omar.pk,
        "members-1-penalty": 2,
        "skills-0-skill": skill.pk,
        "skills-0-min_level": 5,
        "skills-0-relax_every_s": 30,
        "skills-0-lowest_level": 3,
        "rules-0-when": "wait",
        "rules-0-limit": 90,
        "rules-0-target": "queue",
        "rules-0-to_queue": cast.billing_queue.pk,
    }
    assert save(client, queue, **rows).status_code == 302
    members = QueueMembership.objects.filter(queue=queue).order_by("penalty")
    assert list(members.values_list("user", "penalty")) == [(cast.mei.pk, 0), (cast.omar.pk, 2)]
    need = QueueSkill.objects.get(queue=queue)
    assert (need.skill, need.min_level, need.relax_every_s, need.lowest_level) == (skill, 5, 30, 3)
    rule = OverflowRule.objects.get(queue=queue)
    assert (rule.when, rule.limit, rule.to_queue) == ("wait", 90, cast.billing_queue)
    gone = {"members-0-DELETE": "on", "skills-0-DELETE": "on", "rules-0-DELETE": "on"}
    assert save(client, queue, **gone).status_code == 302
    assert QueueMembership.objects.filter(queue=queue).count() == 1
    assert not QueueSkill.objects.filter(queue=queue).exists() and not OverflowRule.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"service_level_target": 101},
        {"offer_timeout_s": 1},
        {"max_wait_s": 10},
        {"members-1-user": "mei"},
        {"rules-0-limit": 10},
        {"rules-0-when": "wait", "rules-0-target": "queue", "rules-0-limit": 10},
        {"rules-0-when": "wait", "rules-0-target": "flow", "rules-0-limit": 10},
        {"rules-0-when": "wait", "rules-0-target": "queue", "rules-0-limit": 10, "rules-0-to_queue": "same"},
        {"rules-0-when": "wait", "rules-0-target": "hang_up", "rules-0-limit": 10},
        {"rules-0-when": "wait", "rules-0-target": "hang_up", "rules-0-message": "Bye"},
    ],
)
def test_bad_input_is_refused_with_a_reason_and_nothing_is_lost(cast: Cast, wrong: dict[str, Any]) -> None:
    client, queue = signed_in(cast.sun), cast.support_queue
    names = {"mei": cast.mei.pk, "same": queue.pk}
    answer = save(client, queue, name_zh="支持", **{key: names.get(value, value) for key, value in wrong.items()})
    assert answer.status_code == 422
    assert "支持" in answer.content.decode() and 'role="alert"' in answer.content.decode()
    assert Queue.objects.get(pk=queue.pk).name_zh == ""


def test_new_queue_gets_a_code_of_its_own(cast: Cast) -> None:
    client = signed_in(cast.ada)
    for _ in range(2):
        assert save(client, name="Support", team=cast.support.pk).status_code == 302
    assert set(Queue.objects.filter(name="Support").values_list("code", flat=True)) == {
        "support",
        "support-2",
        "support-3",
    }
    assert AuditEntry.objects.filter(verb="queue.created").count() == 2


def test_recording_is_set_and_audited(cast: Cast) -> None:
    RecordingPolicy.objects.create(queue=cast.support_queue, retention_days=90)
    changes = {"recording-mode": "always", "recording-consent": "may_refuse"}
    assert save(signed_in(cast.sun), cast.support_queue, **changes).status_code == 302
    policy = RecordingPolicy.objects.get(queue=cast.support_queue)
    assert (policy.mode, policy.retention_days, policy.consent) == ("always", 90, "may_refuse")
    detail = AuditEntry.objects.get(verb="queue.recording").detail
    assert detail == {"mode": ["off", "always"], "consent": ["not_asked", "may_refuse"]}


def test_the_service_level_is_defined_by_queue(cast: Cast) -> None:
    changes = {"service_level_formula": "sl5", "counts_flow_outs": "on", "waiting_target": "9", "abandon_target": "3"}
    assert save(signed_in(cast.ada), cast.support_queue, **changes).status_code == 302
    queue = Queue.objects.get(pk=cast.support_queue.pk)
    assert (queue.service_level_formula, queue.counts_flow_outs) == ("sl5", True)
    assert (queue.waiting_target, queue.abandon_target) == (9, 3)


def test_a_formula_that_nobody_knows_is_refused(cast: Cast) -> None:
    assert save(signed_in(cast.ada), cast.support_queue, service_level_formula="sl9").status_code == 422
