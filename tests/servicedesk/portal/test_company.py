"""A company's administrators on the portal: whose requests they see, whom they let in, and nobody else's."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from crmcore import clock
from crmcore.actions.company_people import NotPossible, accept, invite, switch_person, token_of, withdraw_invitation
from crmcore.models import Account, AccountContact, Contact, Invitation, Letter, User
from crmcore.queries.company import administers
from tests.cast import Cast
from tests.servicedesk.portal.conftest import request_of
from tickets.actions.lifecycle import set_status
from tickets.models import Ticket
from tickets.queries.wording import status_in

SECRET = "a-long-Secret-77"


@pytest.fixture
def admin(cast: Cast) -> User:
    """Zhao administers the company."""
    AccountContact.objects.filter(contact=cast.zhao.contact).update(is_portal_admin=True)
    return cast.zhao


@pytest.fixture
def other_company(cast: Cast, stranger: User) -> Account:
    """The stranger's, which the stranger administers."""
    account = Account.objects.create(code="C-2", name="Brandt", created_at=clock.now())
    AccountContact.objects.create(account=account, contact=stranger.contact, is_portal_admin=True)
    return account


def sent_link() -> str:
    found = re.search(r"/portal/invitation/\S+", Letter.objects.latest("pk").body)
    assert found is not None
    return found[0]


def asked(admin: User, account: Account, email: str = "wu@example.cn") -> Invitation:
    return invite(account, email=email, name="吴迪", language="zh-hans", by=admin)


def numbers(page: object) -> set[str]:
    return {found.ticket.number for found in page.context["shown"].requests}  # type: ignore[attr-defined]


def test_administrators_narrow_by_person_state_and_words(
    zhao: Client, cast: Cast, admin: User, colleague: User, ticket: Ticket
) -> None:
    theirs = request_of(cast, colleague, "The printer jams")
    set_status(theirs, status_in("waiting_customer"), by=cast.mei)
    where = "/portal/requests/"
    assert numbers(zhao.get(where)) == {ticket.number, theirs.number}
    for chosen in ({"who": colleague.contact_id}, {"state": "you"}, {"q": "printer"}, {"q": theirs.number}):
        assert numbers(zhao.get(where, chosen)) == {theirs.number}
    assert numbers(zhao.get(where, {"kind": theirs.type_id})) == {ticket.number, theirs.number}
    assert "asked by 孙丽" in zhao.get(where).content.decode()


@pytest.mark.parametrize("nonsense", [{"who": "x"}, {"state": "secret"}, {"kind": "-1"}, {"q": "' OR 1=1 --"}])
def test_nonsense_breaks_nothing(zhao: Client, admin: User, ticket: Ticket, nonsense: dict[str, str]) -> None:
    assert zhao.get("/portal/requests/", nonsense).status_code == 200


def test_ordinary_users_see_and_choose_their_own(client: Client, cast: Cast, colleague: User, ticket: Ticket) -> None:
    client.force_login(colleague)
    page = client.get("/portal/requests/", {"who": cast.zhao.contact_id, "q": "light"})
    assert numbers(page) == set()
    assert client.get("/portal/company/").status_code == 404
    assert "/portal/company/" not in client.get("/portal/").content.decode()


def test_an_invited_colleague_chooses_a_password_and_comes_in(
    zhao: Client, cast: Cast, admin: User, client: Client
) -> None:
    form = {"name": "吴迪", "email": "Wu@Example.cn", "language": "zh-hans", "account": cast.account.pk}
    assert zhao.post("/portal/company/", form).status_code == 302
    guest = Client()
    answer = guest.post(sent_link(), {"name": "吴迪", "password": SECRET})
    made = User.objects.get(email="wu@example.cn")
    assert answer["Location"] == "/portal/"
    assert guest.get("/portal/requests/").status_code == 200
    assert made.contact is not None
    assert list(made.contact.memberships.values_list("account", "is_portal_admin")) == [(cast.account.pk, False)]
    assert [role.code for role in made.roles.all()] == ["customer"]


def test_an_invitation_lets_one_in(cast: Cast, admin: User) -> None:
    link = asked(admin, cast.account)
    accept(link, name="吴迪", password=SECRET)
    with pytest.raises(NotPossible):
        accept(link, name="Eve", password=SECRET)
    assert Client().get(f"/portal/invitation/{token_of(link)}/").status_code == 404


def test_inviting_twice_is_one_invitation(cast: Cast, admin: User) -> None:
    assert asked(admin, cast.account) == asked(admin, cast.account, "WU@example.cn ")
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cast, link: withdraw_invitation(link, by=cast.zhao),
        lambda cast, link: Invitation.objects.update(expires_at=clock.now() - timedelta(minutes=1)),
    ],
)
def test_a_link_that_does_not_hold_any_more_opens_nothing(
    cast: Cast, admin: User, spoil: Callable[[Cast, Invitation], object]
) -> None:
    link = asked(admin, cast.account)
    spoil(cast, link)
    assert Client().post(f"/portal/invitation/{token_of(link)}/", {"name": "x", "password": SECRET}).status_code == 404
    assert not User.objects.filter(email="wu@example.cn").exists()


def test_an_invitation_ends_with_the_rights_of_who_sent_it(cast: Cast, admin: User) -> None:
    link = asked(admin, cast.account)
    AccountContact.objects.filter(contact=admin.contact).update(is_portal_admin=False)
    with pytest.raises(NotPossible):
        accept(Invitation.objects.get(pk=link.pk), name="吴迪", password=SECRET)


def test_a_made_up_link_opens_nothing(client: Client, cast: Cast) -> None:
    assert client.get("/portal/invitation/1:x:y/").status_code == 404


def test_a_weak_password_is_refused(cast: Cast, admin: User) -> None:
    link = asked(admin, cast.account)
    answer = Client().post(f"/portal/invitation/{token_of(link)}/", {"name": "吴迪", "password": "123"})
    assert answer.status_code == 422
    assert not User.objects.filter(email="wu@example.cn").exists()


def test_an_address_with_a_sign_in_elsewhere_is_not_taken_over(
    cast: Cast, admin: User, other_company: Account, stranger: User
) -> None:
    User.objects.filter(pk=stranger.pk).update(email="lena@example.org")
    link = asked(admin, cast.account, "lena@example.org")
    with pytest.raises(NotPossible):
        accept(link, name="Lena", password=SECRET)
    stranger.refresh_from_db()
    assert stranger.check_password("pw")
    assert not administers(stranger, cast.account)


def test_switching_off_shuts_out_at_once(zhao: Client, cast: Cast, admin: User, colleague: User) -> None:
    theirs = Client()
    theirs.force_login(colleague)
    form = {"on": "0", "account": cast.account.pk}
    for _ in range(2):
        zhao.post(f"/portal/company/people/{colleague.pk}/", form)
    assert "/account/login/" in theirs.get("/portal/requests/")["Location"]
    zhao.post(f"/portal/company/people/{colleague.pk}/", {**form, "on": "1"})
    assert User.objects.get(pk=colleague.pk).is_active


def test_nobody_is_switched_off_from_another_company(
    zhao: Client, cast: Cast, admin: User, other_company: Account, stranger: User
) -> None:
    for account in (cast.account.pk, other_company.pk):
        answer = zhao.post(f"/portal/company/people/{stranger.pk}/", {"on": "0", "account": account})
        assert answer.status_code == 404
    assert User.objects.get(pk=stranger.pk).is_active


def test_who_serves_two_companies_is_not_switched_off_by_one(
    cast: Cast, admin: User, other_company: Account, colleague: User
) -> None:
    AccountContact.objects.create(account=other_company, contact=colleague.contact)
    with pytest.raises(NotPossible, match="another company"):
        switch_person(colleague, cast.account, on=False, by=admin)


def test_nobody_switches_off_themselves(cast: Cast, admin: User) -> None:
    with pytest.raises(NotPossible, match="yourself"):
        switch_person(admin, cast.account, on=False, by=admin)


@pytest.mark.parametrize("path", ["", "people/{user}/", "invitations/1/withdraw/"])
def test_ordinary_users_do_nothing_there(client: Client, cast: Cast, colleague: User, path: str) -> None:
    client.force_login(colleague)
    where = f"/portal/company/{path.format(user=cast.zhao.pk)}"
    form = {"name": "Eve", "email": "eve@example.org", "language": "en", "account": cast.account.pk, "on": "0"}
    assert client.post(where, form).status_code == 404
    assert not Invitation.objects.exists()


def test_the_page_lists_people_once(zhao: Client, cast: Cast, admin: User, colleague: User) -> None:
    Contact.objects.create(name="Nobody of ours", created_at=clock.now())
    page = zhao.get("/portal/company/").content.decode()
    assert page.count("<b>孙丽</b>") == 1
    assert "Nobody of ours" not in page
