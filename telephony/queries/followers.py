"""Messages between our WeChat accounts and their followers, whom each account knows by an id of its own."""

from django.db.models import QuerySet

from crmcore.models import Account, Contact, ContactPoint, Queue
from telephony.models import TextThread, WechatAccount
from telephony.queries.text_ends import OurEnd, only_holder
from telephony.text_states import TextChannel
from tickets.models import Ticket

_SHOWN = 6


class Followers:
    """A follower can be written to by the one account that they follow, and by no other."""

    def called(self, address: str) -> OurEnd | None:
        account = WechatAccount.objects.select_related("queue").filter(app_id=address).first()
        return _end(account) if account else None

    def read(self, raw: str, region: str) -> str:
        return raw

    def chosen(self, channel: TextChannel, *, is_demo: bool | None, queue: Queue | None, ours: str) -> OurEnd | None:
        accounts = WechatAccount.objects.select_related("queue").filter(is_active=True, app_id=ours)
        account = (accounts if is_demo is None else accounts.filter(is_demo=is_demo)).first()
        return _end(account) if account else None

    def address_of(self, ticket: Ticket) -> str:
        """The id by which the requester last wrote; ids that somebody merely noted lead nowhere."""
        if ticket.contact_id is None:
            return ""
        noted = ContactPoint.objects.filter(contact=ticket.contact_id, kind=ContactPoint.Kind.WECHAT)
        threads = TextThread.objects.filter(channel=TextChannel.WECHAT, theirs__in=noted.values("raw"))
        return threads.order_by("-last_in_at").values_list("theirs", flat=True).first() or ""

    def is_made_up(self, theirs: str, ours: str) -> bool:
        return WechatAccount.objects.filter(app_id=ours, is_demo=True).exists()

    def is_unwanted(self, theirs: str) -> bool:
        return points_of(theirs).filter(opted_out=True).exists()

    def writer(self, theirs: str) -> tuple[Contact | None, Account | None]:
        return only_holder(points_of(theirs))

    def shown(self, theirs: str) -> str:
        return f"…{theirs[-_SHOWN:]}"


def points_of(open_id: str) -> QuerySet[ContactPoint]:
    """Where a follower's id is noted; it differs from another by the size of a letter."""
    return ContactPoint.objects.filter(kind=ContactPoint.Kind.WECHAT, raw=open_id)


def _end(account: WechatAccount) -> OurEnd:
    return OurEnd(account.app_id, account.label, account.queue, account.language, is_demo=account.is_demo)
