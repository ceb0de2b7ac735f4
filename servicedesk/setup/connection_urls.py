"""Addresses of the settings' connections: carriers and other telephone systems."""

from django.urls import path

from servicedesk.setup import carrier, exchange_reports, exchanges, mailboxes, text_templates, wechat

CONNECTIONS = [
    path("carrier/", carrier.carrier, name="carrier"),
    path("carrier/connect/", carrier.connect_lines, name="connect_lines"),
    path("carrier/test-call/", carrier.call_to_test, name="test_call"),
    path("carrier/lines/new/", carrier.new_line, name="new_line"),
    path("carrier/lines/<int:line_id>/", carrier.edit_line, name="line"),
    path("carrier/lines/<int:line_id>/retire/", carrier.use_line, {"in_use": False}, name="retire_line"),
    path("carrier/lines/<int:line_id>/restore/", carrier.use_line, {"in_use": True}, name="restore_line"),
    path("templates/", text_templates.text_templates, name="text_templates"),
    path("templates/new/", text_templates.new_template, name="new_text_template"),
    path("templates/<int:template_id>/", text_templates.edit_template, name="text_template"),
    path("templates/<int:template_id>/retire/", text_templates.retire, {"in_use": False}, name="retire_text_template"),
    path("templates/<int:template_id>/restore/", text_templates.retire, {"in_use": True}, name="restore_text_template"),
    path("mailboxes/", mailboxes.mailbox_list, name="mailboxes"),
    path("mailboxes/new/", mailboxes.new_mailbox, name="new_mailbox"),
    path("mailboxes/signed-in/", mailboxes.signed_in, name="mailbox_signed_in"),
    path("mailboxes/held/<int:mail_id>/", mailboxes.decide, name="held_mail"),
    path("mailboxes/<int:mailbox_id>/", mailboxes.edit_mailbox, name="mailbox"),
    path("mailboxes/<int:mailbox_id>/test/", mailboxes.test_mailbox, name="test_mailbox"),
    path("mailboxes/<int:mailbox_id>/sign-in/", mailboxes.sign_in, name="mailbox_sign_in"),
    path("mailboxes/<int:mailbox_id>/retire/", mailboxes.use_mailbox, {"in_use": False}, name="retire_mailbox"),
    path("mailboxes/<int:mailbox_id>/restore/", mailboxes.use_mailbox, {"in_use": True}, name="restore_mailbox"),
    path("wechat/", wechat.account_list, name="wechat"),
    path("wechat/new/", wechat.new_account, name="new_wechat"),
    path("wechat/<int:account_id>/", wechat.edit_account, name="wechat_account"),
    path("wechat/<int:account_id>/test/", wechat.test_account, name="test_wechat"),
    path("wechat/<int:account_id>/retire/", wechat.use, {"in_use": False}, name="retire_wechat"),
    path("wechat/<int:account_id>/restore/", wechat.use, {"in_use": True}, name="restore_wechat"),
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
