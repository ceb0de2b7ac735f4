"""What a solved ticket would say as an article: its question, an answer to it, and whom to leave out."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.utils.translation import override, pgettext

from crmcore.models import AccountContact, Contact, User
from crmcore.permissions import may
from knowledgebase.models import Article, Category
from knowledgebase.personal_data import mark
from tickets.models import Interaction, Ticket

LONGEST_TITLE = 160
SHOWN = 20


def may_draft(user: User, ticket: Ticket) -> bool:
    """Whether this reader could make an article of the ticket: it is done, and somebody answered it in writing."""
    return not ticket.is_active and may(user, "article", "create") and bool(answers_in(ticket, user))


def answers_in(ticket: Ticket, user: User) -> list[Interaction]:
    """What the desk wrote to the customer, the latest first."""
    rows = Interaction.objects.visible_to(user).filter(ticket=ticket, is_public=True)
    written = rows.filter(direction=Interaction.Direction.OUT, by__kind=User.Kind.STAFF).exclude(body="")
    return list(written.select_related("by").order_by("-seq")[:SHOWN])


def words_of(ticket: Ticket, answer: Interaction) -> tuple[str, dict[str, str]]:
    """The language of the answer, and the draft in it; personal data stand in marks."""
    chinese = any("\u4e00" <= sign <= "\u9fff" for sign in answer.body)
    language = "zh-hans" if chinese else "en"
    names = list(_names(ticket, answer))
    question = _question(ticket)
    with override(language):
        parts = [(pgettext("article", "Question"), question), (pgettext("article", "Answer"), answer.body)]
    body = "\n\n".join(f"## {heading}\n\n{mark(text.strip(), names)}" for heading, text in parts if text.strip())
    return language, {
        "title": mark(ticket.subject, names)[:LONGEST_TITLE],
        "summary": "",
        "body": body,
        "search_words": "",
    }


def usual_category(ticket: Ticket) -> Category | None:
    """Where articles stand that helped with tickets of this type and queue; the first one while none did."""
    alike = Q(articles__uses__ticket__queue=ticket.queue_id) | Q(queues=ticket.queue_id)
    rows = Category.objects.annotate(used=Count("articles__uses", filter=alike))
    return rows.order_by("-used", "position", "pk").first()


def article_from(ticket: Ticket, user: User) -> Article | None:
    """The article that the ticket became, if the reader may see it."""
    return Article.objects.visible_to(user).filter(origin__ticket=ticket).prefetch_related("texts").first()


def _question(ticket: Ticket) -> str:
    first = ticket.interactions.filter(direction=Interaction.Direction.IN, is_public=True).exclude(body="")
    entry = first.order_by("seq").only("body").first()
    return entry.body if entry else ticket.subject


def _names(ticket: Ticket, answer: Interaction) -> Iterable[str]:
    """Of the customer, of everybody in their organisation, of colleagues who worked on it, and the ticket's number."""
    yield ticket.number
    if ticket.account:
        yield ticket.account.name
        people = AccountContact.objects.filter(account=ticket.account).values("contact")
        yield from Contact.objects.filter(pk__in=people).values_list("name", flat=True)
    if ticket.contact:
        yield ticket.contact.name
    yield from User.objects.filter(interactions__ticket=ticket).distinct().values_list("name", flat=True)
    if answer.by:
        yield answer.by.name
