"""WeChat accounts: who we are there, the address to enter there, and whether it works."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crmcore.models import User
from servicedesk.setup.access import opens_with
from servicedesk.setup.mailboxes import LOOKS
from servicedesk.setup.wechat_forms import WechatForm
from telephony.actions.wechat_accounts import save_account, use_account
from telephony.actions.wechat_checks import check_account
from telephony.models import WechatAccount
from telephony.queries.wechat import door_of

PAGE = "setup:wechat"


@opens_with(PAGE)
@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    """All accounts, those in use first."""
    accounts = WechatAccount.objects.select_related("queue", "access").order_by("-is_active", "name", "pk")
    return render(request, "servicedesk/setup/wechat.html", {"accounts": accounts})


@opens_with(PAGE)
def new_account(request: HttpRequest) -> HttpResponse:
    return _edit(request, WechatAccount())


@opens_with(PAGE)
def edit_account(request: HttpRequest, account_id: int) -> HttpResponse:
    return _edit(request, get_object_or_404(WechatAccount, pk=account_id))


@opens_with(PAGE)
@require_POST
def test_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask the platform for a token and say when it last came to us; takes some seconds."""
    account = get_object_or_404(WechatAccount, pk=account_id)
    found = [(finding, *LOOKS[finding.level]) for finding in check_account(account)]
    return _page(request, account, WechatForm(instance=account), findings=found)


@opens_with(PAGE)
@require_POST
def use(request: HttpRequest, account_id: int, in_use: bool) -> HttpResponse:
    """Retire an account, or take it into use again."""
    use_account(get_object_or_404(WechatAccount, pk=account_id), in_use, by=_person(request))
    return redirect(PAGE)


def _edit(request: HttpRequest, account: WechatAccount) -> HttpResponse:
    form = WechatForm(request.POST or None, instance=account)
    if request.method != "POST":
        return _page(request, account, form)
    if not form.is_valid():
        return _page(request, account, form, status=422)
    save_account(form.instance, by=_person(request), secrets=form.secrets)
    messages.success(request, _("Saved"))
    return redirect("setup:wechat_account", form.instance.pk)


def _page(
    request: HttpRequest, account: WechatAccount, form: WechatForm, *, findings: object = (), status: int = 200
) -> HttpResponse:
    known = WechatAccount.objects.filter(pk=account.pk).first()
    context = {
        "account": known,
        "form": form,
        "findings": findings,
        "title": known.label if known else _("New WeChat account"),
        "address": request.build_absolute_uri(door_of(known.app_id)) if known else "",
    }
    return render(request, "servicedesk/setup/wechat_account.html", context, status=status)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
