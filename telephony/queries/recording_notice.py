"""What callers are told about recording before they are connected."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext

from telephony.flows.speech import Utterance
from telephony.models import Call, RecordingNotice, RecordingPolicy
from telephony.providers.recording import RecordsCalls
from telephony.providers.registry import provider_of
from telephony.queries.recording_rules import policy_of
from telephony.queries.twilio_calls import spoken_language


@dataclass(frozen=True)
class Notice:
    """The words in the caller's language, and whether an answer is asked for."""

    text: str
    language: str
    is_asked: bool

    @property
    def seconds(self) -> float:
        """About how long it takes to say."""
        return Utterance(self.language, self.text).seconds


def notice_of(call: Call) -> Notice | None:
    """What the caller is told, and was or will be asked; None where nothing is said about recording."""
    policy = policy_of(call)
    is_asked = policy.consent != RecordingPolicy.Consent.NOT_ASKED
    is_off = policy.mode == RecordingPolicy.Mode.OFF or not isinstance(provider_of(call.provider), RecordsCalls)
    if is_off or not (policy.announces or is_asked):
        return None
    language = spoken_language(call)
    return Notice(_words(policy, language), language, is_asked)


def notice_due(call: Call) -> Notice | None:
    """What the caller has not been told yet."""
    notice = notice_of(call)
    return None if notice is None or RecordingNotice.objects.filter(call=call).exists() else notice


def _words(policy: RecordingPolicy, language: str) -> str:
    own = policy.announcement_zh or policy.announcement if language.startswith("zh") else policy.announcement
    if own:
        return own
    with translation.override(language):
        return gettext("This call may be recorded, so that we can serve you better.")
