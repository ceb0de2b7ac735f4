"""The page behind a survey's link: no sign-in, the token says who is asked."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from servicedesk.portal.frame import customer_or_none, page
from servicedesk.portal.surveys import survey_context
from servicedesk.portal.throttle import SURVEYS
from tickets.actions.changing import MergedAway
from tickets.actions.survey_answers import LONGEST_COMMENT, SurveyOver, answer_question, answer_survey
from tickets.models import Survey
from tickets.queries.surveys import survey_called
from tickets.questionnaires import BadAnswer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """`/portal/survey/<token>/?score=4` shows a score chosen; only the button records it, as scanners open links."""
    found = survey_called(token)
    if found is None:
        return page(request, "survey_unknown.html", status=404)
    with translation.override(_language(request, found)):
        return _answered(request, found) if request.method == "POST" else _shown(request, found)


def _shown(request: HttpRequest, survey: Survey, problem: str = "", *, status: int = 200) -> HttpResponse:
    chosen = _score(request.GET.get("score", ""), survey)
    context = survey_context(survey, chosen) | {
        "problem": problem,
        "is_changing": chosen is not None or "change" in request.GET,
        "longest": LONGEST_COMMENT,
        "own_request": customer_or_none(request) is not None,
    }
    return page(request, "survey.html", context, status=status)


def _answered(request: HttpRequest, survey: Survey) -> HttpResponse:
    if "question" in request.POST:
        return _question_answered(request, survey)
    score = _score(request.POST.get("score", ""), survey)
    if score is None:
        return _shown(request, survey, _("Choose one of the answers first"), status=422)
    if SURVEYS.is_used_up(request):
        return page(request, "slow_down.html", status=429)
    try:
        answer_survey(survey, score, by=customer_or_none(request), comment=request.POST.get("comment"))
    except (SurveyOver, MergedAway):
        survey.refresh_from_db()
        return _shown(request, survey, status=409)
    return redirect("portal:survey", survey.token)


def _question_answered(request: HttpRequest, survey: Survey) -> HttpResponse:
    """One more answer; a question that was answered in another tab is passed over."""
    try:
        answer_question(survey, request.POST["question"], request.POST.getlist("answer"))
    except BadAnswer:
        return _shown(request, survey, _("Choose one of the answers first"), status=422)
    except SurveyOver:
        survey.refresh_from_db()
        return _shown(request, survey, status=409)
    return redirect("portal:survey", survey.token)


def _score(text: str, survey: Survey) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 4 and int(text) in survey.scale else None


def _language(request: HttpRequest, survey: Survey) -> str:
    """The customer's, unless the reader chose one in this browser."""
    own = survey.contact.language if survey.contact else ""
    is_chosen = request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return translation.get_language() if is_chosen or not own else own
