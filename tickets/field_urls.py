"""Addresses of field work: the technician's phone, and the office that sends them out."""

from django.urls import path

from tickets.views import dispatching, surge, visits

app_name = "field"

urlpatterns = [
    path("", visits.today, name="today"),
    path("board/", dispatching.board, name="board"),
    path("surge/", surge.surge, name="surge"),
    path("surge/<slug:way>/<int:pk>/", surge.place, name="surge_place"),
    path("surge/<slug:way>/<int:pk>/tie/", surge.tie, name="surge_tie"),
    path("repeats/", surge.repeats, name="repeats"),
    path("new/", dispatching.new_order, name="new"),
    path("files/<uuid:public_id>/", visits.file, name="file"),
    path("<str:number>/", visits.order, name="order"),
    path("<str:number>/head/", visits.head, name="head"),
    path("<str:number>/plan/", dispatching.plan, name="plan"),
    path("<str:number>/move/", dispatching.move, name="move"),
    path("<str:number>/give/", dispatching.give, name="give"),
    path("<str:number>/confirm/", dispatching.confirm, name="confirm"),
    path("<str:number>/book/", dispatching.book_slot, name="book"),
    path("<str:number>/cancel/", dispatching.cancel, name="cancel"),
    path("<str:number>/step/", visits.step, name="step"),
    path("<str:number>/decline/", visits.decline_order, name="decline"),
    path("<str:number>/check/", visits.check, name="check"),
    path("<str:number>/photos/", visits.photos, name="photos"),
    path("<str:number>/signature/", visits.signature, name="signature"),
    path("<str:number>/costs/", visits.costs, name="costs"),
    path("<str:number>/done/", visits.done, name="done"),
    path("<str:number>/failed/", visits.failed, name="failed"),
]
