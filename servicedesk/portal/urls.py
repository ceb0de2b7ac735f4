"""Addresses of the portal."""

from django.urls import path

from servicedesk.portal import files
from servicedesk.portal.views import (
    callbacks,
    calls,
    help_centre,
    home,
    new_request,
    profile,
    requests,
    surveys,
    verdicts,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("help/", help_centre.search, name="help"),
    path("help/topic/<slug:slug>/", help_centre.topic, name="topic"),
    path("help/<str:number>/", help_centre.article, name="article"),
    path("help/<str:number>/vote/", help_centre.vote, name="vote"),
    path("requests/", requests.request_list, name="requests"),
    path("requests/open/", requests.open_list, name="open-requests"),
    path("requests/new/", new_request.new_request, name="new-request"),
    path("requests/new/tips/", new_request.tips, name="tips"),
    path("requests/new/fields/", new_request.asked_fields, name="asked-fields"),
    path("requests/<str:number>/", requests.request, name="request"),
    path("requests/<str:number>/band/", requests.band, name="request-band"),
    path("requests/<str:number>/verdict/", requests.verdict, name="request-verdict"),
    path("requests/<str:number>/acts/", requests.acts, name="request-acts"),
    path("requests/<str:number>/messages/", requests.messages, name="request-messages"),
    path("files/<uuid:public_id>/", files.download, name="file"),
    path("requests/<str:number>/reply/", requests.reply, name="reply"),
    path("requests/<str:number>/solved/", verdicts.solved, name="solved"),
    path("requests/<str:number>/contest/", verdicts.contest, name="contest"),
    path("requests/<str:number>/withdraw/", verdicts.withdraw, name="withdraw"),
    path("requests/<str:number>/rate/", requests.rate, name="rate"),
    path("survey/<str:token>/", surveys.survey, name="survey"),
    path("call/", calls.call_page, name="call"),
    path("call/place/", calls.place, name="place-call"),
    path("call/ended/", calls.ended, name="call-ended"),
    path("call/standing/", calls.standing, name="call-standing"),
    path("call/recordings/<int:recording_id>/", calls.recording, name="call-recording"),
    path("call/consent/", calls.consent, name="call-consent"),
    path("call/message/", calls.message, name="call-message"),
    path("call/line/", calls.line, name="call-line"),
    path("call/back/", callbacks.standing, name="call-back"),
    path("call/back/ask/", callbacks.ask, name="call-back-ask"),
    path("call/back/withdraw/", callbacks.withdraw, name="call-back-withdraw"),
    path("profile/", profile.profile, name="profile"),
]
