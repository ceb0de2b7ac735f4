"""The carrier's addresses below `/telephony/twilio/`; `providers/twilio/account.py` builds them for the carrier."""

from django.urls import path

from telephony.views import twilio_echo, twilio_events, twilio_menu, twilio_texts, twilio_token, twilio_voice

app_name = "twilio"

urlpatterns = [
    path("voice/", twilio_voice.voice, name="voice"),
    path("wait/", twilio_voice.wait, name="wait"),
    path("notice/", twilio_voice.notice, name="notice"),
    path("call-back/", twilio_voice.call_back, name="call_back"),
    path("enqueue-action/", twilio_voice.enqueue_action, name="enqueue_action"),
    path("caller/", twilio_voice.caller, name="caller"),
    path("menu/", twilio_menu.menu, name="menu"),
    path("after-call/", twilio_menu.after_call, name="after_call"),
    path("message/", twilio_menu.message, name="message"),
    path("recorded/", twilio_events.recorded, name="recorded"),
    path("taped/", twilio_events.taped, name="taped"),
    path("dialled/", twilio_menu.dialled, name="dialled"),
    path("put-through/", twilio_menu.put_through_ended, name="put_through"),
    path("recording/<str:signed_id>/", twilio_menu.recording, name="recording"),
    path("agent/", twilio_voice.agent, name="agent"),
    path("hold/", twilio_voice.hold, name="hold"),
    path("music/", twilio_voice.music, name="music"),
    path("conference/", twilio_events.conference, name="conference"),
    path("placed/", twilio_events.placed, name="placed"),
    path("party/", twilio_events.party, name="party"),
    path("text/", twilio_texts.text, name="text"),
    path("text-status/", twilio_texts.text_status, name="text_status"),
    path("status/", twilio_events.status, name="status"),
    path("token/", twilio_token.token, name="token"),
    path("echo/", twilio_echo.echo, name="echo"),
]
