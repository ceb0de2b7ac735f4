"""`/tickets/tasks/`: what the reader has to do."""

from django.http import HttpResponse
from django.shortcuts import render

from crmcore.clock import now
from crmcore.views.requests import StaffRequest, staff_page
from tickets.queries.my_todos import late, my_todos


@staff_page("ticket")
def my_todo_list(request: StaffRequest) -> HttpResponse:
    page = my_todos(request.user, request.GET.get("at", ""))
    return render(request, "tickets/todos.html", {"rows": late(page, now()), "page": page})
