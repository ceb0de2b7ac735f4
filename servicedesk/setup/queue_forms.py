"""The form of a queue, with one sentence for each setting; what it cleans, the action writes."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import Account, Calendar, Queue, Team
from crmcore.service_levels import Formula

GRADES = tuple(Account.Grade.values)


class QueueForm(forms.ModelForm):  # type: ignore[type-arg]
    """A queue's own settings."""

    team = forms.ModelChoiceField(
        Team.objects.order_by("name"),
        label=_("Team"),
        empty_label=_("Choose a team"),
        help_text=_("Whose people see the calls of this queue."),
    )
    calendar = forms.ModelChoiceField(
        Calendar.objects.order_by("name"),
        label=_("Opening hours"),
        required=False,
        empty_label=_("Always open"),
        help_text=_("When this queue is open; call flows and the portal go by these hours."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("The desk's own")), *settings.LANGUAGES],
        required=False,
        help_text=_("In which language callers of this queue are spoken to."),
    )
    offer_timeout_s = forms.IntegerField(
        label=_("Ring time (seconds)"),
        min_value=5,
        max_value=300,
        help_text=_("How long a call rings at an agent before it goes on to the next."),
    )
    service_level_target = forms.IntegerField(
        label=_("Target (per cent)"),
        min_value=1,
        max_value=100,
        help_text=_("The share of callers who should be answered in time."),
    )
    service_level_formula = forms.ChoiceField(
        label=_("Formula"),
        choices=Formula.choices,
        help_text=_("How the share is counted on boards and in reports, past days included."),
    )
    waiting_target = forms.IntegerField(
        label=_("Callers waiting, at most"),
        min_value=0,
        max_value=999,
        initial=5,
        help_text=_("With more the wallboard says that it is busy."),
    )
    abandon_target = forms.IntegerField(
        label=_("Lost callers, at most (per cent)"),
        min_value=0,
        max_value=100,
        initial=5,
        help_text=_("Above this the boards say that the queue loses callers."),
    )
    answer_within_s = forms.IntegerField(
        label=_("Answer within (seconds)"), min_value=1, help_text=_("The wait that still counts as in time.")
    )
    max_wait_s = forms.IntegerField(
        label=_("Longest wait (seconds)"),
        min_value=30,
        max_value=7200,
        required=False,
        help_text=_("After this wait the call ends, whatever the rules say; empty means two hours."),
    )
    wrap_up_s = forms.IntegerField(
        label=_("Wrap-up time (seconds)"),
        min_value=5,
        max_value=900,
        help_text=_("How long an agent has for the note and the outcome after a call."),
    )

    callback_attempts = forms.IntegerField(
        label=_("Attempts"),
        min_value=1,
        max_value=9,
        help_text=_("How often a customer is called; after the last the call stands among the missed ones."),
    )
    callback_gap_s = forms.IntegerField(
        label=_("Pause between attempts (seconds)"),
        min_value=60,
        max_value=7200,
        help_text=_("After a call that was busy or not answered."),
    )
    callback_window_h = forms.IntegerField(
        label=_("Within (hours)"),
        min_value=1,
        max_value=72,
        help_text=_("A callback that could not be made for so long is given up and stands among the missed calls."),
    )

    class Meta:
        model = Queue
        fields = (
            *("name", "name_zh", "team", "language", "calendar", "is_active"),
            *("strategy", "offer_timeout_s", "exclusion_s", "decline_pause_s", "preferred_agent", "preferred_wait_s"),
            *("priority_s", "transfer_boost_s", "callback_boost_s"),
            *("callback_attempts", "callback_gap_s", "callback_window_h"),
            *("answer_within_s", "service_level_target", "short_abandon_s", "service_level_formula", "max_wait_s"),
            *("counts_abandons", "counts_short_abandons", "counts_flow_outs", "waiting_target", "abandon_target"),
            *("wrap_up_mode", "wrap_up_s", "wrap_up_extensions", "outcome_required"),
        )
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "is_active": _("Takes calls"),
            "strategy": _("Order of agents"),
            "exclusion_s": _("Not again within (seconds)"),
            "decline_pause_s": _("Pause after declining (seconds)"),
            "preferred_agent": _("Preferred agent"),
            "preferred_wait_s": _("Patience for the preferred agent (seconds)"),
            "priority_s": _("Head start of the queue (seconds)"),
            "transfer_boost_s": _("Head start when passed on (seconds)"),
            "callback_boost_s": _("Head start of a callback (seconds)"),
            "short_abandon_s": _("Short abandon (seconds)"),
            "counts_abandons": _("Hang-ups count as missed"),
            "counts_short_abandons": _("Short hang-ups count too"),
            "counts_flow_outs": _("Callers sent elsewhere count too"),
            "wrap_up_mode": _("Wrap-up"),
            "wrap_up_extensions": _("Extensions of the wrap-up"),
            "outcome_required": _("An outcome is required"),
        }
        help_texts = {
            "name": _("What agents and customers read."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "is_active": _("Switched off, no new calls come in and callers in line are not offered."),
            "strategy": _("Which of the free agents is asked first; a lower penalty always goes before."),
            "exclusion_s": _("A call does not return to an agent who did not take it until so many seconds later."),
            "decline_pause_s": _("An agent who declines a call gets no other for so long; 0 means no pause."),
            "preferred_agent": _("Whom a returning customer is offered to first."),
            "preferred_wait_s": _("How long the customer waits for that agent while they are busy."),
            "priority_s": _("Callers are treated as if they had waited so much longer than they did."),
            "transfer_boost_s": _("On top, for callers whom a colleague passed on to this queue."),
            "callback_boost_s": _("On top, for customers who are called back instead of waiting on the line."),
            "short_abandon_s": _("Who hangs up sooner than this does not count as lost."),
            "counts_abandons": _("For the formula without short hang-ups alone: who hung up lowers the service level."),
            "counts_short_abandons": _("For the same formula: even those who hung up at once lower it."),
            "counts_flow_outs": _("For the same formula: overflow, voicemail and callbacks lower it."),
            "wrap_up_mode": _("Whether agents get time after a call before the next one comes, and what ends it."),
            "wrap_up_extensions": _("How many times an agent may take 30 seconds more."),
            "outcome_required": _(
                "Without one the call waits to be finished later; an optional wrap-up never needs one."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for grade in GRADES:
            self.fields[f"grade_{grade}"] = forms.IntegerField(
                label=_("Head start of grade %(grade)s (seconds)") % {"grade": grade},
                min_value=0,
                max_value=86_400,
                initial=self.instance.grade_boosts.get(grade, 0),
                help_text=_("On top, for customers of this grade."),
            )
        for field in self.fields.values():
            dressed(field)
            field.widget.attrs.setdefault("autocomplete", "off")

    @property
    def sections(self) -> list[tuple[Any, Any, list[forms.BoundField]]]:
        """Heading, sentence and fields of each part of the page."""
        grades = [f"grade_{grade}" for grade in GRADES]
        parts: list[tuple[Any, Any, list[str]]] = [
            (_("Name and hours"), "", ["name", "name_zh", "team", "language", "calendar", "is_active"]),
            (
                _("Who is asked first"),
                _("Calls go to one free agent after the other, or ring at all of them."),
                [
                    "strategy",
                    "offer_timeout_s",
                    "exclusion_s",
                    "decline_pause_s",
                    "preferred_agent",
                    "preferred_wait_s",
                ],
            ),
            (
                _("Who is served first"),
                _("The longest effective wait is served first: the time waited plus these head starts."),
                ["priority_s", "transfer_boost_s", *grades, "callback_boost_s"],
            ),
            (
                _("Callbacks"),
                _("Customers who are called back instead of waiting; they keep their place in line."),
                ["callback_attempts", "callback_gap_s", "callback_window_h"],
            ),
            (
                _("Service level"),
                _("What boards and reports measure this queue by, and when waiting ends."),
                [
                    *("answer_within_s", "service_level_target", "short_abandon_s", "service_level_formula"),
                    *("counts_abandons", "counts_short_abandons", "counts_flow_outs"),
                    *("waiting_target", "abandon_target", "max_wait_s"),
                ],
            ),
            (_("After the call"), "", ["wrap_up_mode", "wrap_up_s", "wrap_up_extensions", "outcome_required"]),
        ]
        return [(title, sentence, [self[name] for name in names]) for title, sentence, names in parts]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        boosts = {grade: cleaned.get(f"grade_{grade}") or 0 for grade in GRADES}
        self.instance.grade_boosts = {grade: seconds for grade, seconds in boosts.items() if seconds}
        longest, within = cleaned.get("max_wait_s"), cleaned.get("answer_within_s")
        if longest and within and longest < within:
            self.add_error("max_wait_s", _("Must not be shorter than the wait that counts as in time."))
        return cleaned
