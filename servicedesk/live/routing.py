"""Addresses of the live socket."""

from django.urls import path

from servicedesk.live.consumers import LiveConsumer

websocket_urlpatterns = [path("ws/live/", LiveConsumer.as_asgi())]
