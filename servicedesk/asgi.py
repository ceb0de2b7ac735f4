"""Everything on one port: sockets as ASGI, ordinary pages through WSGI in a pool of threads.

Django's synchronous middleware under ASGI hops threads at every step and costs three to four times the CPU.
"""

from typing import Any

from a2wsgi import WSGIMiddleware
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

from servicedesk.wsgi import application as wsgi_application  # isort: skip  # sets Django up for the routes below
from servicedesk.live.routing import websocket_urlpatterns as live_urls
from telephony.routing import websocket_urlpatterns as call_urls

PAGE_THREADS = 12

_pages = WSGIMiddleware(wsgi_application, workers=PAGE_THREADS)
_sockets = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter([*live_urls, *call_urls])))


async def pages(scope: Any, receive: Any, send: Any) -> None:
    """Hand the request to WSGI without headers that could pass for another one's there: X_Forwarded_For."""
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    await _pages({**scope, "headers": headers}, receive, send)


application = ProtocolTypeRouter({"http": pages, "websocket": _sockets})
