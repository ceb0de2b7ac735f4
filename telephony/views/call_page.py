"""The page of one call: who, when, the way it took, and what was recorded of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from crmcore.models import User
from crmcore.permissions import may
from telephony.models import Call
from telephony.queries.call_story import story_of
from telephony.queries.sounds import listenings, may_change, players_of_call
from telephony.views.doors import staff_reading


@never_cache
@staff_reading
def call_page(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Raises Http404 for whom the call is closed."""
    calls = Call.objects.visible_to(user).select_related("queue", "agent", "account", "contact", "ticket", "line")
    call = calls.filter(pk=call_id).first()
    if call is None:
        raise Http404
    players = players_of_call(call, user)
    context = {
        "call": call,
        "waited": call.waiting_until - call.queued_at if call.queued_at and call.waiting_until else None,
        "talked": call.ended_at - call.answered_at if call.answered_at and call.ended_at else None,
        "story": story_of(call),
        "players": players,
        "keepers": [
            (player.sound, may(user, "recording", "delete"))
            for player in players
            if player.state == "ready" and may_change(user, player.sound, "edit")
        ],
        "listenings": listenings(player.sound for player in players),
    }
    return render(request, "telephony/call.html", context)
