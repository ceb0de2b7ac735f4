"""Addresses of the console and of its live fragments."""

from django.urls import path

from servicedesk.console.views import calls, customers, desk, owed, palette, promise, tickets

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
    path("promise/", promise.promise, name="promise"),
    path("palette/", palette.palette, name="palette"),
    path("take-next/", desk.take, name="take_next"),
    path("tickets/<int:pk>/", tickets.tab, name="ticket"),
    path("calls/<int:pk>/", calls.panel, name="call"),
    path("calls/<int:pk>/head/", calls.head, name="call_head"),
    path("calls/<int:pk>/wrap-up/", calls.wrap_up, name="wrap_up"),
    path("calls/<int:pk>/register/", calls.register, name="register"),
    path("legs/<int:pk>/finish/", calls.finish, name="finish"),
]
