"""What a person did by each channel, as a timeline says it."""

from django.utils.translation import gettext_lazy as _

WRITTEN = {
    ("portal", "in"): _("wrote on the portal"),
    ("portal", "out"): _("replied on the portal"),
    ("email", "in"): _("wrote by e-mail"),
    ("email", "out"): _("replied by e-mail"),
    ("sms", "in"): _("wrote a text message"),
    ("sms", "out"): _("replied by text message"),
    ("whatsapp", "in"): _("wrote on WhatsApp"),
    ("whatsapp", "out"): _("replied on WhatsApp"),
    ("wechat", "in"): _("wrote on WeChat"),
    ("wechat", "out"): _("replied on WeChat"),
    ("chat", "in"): _("wrote in the chat"),
    ("chat", "out"): _("replied in the chat"),
}
OPENED = {
    "call": _("opened this from a call"),
    "portal": _("opened this on the portal"),
    "email": _("opened this by e-mail"),
    "sms": _("opened this by text message"),
    "whatsapp": _("opened this on WhatsApp"),
    "wechat": _("opened this on WeChat"),
    "chat": _("opened this in a chat"),
}
