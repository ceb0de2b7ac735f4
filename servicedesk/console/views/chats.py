"""Chats on the console: what rings, what is in hand, one chat in its tab, and all that its agent does with it."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.models import Queue, User
from crmcore.views.requests import StaffRequest, staff_page
from servicedesk.console.chats import chat_list, colleagues_with_room, strip_context
from tickets.actions.chat_calls import invite_to_call
from tickets.actions.chat_ground import ChatMovedOn
from tickets.actions.chat_marks import agent_has_read, tell_typing
from tickets.actions.chat_offers import accept_chat, decline_chat
from tickets.actions.chat_transfers import NoRoom, pass_chat_on
from tickets.actions.chat_wrap_up import wrap_up_chat
from tickets.actions.chats import agent_writes, finish_chat
from tickets.actions.files import FileRefused, check_file
from tickets.actions.moves import WrongMove
from tickets.mail.file_kinds import LARGEST_BYTES
from tickets.mail.mime import MailFile
from tickets.models import Category, Chat, ChatLine, ChatState
from tickets.queries.chats import chats_near, lines_of, whole_chats

LONGEST = 4000
MOST_FILES = 10


@require_GET
@staff_page("ticket")
def strip(request: StaffRequest) -> HttpResponse:
    """What rings, below the bar of every page."""
    return render(request, "servicedesk/console/_chat_strip.html", strip_context(request.user))


@require_GET
@staff_page("ticket")
def rows(request: StaffRequest) -> HttpResponse:
    """My chats with their unread marks, and those that wait."""
    return render(request, "servicedesk/console/_list_chats.html", chat_list(request.user))


@require_POST
@staff_page("ticket", "edit")
def accept(request: StaffRequest, seat_id: int) -> HttpResponse:
    """Take the chat; the answer says which tab to open, or that somebody was faster."""
    try:
        chat = accept_chat(seat_id, by=request.user)
    except ChatMovedOn:
        return JsonResponse({"title": _("This chat is no longer waiting for you")}, status=409)
    return JsonResponse({"id": f"chat-{chat.pk}", "url": reverse("console:chat", args=[chat.pk])})


@require_POST
@staff_page("ticket")
def decline(request: StaffRequest, seat_id: int) -> HttpResponse:
    """Let somebody else have it."""
    try:
        decline_chat(seat_id, by=request.user)
    except ChatMovedOn:
        return HttpResponse(status=409)
    return HttpResponse(status=204)


@require_GET
@staff_page("ticket")
def tab(request: StaffRequest, pk: int) -> HttpResponse:
    """The chat's tab: fetched once; head and lines live on by themselves, what is typed stays."""
    return render(request, "servicedesk/console/_chat_tab.html", _context(_chat(request.user, pk), request.user))


@require_GET
@staff_page("ticket")
def head(request: StaffRequest, pk: int) -> HttpResponse:
    return render(request, "servicedesk/console/_chat_head.html", _context(_chat(request.user, pk), request.user))


@require_GET
@staff_page("ticket")
def lines(request: StaffRequest, pk: int) -> HttpResponse:
    return render(request, "servicedesk/console/_chat_lines.html", _context(_chat(request.user, pk), request.user))


@require_POST
@staff_page("ticket", "edit")
def say(request: StaffRequest, pk: int) -> HttpResponse:
    """One line. 409 when the chat is somebody else's or over; 422 with the reason for what cannot be sent."""
    body, client_id = request.POST.get("body", "").strip(), request.POST.get("once", "")[:60]
    if not body or len(body) > LONGEST or not client_id:
        return HttpResponse(_("Write a few words first, and not more than 4000 characters"), status=422)
    try:
        agent_writes(pk, by=request.user, body=body, client_id=client_id, files=_files(request))
    except FileRefused as refusal:
        return HttpResponse(str(refusal), status=422)
    except ChatMovedOn:
        return HttpResponse(_("This chat is not running any more"), status=409)
    return HttpResponse(status=204)


@require_POST
@staff_page("ticket")
def here(request: StaffRequest, pk: int) -> HttpResponse:
    """The holder has seen what was said; anybody else only looks on."""
    chat, read = _chat(request.user, pk), request.POST.get("read", "")
    if chat.agent_id == request.user.pk and read.isascii() and read.isdecimal() and len(read) < 10:
        agent_has_read(chat, read=int(read))
    return HttpResponse(status=204)


@require_POST
@staff_page("ticket")
def typing(request: StaffRequest, pk: int) -> HttpResponse:
    chat = _chat(request.user, pk)
    if chat.agent_id == request.user.pk:
        tell_typing(chat, ChatLine.Side.AGENT)
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@staff_page("ticket", "edit")
def pass_on(request: StaffRequest, pk: int) -> HttpResponse:
    """To a queue (`queue:3`) or a colleague (`user:7`), with a note; who could take it is asked when the form opens."""
    problem = _passed_on(request, pk) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        return HttpResponse()
    context = {
        "chat": _chat(request.user, pk),
        "queues": Queue.objects.filter(is_active=True),
        "colleagues": colleagues_with_room(request.user),
        "problem": problem,
        "note": request.POST.get("note", ""),
    }
    return render(request, "servicedesk/console/_chat_pass.html", context, status=422 if problem else 200)


def _passed_on(request: StaffRequest, pk: int) -> str:
    """Why the chat could not be passed on, empty where it was."""
    noun, _sep, number = request.POST.get("to", "").partition(":")
    key = int(number) if number.isascii() and number.isdecimal() else 0
    queue = Queue.objects.filter(pk=key, is_active=True).first() if noun == "queue" else None
    user = User.objects.filter(pk=key, is_active=True, kind=User.Kind.STAFF).first() if noun == "user" else None
    try:
        pass_chat_on(pk, by=request.user, queue=queue, to=user, note=request.POST.get("note", ""))
    except NoRoom:
        return _("Nobody could take it there. Choose somebody else")
    except ChatMovedOn:
        return _("This chat is not running any more")
    return ""


@require_POST
@staff_page("ticket", "edit")
def call(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask the customer to call."""
    try:
        invite_to_call(pk, by=request.user)
    except ChatMovedOn:
        return _head(request, pk, _("Nobody can be asked to call here"))
    return _head(request, pk, "")


@require_POST
@staff_page("ticket", "edit")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """End the chat; the wrap-up stands where its composer stood."""
    try:
        finish_chat(pk, by=request.user)
    except ChatMovedOn:
        return _head(request, pk, _("This chat is not running any more"))
    return _head(request, pk, "")


@require_POST
@staff_page("ticket", "edit")
def wrap_up(request: StaffRequest, pk: int) -> HttpResponse:
    """What is left to say on the ticket, and what becomes of it."""
    then = {"waiting": Category.WAITING_CUSTOMER, "solved": Category.SOLVED}.get(request.POST.get("then", ""))
    note, subject = request.POST.get("note", "").strip(), request.POST.get("subject", "").strip()[:200]
    try:
        wrap_up_chat(pk, by=request.user, note=note, subject=subject, then=then or "")
    except WrongMove as refusal:
        return HttpResponse(str(refusal), status=422)
    except ChatMovedOn:
        return HttpResponse(_("This chat runs again"), status=409)
    return JsonResponse({"closed": f"chat-{pk}"})


def _chat(user: User, pk: int) -> Chat:
    found = whole_chats().filter(pk__in=chats_near(user).filter(pk=pk).values("pk")).first()
    if found is None:
        raise Http404(str(pk))
    return found


def _head(request: StaffRequest, pk: int, problem: str) -> HttpResponse:
    context = {**_context(_chat(request.user, pk), request.user), "problem": problem}
    return render(request, "servicedesk/console/_chat_head.html", context)


def _context(chat: Chat, user: User) -> dict[str, Any]:
    is_mine = chat.agent_id == user.pk
    is_running = chat.state == ChatState.TALKING
    return {
        "user": user,
        "chat": chat,
        "lines": lines_of(chat),
        "is_mine": is_mine,
        "holds": is_mine and is_running,
        "wraps_up": is_mine and chat.state == ChatState.ENDED and chat.wrapped_at is None,
    }


def _files(request: StaffRequest) -> list[MailFile]:
    sent = request.FILES.getlist("files")
    if len(sent) > MOST_FILES:
        raise FileRefused(_("Send %(most)d files at most.") % {"most": MOST_FILES})
    files = [MailFile(one.name or "", bytes(one.read(LARGEST_BYTES + 1)), "") for one in sent]
    for file in files:
        check_file(file.name, file.data)
    return files
