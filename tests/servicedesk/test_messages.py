"""When a translation counts as complete."""

from babel.messages.catalog import Catalog, Message

from servicedesk.management.commands.messages import fault

PLURAL = ("%(count)s ticket", "%(count)s tickets")


def catalogue(text: str | tuple[str, str], translation: str | tuple[str, ...], *flags: str) -> Catalog:
    made = Catalog(locale="zh_Hans")
    made.add(text, translation, flags=flags)
    return made


def test_translated_text_is_complete() -> None:
    assert not fault(Message("Queue"), catalogue("Queue", "队列"))


def test_text_nobody_translated_is_missing() -> None:
    assert "missing" in fault(Message("Queue"), catalogue("Ticket", "工单"))
    assert "missing" in fault(Message("Queue"), catalogue("Queue", ""))


def test_guess_of_the_merge_is_not_confirmed() -> None:
    assert "not confirmed" in fault(Message("Queue"), catalogue("Queue", "队列", "fuzzy"))


def test_one_chinese_form_serves_both_english_ones() -> None:
    assert not fault(Message(PLURAL), catalogue(PLURAL, ("%(count)s 张工单",)))


def test_placeholder_that_the_text_does_not_fill_is_found() -> None:
    assert "placeholders" in fault(Message("Hello %(name)s"), catalogue("Hello %(name)s", "您好 %(nmae)s"))


def test_placeholder_that_was_dropped_is_found() -> None:
    assert "placeholders" in fault(Message("Hello %(name)s"), catalogue("Hello %(name)s", "您好"))


def test_same_words_in_another_context_are_another_text() -> None:
    assert "missing" in fault(Message("Open", context="status"), catalogue("Open", "打开"))
