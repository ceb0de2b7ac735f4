"""WeChat of the demo: an account that belongs to nobody, and a follower who has just written."""

from datetime import datetime, timedelta

from crmcore import clock
from crmcore.actions.contact_points import NewPoint, add_point
from crmcore.models import ContactPoint
from servicedesk.demo.cast import Cast
from servicedesk.demo.clockwork import Story
from telephony.actions.text_inbox import take_text
from telephony.actions.text_outbox import deliver_text
from telephony.actions.texting import Words, send_text
from telephony.models import WechatAccount
from telephony.providers.message_channel import InboundMessage
from telephony.text_states import TextChannel
from tickets.actions.lifecycle import assign_ticket
from tickets.models import Ticket

APP_ID, FOLLOWER = "wx0000000000000000", "oDemo0000000000000000000Zhao"
_CUSTOMER, _AGENT, _QUEUE = "zhao_lei", "agent2", "chinese_desk"
# Minutes ago, whether the customer says it, and what.
_TALK = (
    (41, True, "您好，家里的洗碗机报 E24，排不出水，今天能来人看看吗？"),
    (38, False, "赵先生您好，E24 是排水故障。麻烦先把底部滤网取出冲洗，再重启一次试试。"),
    (19, True, "洗过了，还是一样，机器底部还有一点水。"),
    (16, False, "明白了，我帮您约师傅上门。周六上午九点到十一点方便吗？"),
    (4, True, "方便的，麻烦师傅来之前打个电话。"),
)


def write_on_wechat(cast: Cast, *, now: datetime) -> Story:
    """The account, and a conversation of today that waits for an answer."""
    yield now - timedelta(minutes=_TALK[0][0] + 1)
    account = WechatAccount.objects.create(
        name="Chengguang service",
        name_zh="澄光服务号",
        app_id=APP_ID,
        queue=cast.queues[_QUEUE],
        is_demo=True,
        heard_at=now - timedelta(minutes=_TALK[-1][0]),
    )
    customer, agent = cast.contacts[_CUSTOMER], cast.staff[_AGENT]
    add_point(customer, NewPoint(ContactPoint.Kind.WECHAT, FOLLOWER, source="wechat"), by=None)
    for place, (ago, is_theirs, words) in enumerate(_TALK):
        yield now - timedelta(minutes=ago)
        if is_theirs:
            ticket = _hear(account, place, words)
        else:
            ticket = assign_ticket(ticket, to=agent, by=agent) if ticket.assignee_id is None else ticket
            text = send_text(ticket, TextChannel.WECHAT, Words(words), by=agent, token=f"wechat{place}")
            deliver_text(text.pk)


def _hear(account: WechatAccount, place: int, words: str) -> Ticket:
    message = InboundMessage(
        provider="simulated",
        sid=f"simulated-wechat-{place}",
        channel=TextChannel.WECHAT,
        sender=FOLLOWER,
        recipient=account.app_id,
        body=words,
    )
    ticket = take_text(message, now=clock.now()).ticket
    assert ticket is not None
    return ticket
