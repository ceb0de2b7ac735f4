"""Rights on one row, asked together, are those that are asked one by one."""

import pytest

from crmcore.models import Grant, User
from crmcore.permissions import Scope
from crmcore.queries.rights import reaches, rights_on
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket

ACTIONS = ("view", "edit", "assign", "delete")


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("person", ["mei", "sun", "omar", "ada", "zhao"])
def test_asked_together_or_one_by_one_is_the_same(cast: Cast, open_at: OpenTicket, person: str) -> None:
    ticket, user = open_at("2026-01-05T09:00"), fresh(getattr(cast, person))
    one_by_one = {action for action in ACTIONS if reaches(user, action, ticket)}
    assert rights_on(user, ticket, *ACTIONS) == one_by_one


def test_a_leaders_right_reaches_below_without_another_statement(
    cast: Cast, open_at: OpenTicket, django_assert_num_queries: object
) -> None:
    ticket, user = open_at("2026-01-05T09:00"), fresh(cast.mei)
    Grant.objects.filter(role__code="agent", noun="ticket", action="edit").update(scope=Scope.OWN)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert rights_on(user, ticket, "view", "edit") == {"view"}
