"""Commands after a call. They name the agent's leg: each agent of a call has a wrap-up of his own."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from crmcore.models import Outcome, User
from telephony.actions.wrap_up import OutcomeNeeded, extend_wrap_up, finish_wrap_up, force_finish_wrap_up
from telephony.views.calls import number_in
from telephony.views.doors import done, problem, staff_command


@staff_command
def wrap_up(request: HttpRequest, user: User, leg_id: int) -> HttpResponse:
    """Save `outcome` (id) with the `note`, if that is sent, and go ready, unless `ready` is 0.

    Without `outcome` the work is over where the queue needs none. `type` is the code of the ticket's type, where a
    ticket is opened.
    """
    outcome = Outcome.objects.filter(pk=number_in(request, "outcome") or 0, is_active=True).first()
    if outcome is None and request.POST.get("outcome"):
        return problem(422, _("Choose an outcome."))
    try:
        finish_wrap_up(
            leg_id,
            by=user,
            outcome=outcome,
            note=request.POST.get("note"),
            ready=request.POST.get("ready", "1") != "0",
            type_code=request.POST.get("type", ""),
        )
    except OutcomeNeeded:
        return problem(422, _("Choose an outcome."))
    return done()


@staff_command
def extend(request: HttpRequest, user: User, leg_id: int) -> HttpResponse:
    """Thirty seconds more."""
    return JsonResponse({"deadline": extend_wrap_up(leg_id, by=user).isoformat()})


@staff_command
def force_finish(request: HttpRequest, user: User, agent_id: int) -> HttpResponse:
    """A supervisor ends an agent's wrap-up."""
    force_finish_wrap_up(User.objects.get(pk=agent_id), by=user)
    return done()
