"""Addresses of what is done with tickets as a whole: merged, split, linked, watched, solved with what hangs on them."""

from django.urls import path

from tickets.views import linking, merging, my_todos, picking, products, side_forms, solving, splitting, viewers

# Before the addresses that begin with a ticket's number.
ABOVE = [
    path("tasks/", my_todos.my_todo_list, name="todos"),
    path("tags/", side_forms.tag_choices, name="tag_choices"),
]

WORK = [
    path("<str:number>/viewers/", viewers.viewers_of, name="viewers"),
    path("<str:number>/people/", picking.people, name="people"),
    path("<str:number>/replies/", picking.replies, name="replies"),
    path("<str:number>/merge/", merging.merge, name="merge"),
    path("<str:number>/part/", merging.part, name="part"),
    path("<str:number>/link/", linking.link, name="link"),
    path("<str:number>/link/<int:link_id>/remove/", linking.unlink, name="unlink"),
    path("<str:number>/split/", splitting.split, name="split"),
    path("<str:number>/solve/", solving.solve, name="solve"),
    path("<str:number>/product/", products.choose, name="product"),
    path("<str:number>/tags/", side_forms.tags, name="tags"),
    path("<str:number>/tasks/add/", side_forms.add, name="todo_add"),
    path("<str:number>/tasks/tick/", side_forms.tick, name="todo_tick"),
    path("<str:number>/tasks/give/", side_forms.give, name="todo_give"),
    path("<str:number>/tasks/remove/", side_forms.remove, name="todo_remove"),
    path("<str:number>/timer/", side_forms.timer, name="timer"),
    path("<str:number>/time/", side_forms.time, name="time"),
    path("<str:number>/time/correct/", side_forms.correct, name="time_correct"),
    path("<str:number>/approvals/", side_forms.ask_approval, name="ask_approval"),
    path("<str:number>/watch/", side_forms.watch, name="watch"),
    path("<str:number>/remind/", side_forms.reminder, name="remind"),
]
