"""Suggestions before anybody searches."""

from knowledgebase.actions.usage import record_use
from knowledgebase.models import Article, Category
from knowledgebase.queries.suggestions import suggest
from tests.cast import Cast
from tests.knowledgebase.shelf import make_article


def test_a_subject_brings_the_article_that_answers_it(cast: Cast, tunnels: Article) -> None:
    found = suggest("Tunnel to Ellery Dock drops every 40 minutes", cast.support_queue, cast.mei, "en")
    assert [hit.article for hit in found] == [tunnels]


def test_the_queues_own_articles_come_first(cast: Cast, networks: Category) -> None:
    elsewhere = Category.objects.create(name="Billing", slug="billing")
    other = make_article(elsewhere, by=None, english=("Slow invoices", "Wait.", "x"))
    own = make_article(networks, by=None, english=("Slow tunnels", "Wait.", "x"))
    assert [hit.article for hit in suggest("slow", cast.support_queue, cast.mei, "en")] == [own, other]


def test_without_words_the_queues_most_used_articles_are_shown(
    cast: Cast, networks: Category, tunnels: Article
) -> None:
    often = make_article(networks, by=None, english=("Often", "Used.", "x"))
    record_use(often, by=cast.mei)
    assert [hit.article for hit in suggest("", cast.support_queue, cast.mei, "en")] == [often, tunnels]


def test_without_words_and_queue_nothing_is_guessed(cast: Cast, tunnels: Article) -> None:
    assert suggest("", None, cast.mei, "en") == []


def test_a_common_word_alone_does_not_drag_weak_articles_in(cast: Cast, networks: Category, tunnels: Article) -> None:
    make_article(networks, by=None, english=("Wi-Fi guests", "Give guests a code.", "After a reboot it is gone."))
    found = suggest("tunnels drop after firmware", cast.support_queue, cast.mei, "en")
    assert [hit.article for hit in found] == [tunnels]
