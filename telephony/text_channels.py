"""What each channel of written messages allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from telephony.text_rules import TextRefusal
from telephony.text_segments import LONGEST
from telephony.text_states import TextChannel, TextFault


@dataclass(frozen=True)
class ChannelRules:
    """`window`: for how long after the customer's last message free text goes, None for always.

    `has_templates`: approved ones go at any time. `most` is of characters, or of UTF-8 octets where `counts_octets`.
    """

    window: timedelta | None = None
    has_templates: bool = False
    most: int = LONGEST
    counts_octets: bool = False
    too_long: TextRefusal = TextRefusal.TOO_LONG
    closed: TextRefusal = TextRefusal.WINDOW_CLOSED
    closed_meanwhile: TextFault = TextFault.WINDOW_CLOSED

    def takes(self, words: str) -> bool:
        """Whether a message of these words is short enough."""
        return len(words.encode() if self.counts_octets else words) <= self.most


RULES: Mapping[TextChannel, ChannelRules] = {
    TextChannel.SMS: ChannelRules(),
    TextChannel.WHATSAPP: ChannelRules(window=timedelta(hours=24), has_templates=True),
    TextChannel.WECHAT: ChannelRules(
        window=timedelta(hours=48),
        most=2048,
        counts_octets=True,
        too_long=TextRefusal.TOO_LONG_FOR_WECHAT,
        closed=TextRefusal.SILENT,
        closed_meanwhile=TextFault.SILENT,
    ),
}
