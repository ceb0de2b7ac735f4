"""The customer's requests: theirs alone, in their words, without script."""

import pytest
from django.test import Client

from crmcore.models import AccountContact, User
from knowledgebase.models import Category
from servicedesk.portal import once
from tests.cast import Cast
from tests.knowledgebase.shelf import make_article
from tests.servicedesk.portal.conftest import request_of
from tickets.actions.lifecycle import edit_ticket, resolve_ticket
from tickets.actions.replies import add_note, reply
from tickets.models import Interaction, Ticket, TicketType

FORBIDDEN = ("ticket", "Ticket", "agent", "Agent", "queue", "Queue", "SLA")


def sent(**more: str) -> dict[str, str]:
    kind = TicketType.objects.get(code="request")
    text = "The light flickers. Since Monday."
    return {"text": text, "type": str(kind.pk), "urgency": "normal", "once": once.fresh(), **more}


def visible_words(page: str) -> str:
    """What stands between the tags."""
    return " ".join(part.split(">", 1)[-1] for part in page.split("<"))


def test_a_request_is_sent_without_script(zhao: Client, cast: Cast) -> None:
    page = zhao.post("/portal/requests/new/", sent(), follow=True)
    ticket = Ticket.objects.get()
    assert page.status_code == 200
    assert (ticket.subject, ticket.channel, ticket.contact) == ("The light flickers", "portal", cast.zhao.contact)
    assert (ticket.account, ticket.queue) == (cast.account, cast.support_queue)
    assert ticket.number in page.content.decode()


def test_sending_twice_makes_one_request(zhao: Client) -> None:
    form = sent()
    first, second = (zhao.post("/portal/requests/new/", form) for _ in range(2))
    assert Ticket.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_an_empty_request_keeps_the_form(zhao: Client) -> None:
    page = zhao.post("/portal/requests/new/", sent(text=""))
    assert page.status_code == 422
    assert "Tell us in a few words" in page.content.decode()
    assert not Ticket.objects.exists()


def test_requests_are_limited_and_the_words_kept(zhao: Client) -> None:
    answers = [zhao.post("/portal/requests/new/", sent()) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert "The light flickers" in answers[-1].content.decode()
    assert Ticket.objects.count() == 10


def test_strangers_sign_in_first(client: Client, cast: Cast) -> None:
    for path in ("/portal/requests/", "/portal/requests/new/", "/portal/profile/", "/portal/call/"):
        assert "/account/login/" in client.get(path)["Location"]


def test_staff_are_sent_to_their_own_pages(client: Client, cast: Cast, ticket: Ticket) -> None:
    client.force_login(cast.mei)
    assert client.get(f"/portal/requests/{ticket.number}/")["Location"] == "/"


@pytest.mark.parametrize("part", ["", "band/", "messages/"])
def test_another_customer_finds_nothing(client: Client, stranger: User, ticket: Ticket, part: str) -> None:
    client.force_login(stranger)
    assert client.get(f"/portal/requests/{ticket.number}/{part}").status_code == 404


@pytest.mark.parametrize("act", ["reply", "solved", "contest", "withdraw", "rate"])
def test_another_customer_changes_nothing(client: Client, stranger: User, ticket: Ticket, act: str) -> None:
    client.force_login(stranger)
    answer = client.post(
        f"/portal/requests/{ticket.number}/{act}/", {"body": "x", "reason": "x", "once": "1", "score": "5"}
    )
    assert answer.status_code == 404
    assert Interaction.objects.filter(ticket=ticket, body="x").count() == 0


def test_a_colleague_sees_the_request_only_as_the_accounts_admin(
    client: Client, colleague: User, ticket: Ticket
) -> None:
    client.force_login(colleague)
    assert client.get(f"/portal/requests/{ticket.number}/").status_code == 404
    AccountContact.objects.filter(contact=colleague.contact).update(is_portal_admin=True)
    assert client.get(f"/portal/requests/{ticket.number}/").status_code == 200


def test_notes_of_the_desk_stay_there(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    add_note(ticket, by=cast.mei, body="Customer sounds angry")
    reply(ticket, by=cast.mei, body="We are on it")
    page = zhao.get(f"/portal/requests/{ticket.number}/").content.decode()
    assert "We are on it" in page
    assert "Customer sounds angry" not in page


def test_a_reply_is_written_once(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    form = {"body": "It also hums", "once": once.fresh()}
    for _ in range(2):
        zhao.post(f"/portal/requests/{ticket.number}/reply/", form)
    entry = Interaction.objects.get(body="It also hums")
    assert (entry.by, entry.is_public, entry.direction) == (cast.zhao, True, "in")


def test_an_empty_reply_is_explained(zhao: Client, ticket: Ticket) -> None:
    page = zhao.post(f"/portal/requests/{ticket.number}/reply/", {"body": " ", "once": "x"})
    assert page.status_code == 422
    assert "Write a few words first" in page.content.decode()


def test_the_customer_closes_reopens_and_rates(zhao: Client, ticket: Ticket) -> None:
    where = f"/portal/requests/{ticket.number}"
    zhao.post(f"{where}/solved/")
    assert Ticket.objects.get().status.category == "solved"
    zhao.post(f"{where}/rate/", {"score": "4"})
    zhao.post(f"{where}/rate/", {"score": "4", "comment": "Quick"})
    zhao.post(f"{where}/contest/", {"reason": "It flickers again", "once": once.fresh()})
    found = Ticket.objects.get()
    assert (found.rating, found.rating_comment, found.status.category) == (4, "Quick", "open")


def test_an_unsolved_request_is_not_rated(zhao: Client, ticket: Ticket) -> None:
    page = zhao.post(f"/portal/requests/{ticket.number}/rate/", {"score": "5"}, follow=True)
    assert page.status_code == 200
    assert Ticket.objects.get().rating is None


def test_the_page_speaks_the_customers_words(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    resolve_ticket(ticket, by=cast.mei)
    for path in ("/portal/", "/portal/requests/", "/portal/requests/new/", f"/portal/requests/{ticket.number}/"):
        words = visible_words(zhao.get(path).content.decode())
        assert not [word for word in FORBIDDEN if f" {word} " in words], path


def test_the_list_walks_by_key(zhao: Client, cast: Cast) -> None:
    for number in range(23):
        request_of(cast, cast.zhao, f"Matter {number}")
    first = zhao.get("/portal/requests/").context["shown"]
    second = zhao.get("/portal/requests/", {"at": first.older}).context["shown"]
    assert (len(first.requests), len(second.requests), second.older) == (20, 3, "")


def test_the_list_asks_the_same_number_of_questions_however_long(
    zhao: Client, cast: Cast, django_assert_max_num_queries: object
) -> None:
    for number in range(8):
        request_of(cast, cast.zhao, f"Matter {number}")
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        zhao.get("/portal/requests/")


def test_tips_know_the_open_request_about_the_same(zhao: Client, ticket: Ticket) -> None:
    page = zhao.post("/portal/requests/new/tips/", {"text": "kitchen light flickers again"}).content.decode()
    assert f"Your open request {ticket.number}" in page


def test_an_article_that_did_not_help_begins_the_request(zhao: Client, cast: Cast) -> None:
    shelf = Category.objects.create(name="Faults", slug="faults")
    article = make_article(shelf, by=None, english=("Reset the light", "Turn it off.", "And on."))
    page = zhao.get("/portal/requests/new/", {"article": article.number})
    assert "I read “Reset the light”" in page.context["form"]["text"].value()


def test_an_agents_note_is_not_the_title_of_a_request(zhao: Client, ticket: Ticket) -> None:
    Ticket.objects.update(subject="cust angry, refund tmrw", is_subject_internal=True)
    for path in ("/portal/", "/portal/requests/", f"/portal/requests/{ticket.number}/"):
        page = zhao.get(path).content.decode()
        assert "cust angry" not in page, path
        assert "Your call of" in page, path


def test_a_corrected_subject_is_for_everybody(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    Ticket.objects.update(subject="cust angry, refund tmrw", is_subject_internal=True)
    edit_ticket(ticket, by=cast.mei, subject="Refund for the kitchen light")
    assert "Refund for the kitchen light" in zhao.get("/portal/requests/").content.decode()
