"""Which members of staff somebody may look after, and what he may give them."""

from django.db.models import QuerySet

from crmcore.models import Grant, Role, User
from crmcore.permissions import may, scope_of, within

# Roles of people who are no staff.
OUTSIDERS = ("customer", "partner")


def people_for(user: User, action: str = "edit") -> QuerySet[User]:
    """The staff in reach, by name."""
    reach = within(user, "user", action, owner="pk", team="teams")
    return User.objects.filter(reach, kind=User.Kind.STAFF).distinct().order_by("name", "pk")


def covers(user: User, person: User) -> bool:
    """Whether `user` has every right that `person` has: only then may he touch what opens that account."""
    if user.is_superuser:
        return True
    return not person.is_superuser and _covers(user, Grant.objects.filter(role__users=person))


def roles_for(user: User) -> list[Role]:
    """The roles that `user` may give: none above his own rights."""
    if not may(user, "user", "assign"):
        return []
    roles = Role.objects.exclude(code__in=OUTSIDERS).prefetch_related("grants").order_by("pk")
    return [role for role in roles if _covers(user, role.grants.all())]


def _covers(user: User, grants: QuerySet[Grant]) -> bool:
    return all(scope_of(user, grant.noun, grant.action) >= grant.scope for grant in grants)
