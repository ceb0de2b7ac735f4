"""Addresses of e-mail and files on tickets: those above a ticket's number, and those below it."""

from django.urls import path

from tickets.views import files, mailing, side_conversations

MAIL_ABOVE = [
    path("files/<uuid:public_id>/", files.download, name="file"),
    path("mails/<int:mail_id>/again/", mailing.again, name="mail_again"),
    path("mails/<int:mail_id>/let-in/", mailing.let_in, name="let_in"),
]
MAIL = [
    path("<str:number>/files/", files.add, name="add_file"),
    path("<str:number>/files/<uuid:public_id>/remove/", files.remove, name="remove_file"),
    path("<str:number>/beside/new/", side_conversations.new_side, name="new_side"),
    path("<str:number>/beside/<int:side_id>/", side_conversations.side_conversation, name="side_conversation"),
]
