"""Addresses of the settings' connections: carriers and other telephone systems."""

from django.urls import path

from servicedesk.setup import exchange_reports, exchanges

CONNECTIONS = [
    path("exchanges/", exchanges.exchange_list, name="exchanges"),
    path("exchanges/new/", exchanges.new_exchange, name="new_exchange"),
    path("exchanges/guide/", exchanges.guide, name="exchange_guide"),
    path("exchanges/<int:exchange_id>/", exchanges.exchange, name="exchange"),
    path("exchanges/<int:exchange_id>/renew/", exchanges.renew, name="renew_exchange"),
    path("exchanges/<int:exchange_id>/revoke/", exchanges.revoke, name="revoke_exchange"),
    path("exchanges/<int:exchange_id>/extensions/", exchanges.add_extension, name="add_extension"),
    path("exchanges/<int:exchange_id>/extensions/free/", exchanges.free_extension, name="free_extension"),
    path("exchanges/<int:exchange_id>/events/", exchange_reports.reports, name="exchange_reports"),
    path(
        "exchanges/<int:exchange_id>/events/<int:report_id>/replay/",
        exchange_reports.replay_report,
        name="replay_report",
    ),
]
