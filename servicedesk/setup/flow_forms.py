"""The form of one step of a call flow: what it says, what only its kind knows, and where its ways lead."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import DressedForm
from crmcore.models import Account, Calendar, Queue
from telephony.flows.checks import exit_label
from telephony.flows.tree import KEYS, SPEAKS, Flow, Node, NodeKind

LARGEST_RECORDING = 5_000_000
SOUNDS = {"audio/mpeg", "audio/mp3", "audio/wav", "audio/x-wav", "audio/wave", "audio/ogg", "audio/webm"}
NEW = "new:"


class NewFlowForm(DressedForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120, required=False)


class NodeForm(DressedForm):
    """`content` is what `telephony.flows.editing.write_node` wants, except for new recordings."""

    def __init__(self, flow: Flow, node: Node, *args: Any, **kwargs: Any) -> None:
        self.flow, self.node = flow, node
        super().__init__(*args, **kwargs)
        fields = {**self._words(), **self._settings(), **self._ways()}
        for name, field in fields.items():
            self.fields[name] = field
            field.widget.attrs.setdefault("class", "sd-f__in")
            field.widget.attrs.setdefault("autocomplete", "off")

    def _words(self) -> dict[str, forms.Field]:
        if self.node.kind not in SPEAKS | {NodeKind.HANG_UP}:
            return {}
        fields: dict[str, forms.Field] = {}
        for language in self.flow.languages:
            said = self.node.prompt.get(language)
            fields[f"text_{language}"] = forms.CharField(
                label=_("Says in %(language)s") % {"language": _name(language)},
                widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
                max_length=1000,
                required=False,
                initial=said.text if said else "",
            )
            fields[f"file_{language}"] = forms.FileField(
                label=_("Recording in %(language)s") % {"language": _name(language)},
                required=False,
                widget=forms.FileInput(attrs={"accept": "audio/*"}),
                help_text=_("Played instead of the text. MP3, WAV or Ogg, up to 5 MB."),
            )
            if said and said.recording:
                fields[f"drop_{language}"] = forms.BooleanField(
                    label=_("Remove the recording"),
                    required=False,
                    widget=forms.CheckboxInput(attrs={"class": "sd-box"}),
                )
        return fields

    def _settings(self) -> dict[str, forms.Field]:
        makers = {
            NodeKind.MENU: self._menu,
            NodeKind.LANGUAGE: self._languages,
            NodeKind.COLLECT: self._collect,
            NodeKind.HOURS: self._calendar,
            NodeKind.GRADE: self._boosts,
            NodeKind.QUEUE: self._queue,
            NodeKind.VOICEMAIL: self._voicemail,
            NodeKind.NUMBER: self._number,
        }
        maker = makers.get(self.node.kind)
        return maker() if maker else {}

    def _menu(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for key in (key for key in KEYS if key in self.node.labels):
            for language in self.flow.languages:
                fields[f"label_{key}_{language}"] = forms.CharField(
                    label=_("Key %(key)s in %(language)s") % {"key": key, "language": _name(language)},
                    max_length=80,
                    required=False,
                    initial=self.node.labels[key].get(language, ""),
                    widget=forms.TextInput(attrs={"lang": language}),
                )
        return fields | self._limits()

    def _languages(self) -> dict[str, forms.Field]:
        chosen = {language: key for key, language in self.node.languages.items()}
        return {
            f"key_{language}": forms.ChoiceField(
                label=_("Key for %(language)s") % {"language": _name(language)},
                choices=[("", _("None")), *((key, key) for key in KEYS)],
                required=False,
                initial=chosen.get(language, ""),
            )
            for language in self.flow.languages
        } | self._limits()

    def _collect(self) -> dict[str, forms.Field]:
        return {
            "what": forms.ChoiceField(
                label=_("What is asked for"),
                choices=[("ticket", _("A ticket number")), ("customer", _("A customer number"))],
                initial=self.node.settings.get("what", "ticket"),
            ),
            "longest": _count(_("Most digits"), self.node.settings.get("longest", 10), 1, 20),
        } | self._limits()

    def _limits(self) -> dict[str, forms.Field]:
        return {
            "timeout_s": _count(_("Seconds to wait for a key"), self.node.timeout_s, 2, 60),
            "tries": _count(_("How often it is asked"), self.node.tries, 1, 9),
        }

    def _calendar(self) -> dict[str, forms.Field]:
        choices = [(row.code, row.label) for row in Calendar.objects.order_by("name")]
        return {"calendar": _choice(_("Calendar"), choices, self.node.settings.get("calendar", ""))}

    def _boosts(self) -> dict[str, forms.Field]:
        boosts = self.node.settings.get("boosts", {})
        return {
            f"boost_{grade}": _count(
                _("Head start of grade %(grade)s in seconds") % {"grade": grade}, boosts.get(grade, 0), 0, 7200
            )
            for grade in Account.Grade.values
        }

    def _queue(self) -> dict[str, forms.Field]:
        queues = [(row.code, row.label) for row in Queue.objects.filter(is_active=True)]
        own = ("", _("The number's own queue"))
        return {"queue": _choice(_("Queue"), [own, *queues], self.node.settings.get("queue", ""), required=False)}

    def _voicemail(self) -> dict[str, forms.Field]:
        longest = self.node.settings.get("longest_s", 120)
        return self._queue() | {"longest_s": _count(_("Longest message in seconds"), longest, 10, 600)}

    def _number(self) -> dict[str, forms.Field]:
        number = self.node.settings.get("number", "")
        return {"number": forms.CharField(label=_("Number"), max_length=30, required=False, initial=number)}

    def _ways(self) -> dict[str, forms.Field]:
        others = [(row.id, describe(row)) for row in self.flow.nodes.values() if row.id != self.node.id]
        new = [(f"{NEW}{kind.value}", kind.label) for kind in NodeKind]
        choices = [("", "–"), (_("Go on with"), others), (_("A new step"), new)]
        return {
            f"way_{way}": forms.ChoiceField(
                label=exit_label(way), choices=choices, required=False, initial=self.node.exits.get(way, "")
            )
            for way in self.node.exit_names
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for language in self.flow.languages:
            file = cleaned.get(f"file_{language}")
            if isinstance(file, UploadedFile) and not _is_sound(file):
                self.add_error(f"file_{language}", _("This is no recording that can be played, or it is too large."))
        return cleaned

    @property
    def recordings(self) -> "Mapping[str, UploadedFile[Any]]":
        """New recordings by language."""
        files = {language: self.cleaned_data.get(f"file_{language}") for language in self.flow.languages}
        return {language: file for language, file in files.items() if isinstance(file, UploadedFile)}

    @property
    def wishes(self) -> Mapping[str, NodeKind]:
        """Ways that are to lead to a new step, with its kind."""
        ways = {way: self.cleaned_data.get(f"way_{way}", "") for way in self.node.exit_names}
        return {way: NodeKind(target.removeprefix(NEW)) for way, target in ways.items() if target.startswith(NEW)}

    def content(self, recordings: Mapping[str, int]) -> dict[str, Any]:
        """The step as it is to be written; `recordings` are the ids of the new ones by language."""
        data = self.cleaned_data
        ways = {way: data.get(f"way_{way}", "") for way in self.node.exit_names}
        exits = {way: target for way, target in ways.items() if not target.startswith(NEW)}
        content: dict[str, Any] = {"exits": exits, "prompt": self._prompt(recordings)}
        for name in ("timeout_s", "tries", "what", "longest", "calendar", "queue", "number", "longest_s"):
            if name in data:
                content[name] = data[name]
        if self.node.kind == NodeKind.MENU:
            content["labels"] = {
                key: {language: data[f"label_{key}_{language}"] for language in self.flow.languages}
                for key in self.node.labels
            }
        if self.node.kind == NodeKind.LANGUAGE:
            keys = {language: data[f"key_{language}"] for language in self.flow.languages}
            content["choices"] = {key: language for language, key in keys.items() if key}
        if self.node.kind == NodeKind.GRADE:
            content["boosts"] = {grade: data[f"boost_{grade}"] for grade in Account.Grade.values}
        return content

    def _prompt(self, recordings: Mapping[str, int]) -> dict[str, Any]:
        prompt: dict[str, Any] = {}
        for language in self.flow.languages:
            text = self.cleaned_data.get(f"text_{language}", "")
            before = self.node.prompt.get(language)
            kept = before.recording if before and not self.cleaned_data.get(f"drop_{language}") else None
            recording = recordings.get(language, kept)
            if text or recording:
                prompt[language] = {"text": text} | ({"recording": recording} if recording else {})
        return prompt


def describe(node: Node) -> str:
    """A step in one line: its kind, and what it says or where it leads."""
    detail = detail_of(node)
    return f"{node.kind.label}: {detail[:60]}" if detail else str(node.kind.label)


def detail_of(node: Node) -> str:
    """What tells this step from others of its kind: its words, or the place it leads to."""
    said = node.words(get_language() or settings.LANGUAGE_CODE)
    place = node.settings.get("number") or node.settings.get("queue") or node.settings.get("calendar") or ""
    return (said[1].text if said else "") or str(place)


def _name(language: str) -> str:
    return str(dict(settings.LANGUAGES).get(language, language))


def _count(label: Any, initial: Any, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, initial=initial, min_value=least, max_value=most)


def _choice(label: Any, choices: list[Any], initial: Any, *, required: bool = True) -> forms.ChoiceField:
    known = [code for code, _label in choices]
    extra = [] if initial in known else [(initial, initial or "–")]
    return forms.ChoiceField(label=label, choices=[*extra, *choices], initial=initial, required=required)


def _is_sound(file: "UploadedFile[Any]") -> bool:
    return file.content_type in SOUNDS and (file.size or 0) <= LARGEST_RECORDING
