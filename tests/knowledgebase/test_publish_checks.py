"""What stands in the way of publishing, and what is only worth a look."""

from datetime import date

from knowledgebase.publish_checks import Text, blocking, blocks_behind, check_article

TODAY = date(2026, 11, 21)
WHOLE = Text("Tunnels drop", "Set the timer.", "## Why\n\nBecause.\n\nAnd so.", "vpn")
CHINESE = Text("隧道断开", "设置定时器。", "## 原因\n\n因为。\n\n所以。", "")


def words(level: str, source: Text, translation: Text, review_on: date | None = date(2027, 1, 1)) -> list[str]:
    checks = check_article(source, translation, review_on=review_on, today=TODAY)
    return [check.words for check in checks if check.level == level]


def test_a_whole_article_has_nothing_in_its_way() -> None:
    assert words("blocks", WHOLE, CHINESE) == []
    assert words("look", WHOLE, CHINESE) == []


def test_title_summary_and_text_are_required() -> None:
    assert len(words("blocks", Text(), Text())) == 3


def test_a_missing_translation_is_only_worth_a_look() -> None:
    assert words("blocks", WHOLE, Text()) == []
    assert len(words("look", WHOLE, Text())) == 1


def test_half_a_translation_blocks() -> None:
    assert len(words("blocks", WHOLE, Text(title="隧道断开"))) == 1


def test_a_translation_that_lags_is_counted_in_paragraphs() -> None:
    behind = Text("隧道断开", "设置定时器。", "## 原因\n\n因为。")
    assert blocks_behind(WHOLE, behind) == 1
    assert words("look", WHOLE, behind) == ["The other language is 1 paragraph behind"]


def test_a_passed_review_date_is_worth_a_look() -> None:
    assert words("look", WHOLE, CHINESE, date(2026, 11, 20)) == ["The review date has passed"]


def test_blocking_picks_only_what_blocks() -> None:
    checks = check_article(Text(), Text(), review_on=None, today=TODAY)
    assert {check.level for check in blocking(checks)} == {"blocks"}
