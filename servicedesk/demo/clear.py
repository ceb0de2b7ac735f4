"""Taking the demo away again: its rows, and whatever happened on its queues and to its customers meanwhile."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from crmcore.models import (
    Account,
    AuditEntry,
    Calendar,
    Contact,
    ContactPoint,
    Contract,
    Due,
    Estate,
    Firm,
    InstalledProduct,
    Lead,
    NumberSequence,
    Opportunity,
    Product,
    Queue,
    QueueSkill,
    Quote,
    Reception,
    Region,
    Skill,
    Team,
    User,
    UserSkill,
    Wallboard,
)
from knowledgebase.models import Article, Category
from servicedesk.demo.approvals import remove_plans
from servicedesk.demo.desk_schema import DeskText
from servicedesk.demo.products import PREFIX
from servicedesk.demo.reading import read_desk, read_world, world_codes
from servicedesk.demo.recurring import remove_recurring
from servicedesk.demo.sales import forget_numbers, remove_prices
from servicedesk.demo.satisfaction import rest_rules
from telephony.models import (
    Call,
    CallFlow,
    Campaign,
    DoNotCallNumber,
    GroupText,
    PhoneLine,
    PortalEntry,
    TextMessage,
    TextThread,
    WechatAccount,
)
from tickets.models import (
    Chat,
    DispatchOrder,
    Interaction,
    Mail,
    Mailbox,
    SlaPolicy,
    SlaPolicyVersion,
    Technician,
    Ticket,
    TicketType,
)

IS_DEMO = Q(is_demo=True)
OF_CUSTOMER = Q(account__is_demo=True) | Q(contact__is_demo=True)
ON_QUEUE = Q(queue__is_demo=True)


@transaction.atomic
def clear() -> dict[str, int]:
    """Delete the demo; how many rows of each root went. A second time finds nothing."""
    gone: dict[str, int] = {}
    remove_plans()
    remove_recurring()
    remove_prices()
    for rows in _roots():
        gone[rows.model.__name__.lower()] = _remove(rows)
    forget_numbers()
    _clear_teams()
    _clear_desk(read_desk())
    rest_rules()
    TicketType.objects.update(visit_booking=TicketType.Booking.NO)
    _clear_regions()
    _wake_shipped_queue()
    return gone


def _roots() -> Iterable[QuerySet[Any]]:
    """What was loaded, in the order in which it can go."""
    yield Campaign.objects.filter(IS_DEMO | ON_QUEUE)
    yield DoNotCallNumber.objects.filter(IS_DEMO)
    yield TextMessage.objects.filter(
        OF_CUSTOMER | Q(ticket__is_demo=True) | Q(by__is_demo=True) | Q(group__in=_groups())
    )
    yield _groups()
    yield TextThread.objects.filter(theirs__in=ContactPoint.objects.filter(OF_CUSTOMER).values("value"))
    yield TextThread.objects.filter(ours__in=_wechat_accounts().values("app_id"))
    yield _wechat_accounts()
    yield Call.objects.filter(IS_DEMO | OF_CUSTOMER | ON_QUEUE)
    yield Mail.objects.filter(Q(mailbox__in=_mailboxes()) | Q(ticket__is_demo=True) | Q(by__is_demo=True))
    yield Interaction.objects.filter(Q(ticket__is_demo=True) | OF_CUSTOMER | Q(by__is_demo=True))
    yield DispatchOrder.objects.filter(Q(ticket__is_demo=True) | Q(technician__is_demo=True))
    yield Chat.objects.filter(IS_DEMO | ON_QUEUE)
    yield Ticket.objects.filter(IS_DEMO | OF_CUSTOMER | ON_QUEUE)
    yield Due.objects.filter(IS_DEMO | Q(account__is_demo=True))
    yield Contract.objects.filter(IS_DEMO | Q(account__is_demo=True))
    yield Quote.objects.filter(IS_DEMO | Q(account__is_demo=True))
    yield Reception.objects.filter(Q(is_demo=True) | Q(recorded_by__is_demo=True))
    yield Lead.objects.filter(Q(is_demo=True) | Q(owner__is_demo=True))
    yield Opportunity.objects.filter(IS_DEMO | Q(account__is_demo=True))
    yield Article.objects.filter(IS_DEMO)
    yield Category.objects.filter(IS_DEMO, articles=None)
    yield Wallboard.objects.filter(IS_DEMO)
    yield PhoneLine.objects.filter(IS_DEMO)
    PortalEntry.objects.filter(flow__is_demo=True).update(flow=None)
    yield CallFlow.objects.filter(IS_DEMO)
    yield _mailboxes()
    yield Queue.objects.filter(IS_DEMO)
    Technician.objects.filter(user__is_demo=True).delete()
    yield InstalledProduct.objects.filter(IS_DEMO | Q(account__is_demo=True))
    yield Product.objects.filter(code__startswith=PREFIX, installed=None, quote_lines=None, prices=None)
    yield Estate.objects.filter(code__startswith=PREFIX, installed=None)
    yield User.objects.filter(IS_DEMO)
    yield Firm.objects.filter(code__startswith=PREFIX, people=None)
    yield Account.objects.filter(IS_DEMO)
    yield Contact.objects.filter(IS_DEMO)


def _mailboxes() -> QuerySet[Any]:
    return Mailbox.objects.filter(IS_DEMO | ON_QUEUE)


def _wechat_accounts() -> QuerySet[Any]:
    return WechatAccount.objects.filter(IS_DEMO | ON_QUEUE)


def _groups() -> QuerySet[Any]:
    return GroupText.objects.filter(ON_QUEUE | Q(line__is_demo=True) | Q(created_by__is_demo=True))


def _remove(rows: QuerySet[Any]) -> int:
    """Delete rows with their part of the audit trail; how many of them there were."""
    model: type[Model] = rows.model
    if model in (Account, Contact):
        rows.exclude(merged_into=None).update(merged_into=None)
    keys = rows.annotate(key=Cast("pk", TextField())).values("key")
    AuditEntry.objects.filter(noun=model._meta.model_name, object_id__in=keys).delete()
    if model is User:
        AuditEntry.objects.filter(actor__in=rows).delete()
    number = rows.count()
    rows.delete()
    return number


def _clear_teams() -> None:
    """Leaves first: a team stays while another stands below it."""
    while leaves := Team.objects.filter(IS_DEMO, children=None).delete()[0]:
        assert leaves


def _clear_desk(desk: DeskText) -> None:
    SlaPolicyVersion.objects.filter(policy__code=desk.policy.code).delete()
    if (
        SlaPolicy.objects.filter(code=desk.policy.code).delete()[0]
        and not SlaPolicy.objects.filter(position=0).exists()
    ):
        SlaPolicy.objects.update(position=F("position") - 1)
    Calendar.objects.filter(code__in=[row.code for row in desk.calendars]).delete()
    NumberSequence.objects.filter(key__in=[row.key for row in desk.numbers]).delete()
    used = UserSkill.objects.values("skill").union(QueueSkill.objects.values("skill"))
    Skill.objects.filter(code__in=[row.code for row in desk.skills]).exclude(pk__in=used).delete()


def _clear_regions() -> None:
    """Those of the worlds in which nobody lives."""
    codes = [row.code for world in world_codes() for row in read_world(world).regions]
    while Region.objects.filter(code__in=codes, account=None, children=None).delete()[0]:
        continue


def _wake_shipped_queue() -> None:
    """Calls that nobody configured a queue for need one again."""
    if not Queue.objects.filter(is_default=True).exists():
        first = Queue.objects.order_by("position", F("pk").asc()).values("pk")[:1]
        Queue.objects.filter(pk__in=first).update(is_default=True, is_active=True)
