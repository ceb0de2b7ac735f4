"""Everything on one port: sockets as ASGI, ordinary pages through WSGI in a pool of threads.

Django's synchronous middleware under ASGI hops threads at every step and costs three to four times the CPU.
"""

from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import HTTPScope, Receive, Send
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

from servicedesk.wsgi import application as wsgi_application  # isort: skip  # sets Django up for the routes below
from servicedesk.live.routing import websocket_urlpatterns as live_urls
from telephony.routing import websocket_urlpatterns as call_urls

PAGE_THREADS = 12

_wsgi: Any = wsgi_application
# A bounded queue would hold a thread for ever when its reader has gone away.
_pages = WSGIMiddleware(_wsgi, workers=PAGE_THREADS, send_queue_size=0)
_sockets = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter([*live_urls, *call_urls])))


async def pages(scope: HTTPScope, receive: Receive, send: Send) -> None:
    """Hand the request to WSGI, where a header X_Forwarded_For would pass for X-Forwarded-For."""
    scope["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    await _pages(scope, receive, send)


application = ProtocolTypeRouter({"http": pages, "websocket": _sockets})
