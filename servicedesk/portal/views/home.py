"""The first page: search, topics, the customer's open requests, and somebody to talk to."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from crmcore import clock
from knowledgebase.queries.articles import often_read, topics
from servicedesk.portal.frame import customer_or_none, language_of, page
from servicedesk.portal.lines import line_for
from servicedesk.portal.requests import open_requests

TOPICS = 6
OPEN_REQUESTS = 5
OFTEN_ASKED = 3


def home(request: HttpRequest) -> HttpResponse:
    """`/portal/`: open to everybody; who is signed in also sees their requests."""
    now, user, language = clock.now(), customer_or_none(request), language_of(request)
    requests = open_requests(user, now, limit=OPEN_REQUESTS) if user else []
    often = [
        (article, article.text_in(language))
        for article in often_read(request.user, limit=OFTEN_ASKED, language=language)
    ]
    context = {
        "section": "help",
        "greeting": greeting(now),
        "topics": topics(request.user, language)[:TOPICS],
        "often": often,
        "requests": requests,
        "your_turn": next((found for found in requests if found.standing.ball == "you"), None),
        "line": line_for(language, now),
    }
    return page(request, "home.html", context)


def greeting(now: datetime) -> str:
    """Good morning, afternoon or evening by the reader's own clock."""
    hour = timezone.localtime(now).hour
    if 5 <= hour < 12:
        return _("Good morning")
    return _("Good afternoon") if 12 <= hour < 18 else _("Good evening")
