"""Notices: told once, in the reader's language, to staff only, and live."""

import pytest
from django.utils.translation import gettext_lazy as _

from crmcore.actions.notices import notify, notify_all, read_all, read_notice
from crmcore.models import LiveEvent, Notice, NoticeKind
from crmcore.queries.notices import unread_count
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_each_reader_is_told_in_their_own_language(cast: Cast) -> None:
    cast.sun.language = "zh-hans"
    cast.sun.save()
    notify_all([cast.mei, cast.sun], NoticeKind.OVERDUE, _("Overdue"), url="/tickets/T-1/")
    said = dict(Notice.objects.values_list("user__username", "text"))
    assert said["mei"] == "Overdue"
    assert said["sun"] != "Overdue"


def test_facts_stand_in_the_sentence(cast: Cast) -> None:
    notify(cast.mei, NoticeKind.MENTION, "%(who)s asks", facts={"who": _("Overdue")}, url="/tickets/T-1/")
    assert Notice.objects.get().text == "Overdue asks"


def test_a_key_is_told_once_however_often_it_is_said(cast: Cast) -> None:
    for _again in range(3):
        notify(cast.mei, NoticeKind.REMINDER, "Call Zhao", url="/tickets/T-1/", key="reminder:7")
    assert unread_count(cast.mei) == 1


def test_without_a_key_the_same_may_be_told_again(cast: Cast) -> None:
    for _again in range(2):
        notify(cast.mei, NoticeKind.REMINDER, "Call Zhao", url="/tickets/T-1/")
    assert unread_count(cast.mei) == 2


def test_customers_and_people_who_left_are_told_nothing(cast: Cast) -> None:
    cast.omar.is_active = False
    cast.omar.save()
    notify_all([cast.zhao, cast.omar], NoticeKind.OVERDUE, "Overdue", url="/tickets/T-1/")
    assert not Notice.objects.exists()


def test_a_long_text_is_cut_and_never_refused(cast: Cast) -> None:
    notify(cast.mei, NoticeKind.MENTION, "x" * 400, url="/tickets/T-1/")
    assert len(Notice.objects.get().text) == 300


def test_telling_and_reading_move_the_bell_on_open_screens(cast: Cast) -> None:
    notify(cast.mei, NoticeKind.MENTION, "Look", url="/tickets/T-1/")
    assert LiveEvent.objects.get().topic == f"agent:{cast.mei.pk}"
    LiveEvent.objects.all().delete()
    notice = Notice.objects.get()
    read_notice(notice)
    read_notice(notice)
    assert LiveEvent.objects.count() == 1
    assert unread_count(cast.mei) == 0


def test_marking_all_as_read_leaves_those_of_others(cast: Cast) -> None:
    notify_all([cast.mei, cast.sun], NoticeKind.OVERDUE, "Overdue", url="/tickets/T-1/")
    read_all(cast.mei)
    assert (unread_count(cast.mei), unread_count(cast.sun)) == (0, 1)
