"""Reading the desk's markup as strictly as the carrier does: unknown verbs, attributes and nestings are errors."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

LARGEST = 64 * 1024
ATTRIBUTES = {
    "Say": {"language", "voice", "loop"},
    "Play": {"loop", "digits"},
    "Pause": {"length"},
    "Redirect": {"method"},
    "Leave": set(),
    "Hangup": set(),
    "Enqueue": {"action", "method", "waitUrl", "waitUrlMethod"},
    "Gather": {"action", "method", "numDigits", "timeout", "finishOnKey", "input", "language", "actionOnEmptyResult"},
    "Dial": {"action", "method", "timeout", "callerId", "record"},
    "Number": set(),
    "Record": {
        "action",
        "maxLength",
        "timeout",
        "finishOnKey",
        "playBeep",
        "recordingStatusCallback",
        "recordingStatusCallbackMethod",
        "trim",
    },
    "Conference": {
        "participantLabel",
        "beep",
        "muted",
        "startConferenceOnEnter",
        "endConferenceOnExit",
        "waitUrl",
        "waitMethod",
        "statusCallback",
        "statusCallbackEvent",
        "statusCallbackMethod",
        "coach",
        "record",
        "maxParticipants",
        "jitterBufferSize",
    },
}
TOP = frozenset(ATTRIBUTES) - {"Conference", "Number"}
WHILE_QUEUED = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
WHILE_HELD = frozenset({"Play", "Say", "Pause", "Redirect"})
INSIDE = {"Dial": {"Conference", "Number"}, "Gather": {"Say", "Play", "Pause"}}
EVENTS = frozenset(["start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"])


class BadMarkup(AssertionError):
    """The carrier would have told the caller that an application error has occurred."""


@dataclass
class Verb:
    name: str
    text: str
    attributes: dict[str, str]
    nested: list["Verb"] = field(default_factory=list)


def read(document: str, allowed: frozenset[str] = TOP) -> list[Verb]:
    """The verbs of a document. Raises BadMarkup."""
    if len(document.encode()) > LARGEST:
        raise BadMarkup("12100: the document is too long")
    try:
        root = ElementTree.fromstring(document)  # noqa: S314  # our own document
    except ElementTree.ParseError as error:
        raise BadMarkup(f"12100: {error}: {document[:200]}") from error
    if root.tag != "Response" or root.attrib:
        raise BadMarkup("12100: the document is no Response")
    return [_verb(element, allowed) for element in root]


def _verb(element: ElementTree.Element, allowed: frozenset[str] | set[str]) -> Verb:
    if element.tag not in allowed:
        raise BadMarkup(f"12200: {element.tag} is not allowed here")
    if unknown := set(element.attrib) - ATTRIBUTES[element.tag]:
        raise BadMarkup(f"12200: {element.tag} knows no {unknown}")
    verb = Verb(element.tag, (element.text or "").strip(), dict(element.attrib))
    verb.nested = [_verb(child, INSIDE.get(element.tag, set())) for child in element]
    _check(verb)
    return verb


def _check(verb: Verb) -> None:
    for name in ("action", "waitUrl", "statusCallback", "recordingStatusCallback"):
        address = verb.attributes.get(name, "")
        if address and not address.startswith(("http://", "https://")):
            raise BadMarkup(f"{verb.name} {name} is no absolute address: {address}")
    if verb.name == "Enqueue" and not 0 < len(verb.text) <= 64:
        raise BadMarkup("13310: a queue needs a name of up to 64 characters")
    if verb.name == "Conference":
        _check_conference(verb)
    if verb.name == "Number" and not re.fullmatch(r"\+\d{6,15}", verb.text):
        raise BadMarkup(f"13224: {verb.text} is no number")
    if verb.name == "Gather" and len(verb.attributes.get("finishOnKey", "#")) > 1:
        raise BadMarkup("13313: one key ends a number")


def _check_conference(verb: Verb) -> None:
    if not verb.text:
        raise BadMarkup("13210: a conference needs a name")
    if len(verb.attributes.get("participantLabel", "")) > 128:
        raise BadMarkup("a label has up to 128 characters")
    for name in ("startConferenceOnEnter", "endConferenceOnExit", "muted"):
        if verb.attributes.get(name, "true") not in ("true", "false"):
            raise BadMarkup(f"13230: {name} is true or false")
    if unknown := set(verb.attributes.get("statusCallbackEvent", "").split()) - EVENTS:
        raise BadMarkup(f"there are no events {unknown}")
