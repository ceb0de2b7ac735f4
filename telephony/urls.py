"""Addresses of telephony: the console's commands, and where carriers report."""

from django.urls import include, path

from telephony.views import calls, cti, dialling, offers, wrap_up

app_name = "telephony"

urlpatterns = [
    path("offers/<int:offer_id>/accept/", offers.accept, name="accept"),
    path("offers/<int:offer_id>/reject/", offers.reject, name="reject"),
    path("dial/", dialling.dial, name="dial"),
    path("calls/<int:call_id>/rejoin/", offers.rejoin, name="rejoin"),
    path("calls/<int:call_id>/hang-up/", calls.hang_up, name="hang_up"),
    path("calls/<int:call_id>/hold/", calls.hold, name="hold"),
    path("calls/<int:call_id>/resume/", calls.resume, name="resume"),
    path("calls/<int:call_id>/note/", calls.note, name="note"),
    path("calls/<int:call_id>/link/", calls.link, name="link"),
    path("calls/<int:call_id>/ticket/", calls.ticket, name="ticket"),
    path("legs/<int:leg_id>/wrap-up/", wrap_up.wrap_up, name="wrap_up"),
    path("legs/<int:leg_id>/extend/", wrap_up.extend, name="extend"),
    path("agents/<int:agent_id>/finish-wrap-up/", wrap_up.force_finish, name="force_finish"),
    path("cti/<str:token>/", cti.events, name="cti"),
    path("twilio/", include("telephony.urls_twilio")),
]
