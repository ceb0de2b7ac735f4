"""Mailboxes: their servers, whether they work, and what was held back from them."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crmcore.findings import Level
from crmcore.models import User
from servicedesk.setup.access import opens_with
from servicedesk.setup.mailbox_forms import MailboxForm
from tickets.actions import mail_inbox, mailboxes
from tickets.intake.checking import check_mailbox
from tickets.mail.oauth import PROVIDERS, authorization_url, new_verifier, tokens_for_code
from tickets.mail.servers import ServerRefused
from tickets.models import Mail, Mailbox

PAGE = "setup:mailboxes"
PENDING = "mailbox_sign_in"
MOST_HELD = 100
LOOKS = {
    Level.OK: ("ready", "icon:circle-check"),
    Level.WARNING: ("hold", "icon:alert-triangle"),
    Level.FAULT: ("breach", "icon:alert-circle"),
}


@opens_with(PAGE)
@require_GET
def mailbox_list(request: HttpRequest) -> HttpResponse:
    """All mailboxes, and the mail that waits for a look."""
    waiting = (Mail.State.HELD, Mail.State.UNREADABLE)
    held = Mail.objects.filter(state__in=waiting).select_related("mailbox").order_by("-created_at")[:MOST_HELD]
    boxes = Mailbox.objects.select_related("queue").order_by("-is_active", "name", "pk")
    return render(request, "servicedesk/setup/mailboxes.html", {"mailboxes": boxes, "held": held})


@opens_with(PAGE)
def new_mailbox(request: HttpRequest) -> HttpResponse:
    return _edit(request, Mailbox())


@opens_with(PAGE)
def edit_mailbox(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Mailbox, pk=mailbox_id))


@opens_with(PAGE)
@require_POST
def use_mailbox(request: HttpRequest, mailbox_id: int, in_use: bool) -> HttpResponse:
    """Retire a mailbox, or take it into use again."""
    mailboxes.use_mailbox(get_object_or_404(Mailbox, pk=mailbox_id), in_use, by=_person(request))
    return redirect(PAGE)


@opens_with(PAGE)
@require_POST
def test_mailbox(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Sign in to both servers and send an echo; takes some seconds."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    found = [(finding, *LOOKS[finding.level]) for finding in check_mailbox(mailbox)]
    return _page(request, mailbox, MailboxForm(instance=mailbox), findings=found)


@opens_with(PAGE)
@require_POST
def decide(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Take in a mail that was held back, or discard it."""
    mail, by = get_object_or_404(Mail, pk=mail_id), _person(request)
    if request.POST.get("do") == "drop":
        mail_inbox.drop(mail, by=by)
        return redirect(PAGE)
    taken = mail_inbox.take_in(mail, by=by)
    return redirect(taken.ticket if taken.ticket else PAGE)


@opens_with(PAGE)
@require_POST
def sign_in(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Send the owner of the mailbox to its provider, which sends them back to `signed_in`."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    provider, client = PROVIDERS.get(mailbox.sign_in), mailboxes.oauth_client(mailbox.sign_in)
    if provider is None or client is None:
        messages.error(request, _("This desk is not registered at the provider; the guide says how"))
        return redirect("setup:mailbox", mailbox.pk)
    state, verifier = secrets.token_urlsafe(24), new_verifier()
    request.session[PENDING] = {"state": state, "verifier": verifier, "mailbox": mailbox.pk}
    where = authorization_url(
        provider, client, redirect=_return_to(request), state=state, verifier=verifier, address=mailbox.address
    )
    return redirect(where)


@opens_with(PAGE)
@require_GET
def signed_in(request: HttpRequest) -> HttpResponse:
    """The provider sends its code here; a code that nobody asked for is worth nothing."""
    pending = request.session.pop(PENDING, None) or {}
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    if not pending or not secrets.compare_digest(state.encode(), str(pending["state"]).encode()):
        messages.error(request, _("This sign-in was not begun here. Begin it again"))
        return redirect(PAGE)
    mailbox = get_object_or_404(Mailbox, pk=pending["mailbox"])
    client = mailboxes.oauth_client(mailbox.sign_in)
    try:
        if client is None or not code:
            raise ServerRefused(request.GET.get("error", "")[:200] or "no code")
        provider, back = PROVIDERS[mailbox.sign_in], _return_to(request)
        tokens = tokens_for_code(provider, client, code=code, redirect=back, verifier=pending["verifier"])
    except ServerRefused as refusal:
        messages.error(request, _("The provider refused: %(reason)s") % {"reason": refusal})
    else:
        mailboxes.keep_tokens(mailbox, tokens, by=_person(request))
        messages.success(request, _("Signed in"))
    return redirect("setup:mailbox", mailbox.pk)


def _edit(request: HttpRequest, mailbox: Mailbox) -> HttpResponse:
    form = MailboxForm(request.POST or None, instance=mailbox)
    if request.method == "POST" and form.is_valid():
        mailboxes.save_mailbox(form.instance, by=_person(request), password=form.cleaned_data["password"])
        messages.success(request, _("Saved"))
        return redirect("setup:mailbox", form.instance.pk)
    return _page(request, mailbox, form, status=422 if request.method == "POST" else 200)


def _page(
    request: HttpRequest, mailbox: Mailbox, form: MailboxForm, *, findings: object = (), status: int = 200
) -> HttpResponse:
    stored = Mailbox.objects.filter(pk=mailbox.pk).first()
    context = {
        "form": form,
        "mailbox": stored,
        "title": stored.label if stored else _("New mailbox"),
        "findings": findings,
        "provider": stored and stored.get_sign_in_display() if stored and stored.sign_in in PROVIDERS else "",
        "return_to": _return_to(request),
    }
    return render(request, "servicedesk/setup/mailbox.html", context, status=status)


def _return_to(request: HttpRequest) -> str:
    """The address that is registered at the providers."""
    base = settings.PUBLIC_BASE_URL or request.build_absolute_uri("/").rstrip("/")
    return base + reverse("setup:mailbox_signed_in")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
