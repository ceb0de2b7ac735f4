"""The content library: kept questions and scripts, taken by copy."""

from typing import Any

import pytest
from django.test import Client

from crmcore.actions import people
from crmcore.models import AuditEntry, User
from tests.at_once import at_once
from tests.cast import Cast
from tests.tickets.conftest import cast as cast
from tickets.actions.content_library import keep_question
from tickets.actions.questionnaires import publish_questionnaire
from tickets.models import LibraryQuestion, LibraryScript, Questionnaire, VisitPlan

LIBRARY = "/settings/library/"
PLAN = {"name": "Care", "after_hours": 1, "window_hours": 2, "who": "assignee"}


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.fixture
def service(cast: Cast) -> Questionnaire:
    return Questionnaire.objects.get(code="service")


@pytest.fixture
def eve(cast: Cast) -> User:
    """A second administrator."""
    return people.create_user("eve", name="Eve", password=None, roles=["admin"], by=None)


def question(owner: User, **facts: Any) -> LibraryQuestion:
    entry: LibraryQuestion = LibraryQuestion.objects.create(
        **{"owner": owner, "code": "friendly", "name": "Friendly?", "name_zh": "态度如何？", "kind": "yes_no"} | facts
    )
    return entry


def script(owner: User, **facts: Any) -> LibraryScript:
    entry: LibraryScript = LibraryScript.objects.create(
        **{"owner": owner, "code": "care", "name": "Care words", "text": "Good day", "text_zh": "您好"} | facts
    )
    return entry


def plan_values() -> dict[str, Any]:
    shipped = VisitPlan.objects.get(code="level-a")
    return PLAN | {"method": shipped.method_id, "theme": shipped.theme_id}


def test_question_is_kept_with_its_answers_by_whoever_writes_it(ada: Client, cast: Cast) -> None:
    words = {"name": "Which way?", "name_zh": "哪种方式？", "kind": "single", "highest": 5}
    assert ada.post(f"{LIBRARY}new/", words | {"lines": "Telephone"}).status_code == 422
    ada.post(f"{LIBRARY}new/", words | {"lines": "Telephone | 电话\nText", "is_shared": "on"})
    kept = LibraryQuestion.objects.get()
    assert (kept.owner, kept.is_shared) == (cast.ada, True)
    assert kept.choices == [["c1", "Telephone", "电话"], ["c2", "Text", ""]]
    assert AuditEntry.objects.filter(noun="libraryquestion").count() == 1


def test_script_is_kept_and_changed(ada: Client) -> None:
    ada.post(f"{LIBRARY}scripts/new/", {"name": "Care", "text": "Good day"})
    kept = LibraryScript.objects.get()
    assert not kept.is_shared
    ada.post(f"{LIBRARY}scripts/{kept.pk}/", {"name": "Care", "text": "Good evening"})
    assert LibraryScript.objects.get().text == "Good evening"


def test_agents_do_not_keep_the_library(client: Client, cast: Cast, service: Questionnaire) -> None:
    kept = question(cast.ada)
    client.force_login(cast.mei)
    assert client.get(LIBRARY).status_code == 403
    assert client.post(f"{LIBRARY}{kept.pk}/", {"name": "Rude?"}).status_code == 403
    assert client.post(f"/settings/questionnaires/{service.pk}/library/", {"take": kept.pk}).status_code == 403


def test_private_entries_are_their_owners_alone(ada: Client, eve: User, service: Questionnaire) -> None:
    hidden = question(eve, is_shared=False)
    spoken = script(eve, is_shared=False)
    for page in (
        LIBRARY,
        f"/settings/questionnaires/{service.pk}/questions/",
        "/settings/visit-plans/new/",
        "/settings/recurring-visits/new/",
    ):
        shown = ada.get(page).content.decode()
        assert hidden.name not in shown
        assert spoken.name not in shown
    for address in (f"{LIBRARY}{hidden.pk}/", f"{LIBRARY}scripts/{spoken.pk}/"):
        assert ada.get(address).status_code == 404
        assert ada.post(f"{address}retire/", {"in_use": "0"}).status_code == 404
        assert ada.post(f"{address}move/", {"to": "up"}).status_code == 404
    ada.post(f"/settings/questionnaires/{service.pk}/library/", {"take": hidden.pk})
    assert service.draft is None
    refused = ada.post("/settings/visit-plans/new/", plan_values() | {"library_script": spoken.pk})
    assert refused.status_code == 422


def test_owners_find_their_private_entries(client: Client, eve: User) -> None:
    question(eve, is_shared=False)
    client.force_login(eve)
    page = client.get(LIBRARY).content.decode()
    assert "Questions for yourself" in page
    assert "Friendly?" in page


def test_only_the_owner_takes_an_entry_back_from_colleagues(ada: Client, eve: User) -> None:
    shared = question(eve)
    ada.post(f"{LIBRARY}{shared.pk}/", {"name": "Kind?", "kind": "yes_no", "highest": 5})
    shared.refresh_from_db()
    assert (shared.name, shared.is_shared, shared.owner) == ("Kind?", True, eve)


def test_private_entries_of_others_are_no_neighbours(ada: Client, cast: Cast, eve: User) -> None:
    first = question(cast.ada, code="a", position=0)
    question(eve, code="b", position=1, is_shared=False)
    last = question(cast.ada, code="c", position=2)
    ada.post(f"{LIBRARY}{last.pk}/move/", {"to": "up"})
    assert list(LibraryQuestion.objects.filter(is_shared=True)) == [last, first]


def test_taken_question_is_a_copy_and_taken_once(ada: Client, cast: Cast, service: Questionnaire) -> None:
    kept = question(cast.ada)
    for _time in range(2):
        ada.post(f"/settings/questionnaires/{service.pk}/library/", {"take": kept.pk})
    draft = service.draft
    assert draft is not None
    assert [one.text for one in draft.read().questions].count("Friendly?") == 1
    assert draft.read().questions[-1].kind == "yes_no"


def test_published_version_stays_as_it_was(ada: Client, cast: Cast, service: Questionnaire) -> None:
    kept = question(cast.ada)
    ada.post(f"/settings/questionnaires/{service.pk}/library/", {"take": kept.pk})
    draft = service.draft
    assert draft is not None
    version = publish_questionnaire(service, revision=draft.revision, by=cast.ada)
    ada.post(f"{LIBRARY}{kept.pk}/", {"name": "Rude?", "kind": "text", "highest": 5})
    version.refresh_from_db()
    assert (version.read().questions[-1].text, version.read().questions[-1].kind) == ("Friendly?", "yes_no")


def test_retired_or_missing_question_is_not_taken(ada: Client, cast: Cast, service: Questionnaire) -> None:
    retired = question(cast.ada, is_active=False)
    for taken in (str(retired.pk), "999", "x", ""):
        page = ada.post(f"/settings/questionnaires/{service.pk}/library/", {"take": taken}, follow=True)
        assert "Choose a question that is still there." in page.content.decode()
    assert service.draft is None


def test_question_is_put_into_the_library_once(ada: Client, service: Questionnaire) -> None:
    for _time in range(2):
        ada.post(f"/settings/questionnaires/{service.pk}/library/", {"keep": "missing"})
    kept = LibraryQuestion.objects.get()
    assert service.in_use is not None
    asked = service.in_use.read().question("missing")
    assert asked is not None
    assert (kept.name, kept.name_zh, kept.is_shared) == (asked.text, asked.text_zh, True)
    assert kept.choices == [list(one) for one in asked.choices]
    assert service.draft is None


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_keep_one_question(cast: Cast, service: Questionnaire) -> None:
    assert service.in_use is not None
    asked = service.in_use.read().questions[0]
    at_once(*(lambda: keep_question(service, asked, by=cast.ada) for _click in range(2)))
    assert LibraryQuestion.objects.count() == 1


def test_plan_begins_with_words_of_the_library(ada: Client, cast: Cast) -> None:
    words = script(cast.ada)
    ada.post("/settings/visit-plans/new/", plan_values() | {"library_script": words.pk})
    LibraryScript.objects.update(text="Hello")
    plan = VisitPlan.objects.get(name="Care")
    assert (plan.script, plan.script_zh) == ("Good day", "您好")


def test_written_words_are_never_overwritten(ada: Client, cast: Cast) -> None:
    values = plan_values() | {"library_script": script(cast.ada).pk, "script": "My own"}
    answer = ada.post("/settings/visit-plans/new/", values)
    assert answer.status_code == 422
    assert "My own" in answer.content.decode()
    assert not VisitPlan.objects.filter(name="Care").exists()
