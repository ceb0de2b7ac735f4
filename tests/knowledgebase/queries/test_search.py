"""Finding articles with the one tokenizer, in either language."""

import pytest
from django.contrib.auth.models import AnonymousUser

from crmcore.models import User
from knowledgebase.actions.publishing import archive_article
from knowledgebase.models import Article, Category
from knowledgebase.queries.search import Hit, search_articles
from tests.cast import Cast
from tests.knowledgebase.shelf import make_article


def search(words: str, user: User | AnonymousUser | None = None, language: str = "en") -> list[Hit]:
    return search_articles(words, user=user or AnonymousUser(), language=language)


def numbers(found: list[Hit]) -> list[str]:
    return [hit.article.number for hit in found]


@pytest.mark.parametrize("words", ["断开", "隧道", "密钥", "隧道断开", "秒"])
def test_chinese_words_of_one_or_two_characters_are_found(tunnels: Article, words: str) -> None:
    assert numbers(search(words, language="zh-hans")) == [tunnels.number]


@pytest.mark.parametrize("words", ["tunnel drops", "TUNNELS", "dropped tunnels", "firmware", "firmw"])
def test_words_are_found_by_their_stem(tunnels: Article, words: str) -> None:
    assert numbers(search(words)) == [tunnels.number]


@pytest.mark.parametrize("words", ["7.2.4", "3600"])
def test_codes_and_numbers_are_found(tunnels: Article, words: str) -> None:
    assert numbers(search(words)) == [tunnels.number]


def test_phone_numbers_are_found_however_they_are_written(cast: Cast, networks: Category) -> None:
    article = make_article(networks, by=None, english=("Night line", "Call 202-555-0100 at night.", "Any night."))
    assert numbers(search("(202) 555 0100")) == [article.number]
    assert numbers(search("0100")) == [article.number]


def test_the_readers_language_is_shown(tunnels: Article) -> None:
    (hit,) = search("7.2.4", language="zh-hans")
    assert (hit.text.language, hit.is_other_language) == ("zh-hans", False)


def test_an_article_without_the_readers_language_is_shown_and_tagged(cast: Cast, networks: Category) -> None:
    make_article(networks, by=None, english=("Add seats", "Open Billing.", "Choose a plan."))
    (hit,) = search("seats", language="zh-hans")
    assert (hit.text.language, hit.is_other_language) == ("en", True)


def test_articles_in_the_readers_language_come_first(cast: Cast, networks: Category, tunnels: Article) -> None:
    only_english = make_article(networks, by=None, english=("7.2.4 7.2.4", "7.2.4", "7.2.4 7.2.4"))
    assert numbers(search("7.2.4", language="zh-hans")) == [tunnels.number, only_english.number]


def test_titles_weigh_more_than_bodies(cast: Cast, networks: Category) -> None:
    in_body = make_article(networks, by=None, english=("Other", "Something else.", "About the gateway."))
    in_title = make_article(networks, by=None, english=("The gateway", "Something else.", "Nothing."))
    assert numbers(search("gateway")) == [in_title.number, in_body.number]


def test_words_that_customers_use_instead_are_found(cast: Cast, networks: Category) -> None:
    article = make_article(networks, by=None, english=("Rekey timer", "Set it.", "So."), search_words="vpn falls over")
    assert numbers(search("vpn")) == [article.number]


def test_a_whole_question_finds_the_article_with_most_of_its_words(tunnels: Article) -> None:
    assert numbers(search("Why does my tunnel drop every morning since the upgrade?")) == [tunnels.number]


def test_customers_never_find_drafts_or_what_is_for_staff(cast: Cast, networks: Category) -> None:
    make_article(networks, by=None, english=("Secret gateway", "For us.", "x"), audience="staff")
    make_article(networks, by=None, english=("Draft gateway", "Soon.", "x"), published=False)
    assert search("gateway", cast.zhao) == search("gateway") == []
    assert len(search("gateway", cast.mei)) == 2


def test_archived_articles_are_not_found_by_customers(cast: Cast, tunnels: Article) -> None:
    archive_article(tunnels, by=cast.sun)
    assert search("tunnel") == []


@pytest.mark.parametrize("words", ["", "   ", "的", "' | !& :*", "a" * 5000])
def test_nonsense_finds_nothing_and_breaks_nothing(tunnels: Article, words: str) -> None:
    assert search(words) == []
