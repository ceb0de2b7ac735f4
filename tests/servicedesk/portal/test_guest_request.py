"""Writing to the desk without an account."""

from django.test import Client

from crmcore.models import Contact, ContactPoint, Letter
from servicedesk.portal import once
from tests.cast import Cast
from tickets.models import SlaClock, Ticket, TicketType


def form(**more: str) -> dict[str, str]:
    kind = TicketType.objects.get(code="request")
    facts = {"name": "Ines Costa", "email": "Ines@example.org", "text": "The tap drips. Since Monday."}
    return facts | {"type": str(kind.pk), "once": once.fresh(), **more}


def test_a_request_needs_no_account(client: Client, cast: Cast) -> None:
    answer = client.post("/portal/write/", form())
    ticket = Ticket.objects.get()
    assert ticket.contact is not None
    assert (ticket.subject, ticket.channel, ticket.contact.name) == ("The tap drips", "portal", "Ines Costa")
    assert SlaClock.objects.filter(ticket=ticket, metric="first_reply").exists()
    assert answer["Location"] == f"/portal/track/?number={ticket.number}"


def test_the_writer_gets_the_number_and_not_the_words(client: Client, cast: Cast) -> None:
    client.post("/portal/write/", form())
    letter = Letter.objects.get()
    assert letter.to == "Ines@example.org"
    assert Ticket.objects.get().number in letter.body
    assert "tap drips" not in letter.body + letter.subject


def test_sending_twice_is_one_request(client: Client, cast: Cast) -> None:
    sent = form()
    first, second = (client.post("/portal/write/", sent) for _ in range(2))
    assert Ticket.objects.count() == Letter.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_who_is_known_by_the_address_is_not_made_anew(client: Client, cast: Cast) -> None:
    assert cast.zhao.contact is not None
    ContactPoint.objects.create(contact=cast.zhao.contact, kind="email", raw="z@x.cn", value="z@x.cn")
    before = Contact.objects.count()
    client.post("/portal/write/", form(email="Z@X.cn", name="Somebody else"))
    ticket = Ticket.objects.get()
    assert (ticket.contact, ticket.account, Contact.objects.count()) == (cast.zhao.contact, cast.account, before)
    assert ticket.contact is not None
    assert ticket.contact.name == cast.zhao.contact.name


def test_what_is_missing_is_said_and_nothing_lost(client: Client, cast: Cast) -> None:
    answer = client.post("/portal/write/", form(email="nobody", text="The tap drips"))
    assert answer.status_code == 422
    assert "The tap drips" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_robots_are_thanked_and_forgotten(client: Client, cast: Cast) -> None:
    assert client.post("/portal/write/", form(website="https://example.org")).status_code == 302
    assert not Ticket.objects.exists()


def test_strangers_are_limited_by_address_and_by_where_they_are(client: Client, cast: Cast) -> None:
    answers = [Client(REMOTE_ADDR=f"10.0.0.{n}").post("/portal/write/", form()).status_code for n in range(6)]
    assert answers[-1] == 429
    answers = [client.post("/portal/write/", form(email=f"x{n}@example.org")).status_code for n in range(6)]
    assert answers[-1] == 429


def test_customers_have_their_own_form(zhao: Client) -> None:
    assert zhao.get("/portal/write/")["Location"] == "/portal/requests/new/"
