"""What a caller hears after the call: the question, why it is put again, the thanks."""

from django.utils import translation
from django.utils.translation import gettext

from telephony.flows.tree import SILENT, WRONG
from tickets.models import Measure

# Scales whose steps are one key each.
BY_ONE_KEY = (Measure.CSAT, Measure.EFFORT)


def question(measure: str, language: str, remark: str = "") -> str:
    """The question with its keys; `remark` (timeout or wrong) is why it is put again."""
    with translation.override(language):
        asked = {
            Measure.CSAT: gettext(
                "One question before you go: how satisfied are you with this call? "
                "Press a key from 1, not at all, to 5, very satisfied."
            ),
            Measure.EFFORT: gettext(
                "One question before you go: was it easy to settle your matter with us? "
                "Press a key from 1, not at all, to 7, very easy."
            ),
        }[Measure(measure)]
        why = {SILENT: gettext("Sorry, nothing reached us."), WRONG: gettext("That key is not in use here.")}.get(
            remark
        )
    return f"{why} {asked}" if why else asked


def thanks(language: str) -> str:
    with translation.override(language):
        return gettext("Thank you for calling. Goodbye.")
