"""Socket addresses of telephony."""

from django.urls import path

from telephony.consumers import CallConsumer

websocket_urlpatterns = [path("ws/call/", CallConsumer.as_asgi())]
