"""The chat page, for customers and strangers alike: first words, lines, what was seen, the end."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crmcore import clock
from servicedesk.portal import chats as own_chats
from servicedesk.portal import once
from servicedesk.portal.forms import ChatForm, ChatLineForm
from servicedesk.portal.frame import customer_or_none, language_of, page
from servicedesk.portal.lines import line_for
from servicedesk.portal.requests import requests_of
from servicedesk.portal.throttle import CHAT_LINES, CHATS
from tickets.actions.chat_ground import ChatMovedOn
from tickets.actions.chat_marks import customer_is_here, tell_typing
from tickets.actions.chats import customer_writes, leave_chat
from tickets.actions.files import FileRefused
from tickets.models import Attachment, Chat, ChatLine, ChatRules
from tickets.queries.chats import lines_of, place_of
from tickets.views.files import handed_out
from tickets.views.sending import sent_files


@require_GET
def chat_page(request: HttpRequest) -> HttpResponse:
    """`/portal/chat/`: `?request=KW-20418` is about that request; a chat that is on goes on, `?new=1` begins."""
    chat = own_chats.shown_chat(request, clock.now())
    if chat is not None and (chat.is_live or "new" not in request.GET):
        return page(request, "chat.html", {"section": "chat", **_standing(chat)})
    return _first_words(request)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin the chat; who has one goes on with it."""
    now = clock.now()
    door = own_chats.chat_door(request, now)
    chat = own_chats.own_chat(request)
    if door is None or (chat is not None and chat.is_live):
        return redirect("portal:chat")
    form = _form(request, door, request.POST)
    problem = _("That was a lot of chats. Please wait a little") if CHATS.is_used_up(request) else ""
    try:
        files = sent_files(request)
    except FileRefused as refusal:
        files, problem = [], str(refusal)
    if problem or not form.is_valid():
        return _first_words(request, form, problem, status=422)
    own_chats.begin(
        request,
        door,
        body=form.cleaned_data["body"],
        once=form.cleaned_data["once"],
        name=form.cleaned_data.get("name", ""),
        email=form.cleaned_data.get("email", ""),
        files=files,
    )
    return redirect("portal:chat")


@require_GET
def standing(request: HttpRequest) -> HttpResponse:
    """The head: the place in line, who is here, or that it is over."""
    return page(request, "_chat_head.html", _standing(_own(request)))


@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """What was said, the latest lines."""
    return page(request, "_chat_lines.html", _standing(_own(request)))


@require_POST
def say(request: HttpRequest) -> HttpResponse:
    """One line. 409 when the chat is over; 422 with the reason for what cannot be sent."""
    chat, form = _own(request), ChatLineForm(request.POST)
    if CHAT_LINES.is_used_up(request):
        return HttpResponse(_("That is a lot of lines in one minute. Please wait a little"), status=422)
    if not form.is_valid():
        return HttpResponse(_("Write a few words first, and not more than 4000 characters"), status=422)
    try:
        files = sent_files(request)
        customer_writes(chat.pk, body=form.cleaned_data["body"], client_id=form.cleaned_data["once"], files=files)
    except FileRefused as refusal:
        return HttpResponse(str(refusal), status=422)
    except ChatMovedOn:
        return HttpResponse(_("This chat is over. Begin a new one"), status=409)
    return HttpResponse(status=204)


@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """The page is open, and shows what it shows."""
    customer_is_here(_own(request), got=_number(request, "got"), read=_number(request, "read"))
    return HttpResponse(status=204)


@require_POST
def typing(request: HttpRequest) -> HttpResponse:
    """The customer types."""
    tell_typing(_own(request), ChatLine.Side.CUSTOMER)
    return HttpResponse(status=204)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The customer ends the chat."""
    leave_chat(_own(request).pk)
    return redirect("portal:chat")


@require_GET
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A file of this chat."""
    files = Attachment.objects.filter(interaction__chat_line__chat=_own(request), is_program=False)
    file = files.filter(public_id=public_id).first()
    if file is None:
        raise Http404(str(public_id))
    return handed_out(file)


def _own(request: HttpRequest) -> Chat:
    chat = own_chats.own_chat(request)
    if chat is None:
        raise Http404("no chat")
    return chat


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _standing(chat: Chat) -> dict[str, Any]:
    now = clock.now()
    return {
        "chat": chat,
        "lines": lines_of(chat),
        "place": place_of(chat, now),
        "may_go_on": not chat.is_live and chat.end != "closed" and ChatRules.current().may_come_back(chat, now),
    }


def _form(request: HttpRequest, door: own_chats.ChatDoor, data: Any = None) -> ChatForm:
    is_known = customer_or_none(request) is not None
    first = {"once": once.fresh(), "name": request.GET.get("name", "")}
    return ChatForm(data, initial=first, is_known=is_known, is_answered=door.is_answered)


def _first_words(
    request: HttpRequest, form: ChatForm | None = None, problem: str = "", *, status: int = 200
) -> HttpResponse:
    now = clock.now()
    user, door = customer_or_none(request), own_chats.chat_door(request, now)
    number = request.GET.get("request", "") or request.POST.get("request", "")
    context = {
        "section": "chat",
        "door": door,
        "line": line_for(language_of(request), now),
        "about": requests_of(user).filter(number=number).first() if user and number else None,
        "form": form or (_form(request, door) if door else None),
        "problem": problem,
    }
    return page(request, "chat_begin.html", context, status=status)
