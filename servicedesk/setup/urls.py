"""Addresses of the settings."""

from django.urls import path

from servicedesk.setup import (
    answering,
    calendars,
    capacity,
    chats,
    do_not_call,
    flows,
    overview,
    parking,
    queues,
    recordings,
    routing,
    sla,
    supervision,
    wallboards,
)
from servicedesk.setup.approvals import APPROVAL_PLANS, CONTRACT_PLANS, QUOTE_PLANS
from servicedesk.setup.away_reasons import AWAY_REASONS
from servicedesk.setup.code_lists import CODE_LISTS
from servicedesk.setup.connection_urls import CONNECTIONS
from servicedesk.setup.directory import DIRECTORY
from servicedesk.setup.field_urls import FIELD
from servicedesk.setup.intention_grades import GRADES
from servicedesk.setup.outcomes import GROUPS, OUTCOMES
from servicedesk.setup.people_urls import PEOPLE
from servicedesk.setup.price_lists import PRICE_LISTS
from servicedesk.setup.products import ESTATES, PRODUCTS
from servicedesk.setup.rules import RULES
from servicedesk.setup.ticket_urls import TICKETS
from servicedesk.setup.work_lists import CANNED_REPLIES, CHECKLISTS

app_name = "setup"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("supervision/", supervision.supervision, name="supervision"),
    path("recordings/", recordings.recordings, name="recordings"),
    path("flows/", flows.flow_list, name="flows"),
    path("flows/lines/<int:line_id>/", flows.connect_line, name="flow_line"),
    path("flows/portal/", flows.connect_portal, name="flow_portal"),
    path("flows/<int:flow_id>/", flows.flow_page, name="flow"),
    path("flows/<int:flow_id>/test/", flows.test, name="flow_test"),
    path("flows/<int:flow_id>/publish/", flows.publish, name="flow_publish"),
    path("flows/<int:flow_id>/version/", flows.change_version, name="flow_version"),
    path("flows/<int:flow_id>/steps/", flows.add_node, name="flow_add"),
    path("flows/<int:flow_id>/steps/<slug:node_id>/", flows.save_node, name="flow_node"),
    path("flows/<int:flow_id>/steps/<slug:node_id>/change/", flows.change_node, name="flow_change"),
    path("queues/", queues.queue_list, name="queues"),
    path("queues/new/", queues.new_queue, name="new_queue"),
    path("queues/<int:queue_id>/", queues.edit_queue, name="queue"),
    path("calendars/", calendars.calendar_list, name="calendars"),
    path("calendars/new/", calendars.new_calendar, name="new_calendar"),
    path("calendars/<int:calendar_id>/", calendars.calendar_page, name="calendar"),
    path("sla/", sla.policy_list, name="sla"),
    path("sla/new/", sla.new_policy, name="sla_new"),
    path("sla/apply/", sla.apply_policies, name="sla_apply"),
    path("sla/runs/<int:run_id>/", sla.run_state, name="sla_run"),
    path("sla/<int:policy_id>/", sla.policy_page, name="sla_policy"),
    path("sla/<int:policy_id>/change/", sla.change_policy, name="sla_change"),
    path("sla/<int:policy_id>/preview/", sla.preview, name="sla_preview"),
    path("capacity/", capacity.capacity, name="capacity"),
    path("routing/", routing.routing, name="routing"),
    path("parking/", parking.parking, name="parking"),
    path("do-not-call/", do_not_call.do_not_call, name="do_not_call"),
    path("do-not-call/<int:entry_id>/allow/", do_not_call.allow_number, name="allow_number"),
    path("wallboards/", wallboards.wallboard_list, name="wallboards"),
    path("wallboards/new/", wallboards.new_wallboard, name="new_wallboard"),
    path("wallboards/<int:pk>/", wallboards.edit_wallboard, name="wallboard"),
    path("wallboards/<int:pk>/renew/", wallboards.renew, name="renew_wallboard"),
    path("wallboards/<int:pk>/remove/", wallboards.remove, name="remove_wallboard"),
    path("chats/", chats.chats, name="chats"),
    path("answering/", answering.answering, name="answering"),
    *AWAY_REASONS.addresses(),
    *DIRECTORY.addresses(),
    *CONNECTIONS,
    *PEOPLE,
    *OUTCOMES.addresses(),
    *GROUPS.addresses(),
    *RULES.addresses(),
    *APPROVAL_PLANS.addresses(),
    *QUOTE_PLANS.addresses(),
    *CONTRACT_PLANS.addresses(),
    *CANNED_REPLIES.addresses(),
    *CHECKLISTS.addresses(),
    *TICKETS,
    *GRADES.addresses(),
    *PRODUCTS.addresses(),
    *ESTATES.addresses(),
    *PRICE_LISTS.addresses(),
    *FIELD,
    *CODE_LISTS,
]
