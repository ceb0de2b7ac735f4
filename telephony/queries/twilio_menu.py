"""What the carrier is to do with a caller who stands in a call flow."""

from django.conf import settings

from crmcore import phone_numbers
from telephony import after_call_words
from telephony.flows import speech
from telephony.flows.tree import Node, NodeKind
from telephony.flows.walk import Position
from telephony.models import AfterCall, Call
from telephony.providers.twilio import twiml
from telephony.providers.twilio.recordings import address_of
from telephony.queries.twilio_calls import spoken_language


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


def after_call_document(call: Call) -> str:
    """What a caller hears whose agent has hung up: the question, or the thanks; empty where nobody was asked."""
    asked = AfterCall.objects.select_related("template").filter(call=call).first()
    if asked is None:
        return ""
    language = spoken_language(call)
    if asked.state != AfterCall.State.ASKED:
        return twiml.farewell(after_call_words.thanks(language), language)
    question = after_call_words.question(asked.template.measure, language, asked.remark)
    return twiml.after_call(question, language, turn=asked.turn)


def _number(node: Node | None) -> str:
    """The number to call, in the form in which every carrier reads it."""
    if node is None or node.kind != NodeKind.NUMBER:
        return ""
    return phone_numbers.normalise(str(node.settings.get("number", "")), settings.DEFAULT_PHONE_REGION).value
