"""The part of a queue's page that says what callers are asked once the agent has hung up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import DressedForm
from crmcore.models import Queue
from telephony.after_call_words import BY_ONE_KEY
from telephony.models import AfterCallRule
from tickets.models import SurveyTemplate


class AfterCallForm(DressedForm):
    """The survey by which a queue asks."""

    template = forms.ModelChoiceField(
        SurveyTemplate.objects.none(),
        label=_("Question after the call"),
        required=False,
        empty_label=_("Nothing is asked"),
        help_text=_("In the caller's language; the answer counts among the answers of this survey."),
    )

    def __init__(self, data: Any, queue: Queue) -> None:
        rule = AfterCallRule.objects.filter(queue=queue.pk).first() if queue.pk else None
        super().__init__(data, initial={"template": rule.template_id if rule else None}, prefix="after_call")
        field = self.fields["template"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = SurveyTemplate.objects.filter(is_active=True, measure__in=BY_ONE_KEY)

    @property
    def sections(self) -> list[tuple[Any, Any, list[forms.BoundField]]]:
        """Heading, sentence and field of the part."""
        sentence = _(
            "Callers who stay on the line when the agent hangs up are asked by keypad, once more if they press "
            "nothing. Over telephone lines only."
        )
        return [(_("Satisfaction"), sentence, list(self))]
