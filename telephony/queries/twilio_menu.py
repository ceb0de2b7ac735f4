"""What the carrier is to do with a caller who stands in a call flow."""

from django.conf import settings

from crmcore import phone_numbers
from telephony.flows import speech
from telephony.flows.tree import Node, NodeKind
from telephony.flows.walk import Position
from telephony.models import Call
from telephony.providers.twilio import twiml
from telephony.providers.twilio.recordings import address_of


def menu_document(call: Call) -> str:
    """The document of the caller's place; asked again, it is the same one."""
    if call.flow_version is None:
        return twiml.hang_up()
    flow, position = call.flow_version.read(), Position.of(call.menu)
    spoken = [
        twiml.Spoken(piece.language, piece.text, address_of(piece.recording) if piece.recording else "")
        for piece in speech.utterances(flow, position)
    ]
    node = flow.node(position.node)
    if node is not None and node.kind == NodeKind.VOICEMAIL:
        return twiml.message(spoken, longest_s=node.longest_s)
    question = speech.question(flow, position)
    return twiml.menu(spoken, question, turn=position.turn, number=_number(node))


def _number(node: Node | None) -> str:
    """The number to call, in the form in which every carrier reads it."""
    if node is None or node.kind != NodeKind.NUMBER:
        return ""
    return phone_numbers.normalise(str(node.settings.get("number", "")), settings.DEFAULT_PHONE_REGION).value
