"""The tokenizer: what is written and what is looked for meet in the same lexemes."""

import pytest

from crmcore import text_search


def lexemes(text: str) -> set[str]:
    return {lexeme for lexeme, _is_word in text_search.document_tokens(text)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ１２", "abc12"),
        ("洗衣機報修", "洗衣机报修"),
        ("Nguyễn", "nguyen"),
        ("STRASSE", "straße"),
        ("Łódź", "lodz"),
        ("ﬁx", "fix"),
    ],
)
def test_fold_makes_one_spelling(one: str, other: str) -> None:
    assert text_search.fold(one) == text_search.fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("router", "routers"),
        ("routing", "routed"),
        ("batteries", "battery"),
        ("boxes", "box"),
        ("dropping", "dropped"),
        ("firmware", "Firmware"),
        ("wi-fi", "WiFi"),
        ("KB-312", "kb312"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert lexemes(one) & lexemes(other)


@pytest.mark.parametrize("word", ["bus", "status", "glass", "ring", "bed"])
def test_short_words_keep_their_ending(word: str) -> None:
    assert text_search.query_terms(f"{word} x").startswith(f"'{word}'")


def test_chinese_is_indexed_as_words_and_pairs() -> None:
    assert {"路由器", "断线", "由器", "器断"} <= lexemes("路由器断线")


def test_words_outweigh_pairs() -> None:
    literal = text_search.index_text({"A": "路由器断线"})
    assert "'路由器':2A" in literal
    assert "'器断':3D" in literal


def test_weights_follow_the_parts() -> None:
    literal = text_search.index_text({"A": "router", "B": "tunnel router"})
    assert literal == "'router':1A,3B 'tunnel':2B"


def test_single_character_is_sought_by_prefix_and_the_last_one_is_indexed() -> None:
    assert text_search.query_terms("修") == "'修':*"
    assert "修" in lexemes("报修")


def test_phone_is_found_by_its_tail() -> None:
    assert {"13800138000", "8000", "38000", "00138000"} <= lexemes("请回电 138-0013-8000")
    assert "'00138000'" in text_search.query_terms("+86 138 0013 8000")


def test_last_word_may_be_unfinished() -> None:
    assert text_search.query_terms("router drop") == "'router' & 'drop':*"


def test_any_word_is_enough_when_asked() -> None:
    assert text_search.query_terms("router drop", any_word=True) == "'router' | 'drop'"


def test_stop_words_do_not_take_part() -> None:
    assert text_search.query_terms("the router is on") == "'router'"
    assert text_search.query_terms("the") == ""
    assert "'什么'" not in text_search.query_terms("路由器是什么", any_word=True)


@pytest.mark.parametrize("text", ["", "   ", "!!! ???", "'; drop", "a & b | !c:*", "\\'", "😀"])
def test_query_never_carries_raw_operators(text: str) -> None:
    terms = text_search.query_terms(text)
    assert "!" not in terms
    assert "\\" not in terms
    assert ";" not in terms


def test_chinese_question_asks_for_its_telling_words_or_for_its_pairs() -> None:
    terms = text_search.query_terms("路由器断线了怎么办")
    assert "'路由器' & '断线'" in terms
    assert "怎么办" not in terms


def test_very_long_queries_are_cut() -> None:
    assert len(text_search.query_terms("router " * 1000)) < 1000


def test_words_longer_than_the_index_takes_are_left_out() -> None:
    assert text_search.index_text({"C": f"leak {'x' * 2047} tap"}) == "'leak':1C 'tap':2C"
