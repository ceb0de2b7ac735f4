"""Templates for WhatsApp: what may be sent when the customer has not written for a day."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from crmcore.forms.dressing import dressed
from crmcore.models import User
from servicedesk.setup.access import opens_with
from telephony.actions.text_templates import save_template, use_template
from telephony.models import TextTemplate
from telephony.providers.twilio.account import address
from telephony.text_places import are_in_order

PAGE = "setup:text_templates"


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    content_sid = forms.RegexField(
        r"^HX[0-9a-f]{32}$",
        label=_("Template id"),
        help_text=_("The carrier's ContentSid: HX and 32 characters."),
        error_messages={"invalid": _("It begins with HX and has 32 more characters, 0 to 9 and a to f.")},
    )

    class Meta:
        model = TextTemplate
        fields = ("name", "language", "body", "content_sid")
        labels = {"name": _("Name"), "body": _("Text")}
        help_texts = {
            "name": _("What agents choose it by."),
            "body": _("Exactly as it was approved; {{1}}, {{2}} and so on are filled in by the agent."),
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            dressed(field)

    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"]).replace("\r\n", "\n").strip()
        if not are_in_order(body):
            raise forms.ValidationError(_("The places count up from {{1}} without a gap."))
        return body


@opens_with(PAGE)
@require_GET
def text_templates(request: HttpRequest) -> HttpResponse:
    """All templates, and the address that WhatsApp senders need at the carrier."""
    templates = TextTemplate.objects.order_by("-is_active", "name", "pk")
    context = {"templates": templates, "webhook": request.build_absolute_uri(address("text"))}
    return render(request, "servicedesk/setup/text_templates.html", context)


@opens_with(PAGE)
def new_template(request: HttpRequest) -> HttpResponse:
    return _edit(request, TextTemplate())


@opens_with(PAGE)
def edit_template(request: HttpRequest, template_id: int) -> HttpResponse:
    return _edit(request, get_object_or_404(TextTemplate, pk=template_id))


@opens_with(PAGE)
@require_POST
def retire(request: HttpRequest, template_id: int, in_use: bool) -> HttpResponse:
    """Retire a template, or take it into use again."""
    get_object_or_404(TextTemplate, pk=template_id)
    use_template(template_id, in_use, by=_person(request))
    return redirect(PAGE)


def _edit(request: HttpRequest, template: TextTemplate) -> HttpResponse:
    title = template.name or _("New template")
    form = TemplateForm(request.POST or None, instance=template)
    if request.method == "POST" and form.is_valid():
        save_template(form.instance, by=_person(request))
        messages.success(request, _("Saved"))
        return redirect(PAGE)
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/text_template.html", {"form": form, "title": title}, status=status)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
