"""The wallboard: opened by its token, in its own language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_GET

from crmcore import clock
from crmcore.models import Wallboard
from servicedesk.supervisor.wallboard import figures_of


@require_GET
def wallboard(request: HttpRequest, token: str) -> HttpResponse:
    return _shown(request, token, "wallboard.html")


@require_GET
def tiles(request: HttpRequest, token: str) -> HttpResponse:
    """The tiles alone, as they stand now."""
    return _shown(request, token, "_tiles.html")


def _shown(request: HttpRequest, token: str, template: str) -> HttpResponse:
    board = get_object_or_404(Wallboard, token=token)
    now = clock.now()
    figures = figures_of(board, now)
    context = {"board": board, "figures": figures, "late": figures.late(now), "now": now, "theme": "dark"}
    with translation.override(board.language):
        return render(request, f"servicedesk/supervisor/{template}", context)
