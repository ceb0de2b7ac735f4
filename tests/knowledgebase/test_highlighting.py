"""Results show which words were found."""

from knowledgebase.highlighting import marked


def hits(text: str, query: str) -> list[str]:
    return [piece for piece, hit in marked(text, query) if hit]


def test_words_are_marked_by_their_stem() -> None:
    assert hits("Tunnels drop after firmware 7.2.4", "tunnel drops") == ["Tunnels", "drop"]


def test_two_chinese_characters_are_marked_inside_a_run() -> None:
    assert hits("洗碗机显示 E3", "显示") == ["显示"]


def test_a_chinese_sentence_marks_what_it_shares() -> None:
    assert hits("清洗进水滤网", "怎么清洗滤网") == ["清洗", "滤网"]


def test_a_number_with_points_is_one_word() -> None:
    assert hits("Go back from 7.2.4 to 7.2.3", "we run 7.2.3") == ["7.2.3"]


def test_nothing_is_lost_or_added() -> None:
    text = "固件 7.2.4 之后 tunnels 断开"
    assert "".join(piece for piece, _hit in marked(text, "断开 tunnel")) == text


def test_no_query_marks_nothing() -> None:
    assert hits("Anything", "") == []
