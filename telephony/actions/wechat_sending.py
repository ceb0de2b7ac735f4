"""WeChat as a channel of messages: texts to followers who wrote within two days, and what they sent along."""

from collections.abc import Sequence
from typing import ClassVar

from telephony.actions.wechat_access import with_token
from telephony.models import WechatAccount
from telephony.providers.base import CarrierBusy, CarrierError
from telephony.providers.message_channel import DeliveryState, InboundMedia, Media, OutboundMessage, TextRefused
from telephony.providers.wechat.faults import PROVIDER, ApiFault
from telephony.text_states import TextChannel, TextFault, TextState


class WechatChannel:
    """The platform keeps no books of what was sent: a try of unknown end is told to people and not repeated."""

    code: ClassVar[str] = PROVIDER
    reaches_people: ClassVar[bool] = True

    def text_channels(self) -> frozenset[str]:
        return frozenset({TextChannel.WECHAT})

    def send_text(self, text: OutboundMessage) -> DeliveryState:
        """The platform tells that it took a message, and never whether it was read."""
        account = _account(text.sender)
        if account is None:
            raise TextRefused(TextFault.NO_LINE)
        try:
            with_token(account, lambda api, token: api.send_words(token, text.recipient, text.body))
        except ApiFault as fault:
            raise TextRefused(str(fault.code)) from fault
        except CarrierBusy:
            raise
        except CarrierError as error:
            raise TextRefused(TextFault.UNSURE) from error
        return DeliveryState(f"{PROVIDER}:{text.public_id}", TextState.SENT, is_last=True)

    def look_for_text(self, text: OutboundMessage) -> Sequence[DeliveryState]:
        raise TextRefused(TextFault.UNSURE)

    def text_report(self, sid: str) -> DeliveryState | None:
        return None

    def fetch_media(self, recipient: str, media: InboundMedia) -> Media:
        account = _account(recipient)
        if account is None:
            raise TextRefused(TextFault.NO_LINE)
        try:
            return with_token(account, lambda api, token: api.media(token, media.reference))
        except ApiFault as fault:
            raise TextRefused(str(fault.code)) from fault


def _account(app_id: str) -> WechatAccount | None:
    return WechatAccount.objects.filter(app_id=app_id, is_active=True, is_demo=False).first()
