"""The sentences to which customers say yes or no; whoever changes one gives them a new version."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.models import ConsentKind

WORDING = "2026-11"
SENTENCES: dict[str, Promise] = {
    ConsentKind.EMAIL: _("You may write to me by e-mail about offers and news of your products."),
    ConsentKind.SMS: _("You may send me text messages about offers and news of your products."),
    ConsentKind.PHONE: _("You may call me about offers and news of your products."),
    ConsentKind.WECHAT: _("You may write to me on WeChat about offers and news of your products."),
    ConsentKind.SURVEY: _("You may ask me how it went after a request."),
}
