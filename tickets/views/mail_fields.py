"""The fields for addresses in a form that sends mail."""

import uuid
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from crmcore.views.requests import StaffRequest
from tickets.actions.mail_drafting import Envelope
from tickets.actions.mailing import MailNotSent
from tickets.mail.addresses import Address, typed_addresses
from tickets.queries.mail_outlets import MailFields


def typed_fields(request: StaffRequest, fields: MailFields | None) -> MailFields | None:
    """The fields as they were typed, so that nothing is lost when the mail cannot go."""
    if fields is None or "mail_to" not in request.POST:
        return fields
    post = request.POST
    return replace(fields, to=post.get("mail_to", ""), cc=post.get("mail_cc", ""), bcc=post.get("mail_bcc", ""))


def envelope_in(fields: MailFields | None) -> Envelope:
    """Whom the fields name. Raises MailNotSent, naming what is no address."""
    if fields is None:
        raise MailNotSent(_("No mailbox is set up."))
    return Envelope(_read(fields.to), _read(fields.cc), _read(fields.bcc))


def form_token(request: StaffRequest) -> str:
    """What makes a form that is sent twice one mail; a form without one counts by itself."""
    try:
        return UUID(request.POST.get("token", "")).hex
    except ValueError:
        return uuid.uuid4().hex


def _read(text: str) -> tuple[Address, ...]:
    found, wrong = typed_addresses(text)
    if wrong:
        raise MailNotSent(_("%(text)s is no e-mail address.") % {"text": wrong[0]})
    return found
