"""What a new desk ships with can be sent as it is."""

import pytest

from tickets.models import CannedReply
from tickets.placeholders import unknown_in
from tickets.shipped_replies import REPLIES


def test_a_new_desk_has_canned_replies_in_both_languages(db: None) -> None:
    assert set(CannedReply.objects.exclude(body_zh="").values_list("code", flat=True)) >= {row[0] for row in REPLIES}


@pytest.mark.parametrize("body", [text for row in REPLIES for text in row[3:]])
def test_no_shipped_reply_has_a_place_that_does_not_exist(body: str) -> None:
    assert unknown_in(body) == []
