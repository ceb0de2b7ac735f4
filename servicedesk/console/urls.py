"""Addresses of the console and of its live fragments."""

from django.urls import path

from servicedesk.console.views import calls, chats, customers, desk, owed, palette, promise, tickets, visits

app_name = "console"

urlpatterns = [
    path("", desk.home, name="home"),
    path("bar/", desk.bar, name="bar"),
    path("depth/", desk.depth, name="depth"),
    path("list/", desk.worklist, name="list"),
    path("between/", desk.between, name="between"),
    path("shift/", desk.start_shift, name="shift"),
    path("state/", desk.choose, name="choose"),
    path("phone/", desk.phone, name="phone"),
    path("customer/", customers.side, name="customer"),
    path("customer/more/", customers.more, name="customer_more"),
    path("directory/", palette.directory, name="directory"),
    path("missed/", owed.missed, name="missed"),
    path("visits/", visits.visit_list, name="visits"),
    path("visits/new/", visits.new_visit, name="visit_new"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/finish/", visits.finish, name="visit_finish"),
    path("visits/<int:pk>/answer/", visits.answer, name="visit_answer"),
    path("visits/<int:pk>/tried/", visits.tried, name="visit_tried"),
    path("visits/<int:pk>/move/", visits.move, name="visit_move"),
    path("visits/<int:pk>/hand/", visits.hand, name="visit_hand"),
    path("visits/<int:pk>/drop/", visits.drop, name="visit_drop"),
    path("promise/", promise.promise, name="promise"),
    path("palette/", palette.palette, name="palette"),
    path("take-next/", desk.take, name="take_next"),
    path("tickets/<int:pk>/", tickets.tab, name="ticket"),
    path("calls/<int:pk>/", calls.panel, name="call"),
    path("calls/<int:pk>/head/", calls.head, name="call_head"),
    path("calls/<int:pk>/wrap-up/", calls.wrap_up, name="wrap_up"),
    path("calls/<int:pk>/register/", calls.register, name="register"),
    path("chats/strip/", chats.strip, name="chat_strip"),
    path("chats/list/", chats.rows, name="chat_list"),
    path("chats/offers/<int:seat_id>/accept/", chats.accept, name="chat_accept"),
    path("chats/offers/<int:seat_id>/decline/", chats.decline, name="chat_decline"),
    path("chats/<int:pk>/", chats.tab, name="chat"),
    path("chats/<int:pk>/head/", chats.head, name="chat_head"),
    path("chats/<int:pk>/lines/", chats.lines, name="chat_lines"),
    path("chats/<int:pk>/say/", chats.say, name="chat_say"),
    path("chats/<int:pk>/here/", chats.here, name="chat_here"),
    path("chats/<int:pk>/typing/", chats.typing, name="chat_typing"),
    path("chats/<int:pk>/pass-on/", chats.pass_on, name="chat_pass_on"),
    path("chats/<int:pk>/call/", chats.call, name="chat_call"),
    path("chats/<int:pk>/end/", chats.end, name="chat_end"),
    path("chats/<int:pk>/wrap-up/", chats.wrap_up, name="chat_wrap_up"),
    path("legs/<int:pk>/finish/", calls.finish, name="finish"),
]
