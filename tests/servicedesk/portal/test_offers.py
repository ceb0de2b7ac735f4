"""Asking for an offer without an account."""

from django.test import Client

from crmcore.models import IntentionGrade, Lead, Notice
from crmcore.shipped_grades import install_grades
from servicedesk.portal import once
from tests.cast import Cast
from tests.crmcore.leads import source

OFFER = "/portal/offer/"


def form(**more: str) -> dict[str, str]:
    install_grades(IntentionGrade)
    source("website")
    facts = {"name": "Ines Costa", "phone": "+44 20 7946 0690", "wanted": "A quiet washing machine", "agreed": "on"}
    return facts | {"once": once.fresh(), **more}


def test_a_wish_becomes_a_lead_with_source_and_consent(client: Client, cast: Cast) -> None:
    answer = client.post(OFFER, form())
    lead = Lead.objects.get()
    assert (lead.origin, lead.source.code, lead.phone_value) == ("portal", "website", "+442079460690")
    assert "call or write to me" in lead.consent_wording
    assert answer["Location"] == f"{OFFER}sent/"


def test_who_may_give_leads_away_is_told_of_one_without_owner(client: Client, cast: Cast) -> None:
    client.post(OFFER, form())
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"sun", "ada"}


def test_without_agreement_or_a_way_to_answer_nothing_is_kept(client: Client, cast: Cast) -> None:
    assert client.post(OFFER, form(agreed="")).status_code == 422
    answer = client.post(OFFER, form(phone=""))
    assert answer.status_code == 422
    assert "A quiet washing machine" in answer.content.decode()
    assert not Lead.objects.exists()


def test_sending_twice_is_one_lead(client: Client, cast: Cast) -> None:
    sent = form()
    for _again in range(2):
        client.post(OFFER, sent)
    assert Lead.objects.count() == 1


def test_robots_are_answered_alike_and_leave_nothing(client: Client, cast: Cast) -> None:
    assert client.post(OFFER, form(website="http://spam.example"))["Location"] == f"{OFFER}sent/"
    assert not Lead.objects.exists()


def test_known_and_unknown_people_get_the_same_answer(client: Client, cast: Cast) -> None:
    known, unknown = client.post(OFFER, form(email="zhao@example.com")), client.post(OFFER, form(email="x@example.com"))
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_script_is_slowed_down(client: Client, cast: Cast) -> None:
    answers = [client.post(OFFER, form(phone=f"+44 20 7946 07{number:02}")).status_code for number in range(7)]
    assert answers.count(302) == 5
    assert answers[-1] == 429
