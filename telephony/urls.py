"""Addresses of telephony: the console's commands, and where carriers report."""

from django.urls import URLPattern, include, path, re_path

from telephony.views import calls, campaigns, cti, dialling, in_call, offers, owed, recording, sounds, wechat, wrap_up
from telephony.views.texting import again, send

app_name = "telephony"


def sound_urls(kind: str) -> list[URLPattern]:
    """The addresses of one sort of sound."""
    here, name = f"{kind}s/<int:sound_id>/", {"kind": kind}
    return [
        path(here, sounds.sound, name, name=kind),
        path(f"{here}peaks/", sounds.peaks, name, name=f"{kind}_peaks"),
        path(f"{here}hold/", sounds.hold, name, name=f"{kind}_hold"),
        path(f"{here}delete/", sounds.delete, name, name=f"{kind}_delete"),
    ]


urlpatterns = [
    path("offers/<int:offer_id>/accept/", offers.accept, name="accept"),
    path("offers/<int:offer_id>/reject/", offers.reject, name="reject"),
    path("dial/", dialling.dial, name="dial"),
    path("tickets/<str:number>/text/", send, name="text"),
    path("texts/<int:text_id>/again/", again, name="text_again"),
    path("missed/<int:missed_id>/done/", owed.missed_done, name="missed_done"),
    path("campaigns/leave/", campaigns.leave, name="campaign_leave"),
    path("campaigns/<int:campaign_id>/join/", campaigns.join, name="campaign_join"),
    path("campaigns/targets/<int:target_id>/dial/", campaigns.dial, name="target_dial"),
    path("campaigns/targets/<int:target_id>/skip/", campaigns.skip, name="target_skip"),
    path("callbacks/<int:callback_id>/call-off/", owed.call_off, name="call_off"),
    path("calls/<int:call_id>/rejoin/", offers.rejoin, name="rejoin"),
    path("calls/<int:call_id>/hang-up/", calls.hang_up, name="hang_up"),
    path("calls/<int:call_id>/hold/", calls.hold, name="hold"),
    path("calls/<int:call_id>/resume/", calls.resume, name="resume"),
    path("calls/<int:call_id>/transfer/", in_call.transfer, name="transfer"),
    path("calls/<int:call_id>/consult/", in_call.consult, name="consult"),
    path("calls/<int:call_id>/park/", in_call.park, name="park"),
    path("calls/<int:call_id>/pick-up/", in_call.pick_up, name="pick_up"),
    path("calls/<int:call_id>/swap/", in_call.swap, name="swap"),
    path("calls/<int:call_id>/merge/", in_call.merge, name="merge"),
    path("calls/<int:call_id>/complete/", in_call.complete, name="complete"),
    path("calls/<int:call_id>/cancel-consult/", in_call.cancel, name="cancel_consult"),
    path("calls/<int:call_id>/drop/", in_call.drop, name="drop"),
    path("calls/<int:call_id>/leave/", in_call.leave, name="leave"),
    path("calls/<int:call_id>/supervise/", in_call.supervise, name="supervise"),
    path("calls/<int:call_id>/take-over/", in_call.take_over, name="take_over"),
    re_path(
        r"^calls/(?P<call_id>\d+)/recording/(?P<change>start|stop|pause|resume)/$", recording.change, name="recording"
    ),
    path("recordings/<int:recording_id>/parts/<int:number>/", recording.part, name="recording_part"),
    path("calls/<int:call_id>/note/", calls.note, name="note"),
    path("calls/<int:call_id>/link/", calls.link, name="link"),
    path("calls/<int:call_id>/ticket/", calls.ticket, name="ticket"),
    path("legs/<int:leg_id>/wrap-up/", wrap_up.wrap_up, name="wrap_up"),
    path("legs/<int:leg_id>/extend/", wrap_up.extend, name="extend"),
    path("agents/<int:agent_id>/finish-wrap-up/", wrap_up.force_finish, name="force_finish"),
    path("cti/<str:token>/", cti.events, name="cti"),
    path("calls/<uuid:public_id>/player/", sounds.call_players, name="call_players"),
    path("voicemails/<int:sound_id>/player/", sounds.message_player, name="message_player"),
    *sound_urls("recording"),
    *sound_urls("voicemail"),
    path("wechat/<str:app_id>/", wechat.door, name="wechat"),
    path("twilio/", include("telephony.urls_twilio")),
]
