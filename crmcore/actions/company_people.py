"""A company's own people on the portal: invited, let in, switched off, by those who administer it there."""

from datetime import timedelta

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crmcore import clock, live
from crmcore.actions import audit
from crmcore.actions.contact_points import NewPoint
from crmcore.actions.customers import create_contact
from crmcore.actions.letters import desk_url, write_letter
from crmcore.actions.people import create_user
from crmcore.events import RightsChanged
from crmcore.models import Account, AccountContact, ContactPoint, Invitation, User
from crmcore.queries.company import administers
from crmcore.text_search import fold

HOLDS = timedelta(days=7)
_SALT = "crmcore.invitation"


class NotPossible(Exception):
    """What was asked for cannot be, with a sentence that says why."""


@transaction.atomic
def invite(account: Account, *, email: str, name: str, language: str, by: User) -> Invitation:
    """Mail a colleague the way in; asked again, the open invitation is sent again. Raises NotPossible."""
    _require(by, account)
    email, at = fold(email.strip()), clock.now()
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if User.objects.filter(email__iexact=email, contact__memberships__account=account).exists():
        raise NotPossible(_("%(email)s belongs to somebody of your company already.") % {"email": email})
    facts = {"name": name, "language": language, "invited_by": by, "created_at": at, "expires_at": at + HOLDS}
    invitation, _made = Invitation.objects.update_or_create(
        account=account, email=email, accepted_at=None, withdrawn_at=None, defaults=facts
    )
    with translation.override(language):
        where = desk_url(reverse("portal:invitation", args=[token_of(invitation)]))
        words = _(
            "%(who)s invites you to the service portal of %(account)s: to ask for help, and to see what becomes of "
            "it.\n\nOpen this page and choose a password. It holds for seven days:\n%(where)s"
        )
        said = {"who": by.name, "account": account.name, "where": where}
        write_letter(email, _("%(who)s invites you to the service portal") % said, words % said)
    audit.record("invitation.sent", account, by=by, detail={"email": email})
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """The link in the mail opens nothing any more; said twice it is said once."""
    _require(by, invitation.account)
    open_ones = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if open_ones.update(withdrawn_at=clock.now()):
        audit.record("invitation.withdrawn", invitation.account, by=by, detail={"email": invitation.email})


def token_of(invitation: Invitation) -> str:
    """What the link in the mail carries; it holds as long as the row says."""
    return signing.dumps(invitation.pk, salt=_SALT)


def invitation_called(token: str) -> Invitation | None:
    """The open invitation behind a link, None for any other."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    rows = Invitation.objects.filter(pk=pk, accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now())
    return rows.select_related("account", "invited_by__contact").first()


@transaction.atomic
def accept(invitation: Invitation, *, name: str, password: str) -> User:
    """Make the sign-in, once. Raises NotPossible where that cannot be any more."""
    gone = _("This invitation does not hold any more. Ask for a new one.")
    Account.objects.select_for_update(of=("self",)).get(pk=invitation.account_id)
    open_ones = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not administers(invitation.invited_by, invitation.account):
        raise NotPossible(gone)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise NotPossible(_("There is a sign-in with this address already. Sign in with it, or write to us."))
    if not open_ones.update(accepted_at=clock.now()):
        raise NotPossible(gone)
    account, email = invitation.account, invitation.email
    known = account.contacts.filter(points__kind=ContactPoint.Kind.EMAIL, points__value=email, users=None).first()
    point = NewPoint(ContactPoint.Kind.EMAIL, email, is_verified=True, source="portal")
    contact = known or create_contact(
        by=None,
        name=name,
        account=account,
        points=[point],
        language=invitation.language,
        is_demo=account.is_demo,
    )
    return create_user(
        email[:80],
        name=name,
        password=password,
        roles=["customer"],
        contact=contact,
        by=invitation.invited_by,
        email=email,
        language=invitation.language,
        time_zone=invitation.invited_by.time_zone,
    )


@transaction.atomic
def switch_person(person: User, account: Account, *, on: bool, by: User) -> None:
    """Let a colleague in, or not any more; said twice it is said once. Raises NotPossible."""
    _require(by, account)
    if person == by:
        raise NotPossible(_("You cannot switch off yourself."))
    memberships = list(AccountContact.objects.filter(contact=person.contact_id).values_list("account_id", flat=True))
    if not person.is_portal or account.pk not in memberships:
        raise PermissionDenied("person of another company")
    if memberships != [account.pk]:
        raise NotPossible(_("%(name)s belongs to another company too. Write to us.") % {"name": person.name})
    if User.objects.filter(pk=person.pk, is_active=not on).update(is_active=on):
        audit.record("user.let_in" if on else "user.shut_out", person, by=by, detail={"account": account.pk})
        live.publish(f"agent:{person.pk}", RightsChanged(user_id=person.pk))


def _require(by: User, account: Account) -> None:
    if not administers(by, account):
        raise PermissionDenied(f"administer {account.pk}")
