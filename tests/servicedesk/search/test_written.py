"""What is typed into the one box: words and filters apart, in both languages, nothing lost."""

import pytest

from servicedesk.search.written import read


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ("E3 发票", "E3 发票", []),
        ("type:complaint owner:me 发票", "发票", [("type", "complaint"), ("owner", "me")]),
        ("类型：投诉 负责人:me 发票", "发票", [("type", "投诉"), ("owner", "me")]),
        ('stage:"Site inspection" leak', "leak", [("stage", "Site inspection")]),
        ("error:42 at 10:30", "error:42 at 10:30", []),
        ('"no dial tone"', "no dial tone", []),
        ("TYPE:Repair type:Repair", "", [("type", "Repair")]),
        ("type: complaint", "type: complaint", []),
        ("", "", []),
    ],
)
def test_words_and_filters(text: str, words: str, filters: list[tuple[str, str]]) -> None:
    written = read(text)
    assert (written.words, written.filters) == (words, filters)


def test_text_without_one_filter_keeps_the_rest() -> None:
    written = read('type:complaint stage:"Site inspection" 发票')
    assert written.without("type", "complaint") == 'stage:"Site inspection" 发票'
    assert read(written.without("type", "complaint")).filters == [("stage", "Site inspection")]


def test_endless_text_is_cut() -> None:
    assert len(read("x" * 10_000).text) == 300
