"""The form of a mailbox: one sentence for each setting."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.forms.dressing import dressed
from tickets.mail.addresses import folded
from tickets.models import Mailbox

Section = tuple[object, object, list[forms.BoundField]]
WHO = ("name", "name_zh", "address", "queue")
WRITING = ("signature", "signature_zh", "acknowledges", "takes_strangers", "tags_address", "tags_subject")
SIGN_IN = ("sign_in", "username", "password")
READING = ("imap_host", "imap_port", "imap_security", "imap_folder")
SENDING = ("smtp_host", "smtp_port", "smtp_security")


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    password = forms.CharField(
        label=_("Password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Often an app password. It is stored encrypted and never shown; empty keeps the one before."),
    )

    class Meta:
        model = Mailbox
        fields = (*WHO, *WRITING, "sign_in", "username", *READING, *SENDING)
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "address": _("E-mail address"),
            "queue": _("Queue"),
            "signature": _("Signature"),
            "signature_zh": _("Chinese signature"),
            "acknowledges": _("Confirm new requests"),
            "takes_strangers": _("Unknown senders may open tickets"),
            "tags_address": _("Mark the reply address"),
            "tags_subject": _("Mark the subject"),
            "sign_in": _("Sign-in"),
            "username": _("User name"),
            "imap_host": _("IMAP server"),
            "imap_port": pgettext_lazy("network", "Port"),
            "imap_security": _("Encryption"),
            "imap_folder": _("Folder"),
            "smtp_host": _("SMTP server"),
            "smtp_port": pgettext_lazy("network", "Port"),
            "smtp_security": _("Encryption"),
        }
        help_texts = {
            "name": _("Customers read it as the sender."),
            "name_zh": _("What customers who read Chinese see; empty means the same name."),
            "address": _("Where customers write to and what they are answered from."),
            "queue": _("New tickets from this mailbox wait here."),
            "signature": _("Stands below every answer."),
            "signature_zh": _("Below answers in Chinese; empty means the same."),
            "acknowledges": _("Senders of a new request are told its number, in their language; machines are not."),
            "takes_strangers": _("Otherwise their mail is held back on this page until you take it in."),
            "tags_address": _("Answers find their ticket by support+mark@…; the server must deliver such addresses."),
            "tags_subject": _("Answers find their ticket by a signed mark in the subject when all else is lost."),
            "sign_in": _("Google and Microsoft ask the mailbox's owner once; others take user name and password."),
            "username": _("Mostly the address itself."),
            "imap_host": _("Mail is fetched from here; empty fetches none."),
            "imap_folder": _("The folder that is looked into."),
            "smtp_host": _("Mail goes out by this server; empty sends none."),
        }
        widgets = {"signature": forms.Textarea(attrs={"rows": 3}), "signature_zh": forms.Textarea(attrs={"rows": 3})}

    field_order = (*WHO, *WRITING, *SIGN_IN, *READING, *SENDING)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            dressed(field)
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean_address(self) -> str:
        address = folded(str(self.cleaned_data["address"]))
        if not address or "+" in address.partition("@")[0]:
            raise forms.ValidationError(_("Enter a plain address, without a plus sign."))
        return address

    @property
    def sections(self) -> list[Section]:
        """Heading, sentence and fields of each part."""
        parts = (
            (_("Address"), "", WHO),
            (_("Account"), "", SIGN_IN),
            (_("Fetching"), _("Reading begins with what comes after the mailbox was set up."), READING),
            (_("Sending"), "", SENDING),
            (_("Answers"), "", WRITING),
        )
        return [(heading, sentence, [self[name] for name in names]) for heading, sentence, names in parts]
