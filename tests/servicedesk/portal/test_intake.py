"""From a customer's words to a subject and a queue."""

from datetime import UTC, datetime

import pytest

from crmcore.models import Queue
from servicedesk.portal.intake import SUBJECT_LENGTH, account_of, first_answer_by, queue_for, subject_of
from tests.cast import Cast
from tickets.queries.wording import type_called

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("The light flickers. It began on Monday.", "The light flickers"),
        ("Version 7.2.4 drops the tunnel", "Version 7.2.4 drops the tunnel"),
        ("洗碗机显示E3。昨天开始的。", "洗碗机显示E3"),
        ("\n\n  Hello\nworld", "Hello"),
        ("Is anybody there? Hello?", "Is anybody there?"),
        ("", ""),
    ],
)
def test_the_first_sentence_becomes_the_subject(text: str, subject: str) -> None:
    assert subject_of(text) == subject


@pytest.mark.parametrize("text", ["word " * 60, "字" * 300])
def test_a_long_sentence_is_cut(text: str) -> None:
    assert len(subject_of(text)) <= SUBJECT_LENGTH
    assert subject_of(text).endswith("…")


def test_repairs_and_complaints_go_to_their_own_desks(cast: Cast) -> None:
    repairs = Queue.objects.create(code="repairs", name="Repairs", team=cast.support)
    assert queue_for(type_called("repair"), "en") == repairs
    assert queue_for(type_called("request"), "en") == cast.support_queue


def test_a_language_has_its_desk(cast: Cast) -> None:
    chinese = Queue.objects.create(code="chinese_desk", name="Chinese", language="zh-hans", team=cast.support)
    assert queue_for(type_called("request"), "zh-hans") == chinese


def test_the_main_account_speaks(cast: Cast) -> None:
    assert account_of(cast.zhao) == cast.account


def test_the_promise_is_known_before_sending(cast: Cast) -> None:
    promised = first_answer_by(cast.zhao, type_called("request"), "normal", NOW)
    assert promised is not None
    assert promised > NOW
