"""Addresses of the whole product."""

from django.contrib import admin
from django.urls import include, path

from servicedesk import front_door, health

urlpatterns = [
    path("", front_door.home, name="home"),
    path("account/", include("allauth.urls")),
    path("console/", include("servicedesk.console.urls")),
    path("crm/", include("servicedesk.console.customer_urls")),
    path("notifications/", include("crmcore.urls_notices")),
    path("approvals/", include("crmcore.urls_approvals")),
    path("tickets/", include("tickets.urls")),
    path("field/", include("tickets.field_urls")),
    path("partner/", include("servicedesk.partners.urls")),
    path("search/", include("servicedesk.search.urls")),
    path("kb/", include("knowledgebase.urls")),
    path("campaigns/", include("servicedesk.campaigns.urls")),
    path("supervisor/", include("servicedesk.supervisor.urls")),
    path("wallboard/", include("servicedesk.supervisor.wallboard_urls")),
    path("portal/", include("servicedesk.portal.urls")),
    path("telephony/", include("telephony.urls")),
    path("calls/", include("telephony.urls_calls")),
    path("settings/", include("servicedesk.preferences.urls")),
    path("settings/", include("servicedesk.setup.urls")),
    path("api/v1/", include("servicedesk.api")),
    path("healthz/live", health.live),
    path("healthz/ready", health.ready),
    path("metrics", health.metrics),
    path("admin/", admin.site.urls),
]

handler400 = "servicedesk.front_door.bad_request"
handler403 = "servicedesk.front_door.forbidden"
handler404 = "servicedesk.front_door.not_found"
handler500 = "servicedesk.front_door.server_error"
