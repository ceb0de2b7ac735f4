"""Deciding what readers see."""

import pytest
from django.core.exceptions import ValidationError

from knowledgebase.actions.editing import Words, create_article, save_draft
from knowledgebase.actions.publishing import archive_article, discard_draft, publish_article
from knowledgebase.models import Article, Category
from tests.cast import Cast


def test_publishing_puts_the_draft_in_place_of_the_public_words(cast: Cast, tunnels: Article) -> None:
    save_draft(tunnels, by=cast.mei, texts={"en": Words(title="Changed")})
    publish_article(tunnels, by=cast.mei)
    assert [(text.title, text.is_draft) for text in tunnels.texts.filter(language="en")] == [("Changed", False)]
    assert tunnels.texts.filter(language="zh-hans", is_draft=False).exists()


def test_publishing_twice_changes_nothing(cast: Cast, tunnels: Article) -> None:
    before = Article.objects.get(pk=tunnels.pk).published_at
    publish_article(tunnels, by=cast.mei)
    assert Article.objects.get(pk=tunnels.pk).published_at == before


def test_an_unfinished_article_is_not_published(cast: Cast, networks: Category) -> None:
    article = create_article(by=cast.mei, category=networks, texts={"en": Words(title="Only a title")})
    with pytest.raises(ValidationError) as refused:
        publish_article(article, by=cast.mei)
    assert len(refused.value.messages) == 2
    assert Article.objects.get(pk=article.pk).status == Article.Status.DRAFT


def test_a_discarded_draft_leaves_the_public_words(cast: Cast, tunnels: Article) -> None:
    save_draft(tunnels, by=cast.mei, texts={"en": Words(title="Changed")})
    discard_draft(tunnels, by=cast.mei)
    assert not tunnels.texts.filter(is_draft=True).exists()
    assert tunnels.texts.count() == 2


def test_what_was_never_public_is_not_discarded(cast: Cast, networks: Category) -> None:
    article = create_article(by=cast.mei, category=networks, texts={"en": Words(title="New")})
    discard_draft(article, by=cast.mei)
    assert article.texts.count() == 1


def test_archived_articles_are_gone_for_customers_and_come_back(cast: Cast, tunnels: Article) -> None:
    for _ in range(2):
        archive_article(tunnels, by=cast.sun)
    assert not Article.objects.visible_to(cast.zhao).exists()
    publish_article(tunnels, by=cast.sun)
    assert Article.objects.visible_to(cast.zhao).exists()
