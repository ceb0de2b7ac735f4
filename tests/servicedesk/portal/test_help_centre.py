"""The public help centre."""

import pytest
from django.test import Client

from knowledgebase.models import Article, ArticleVote, Category
from tests.cast import Cast
from tests.knowledgebase.shelf import make_article


@pytest.fixture
def topic(cast: Cast) -> Category:
    return Category.objects.create(name="Faults", name_zh="故障", slug="faults", icon="tool")


@pytest.fixture
def e3(topic: Category) -> Article:
    return make_article(
        topic,
        by=None,
        english=("Dishwasher shows E3", "Too little water.", "Lead.\n\n## 1. Open the tap\n\nTo the left."),
        chinese=("洗碗机显示 E3", "进水不足。", "导语。\n\n## 1. 打开水龙头\n\n向左拧。"),
    )


def text_of(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200, path
    return response.content.decode()


def test_articles_are_read_without_signing_in(client: Client, e3: Article) -> None:
    assert "Open the tap" in text_of(client, f"/portal/help/{e3.number}/")


@pytest.mark.parametrize("words", ["显示", "进水", "dishwasher", "E3"])
def test_words_of_two_characters_are_found(client: Client, e3: Article, words: str) -> None:
    assert e3.number in text_of(client, "/portal/help/", q=words)


def test_both_languages_stand_side_by_side(client: Client, e3: Article) -> None:
    page = text_of(client, f"/portal/help/{e3.number}/", language="both")
    assert page.index("Open the tap") < page.index("打开水龙头") < page.index("Did this solve it?")


def test_the_readers_language_comes_first(client: Client, e3: Article) -> None:
    client.cookies["django_language"] = "zh-hans"
    page = text_of(client, f"/portal/help/{e3.number}/")
    assert "打开水龙头" in page
    assert "Open the tap" not in page


def test_a_missing_language_is_said(client: Client, topic: Category) -> None:
    only = make_article(topic, by=None, english=("Only English", "Short.", "Text."))
    client.cookies["django_language"] = "zh-hans"
    assert "sd-badge" in text_of(client, f"/portal/help/{only.number}/")


def test_what_is_not_public_is_not_there(client: Client, cast: Cast, topic: Category) -> None:
    draft = make_article(topic, by=None, english=("Draft", "Short.", "Text."), published=False)
    internal = make_article(topic, by=None, english=("Internal", "Short.", "Text."), audience="staff")
    for user in (None, cast.zhao, cast.mei):
        if user:
            client.force_login(user)
        for article in (draft, internal):
            assert client.get(f"/portal/help/{article.number}/").status_code == 404


def test_markdown_cannot_run_anything(client: Client, topic: Category) -> None:
    evil = make_article(
        topic, by=None, english=("<b>x</b>", "<i>y</i>", "<script>alert(1)</script> [x](javascript:alert(1))")
    )
    page = text_of(client, f"/portal/help/{evil.number}/")
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<b>x</b>" not in page


def test_a_stranger_votes_once_per_session(client: Client, e3: Article) -> None:
    for _ in range(2):
        client.post(f"/portal/help/{e3.number}/vote/", {"helpful": "yes"})
    e3.refresh_from_db()
    assert e3.helpful_count == 1
    assert ArticleVote.objects.get().voter.startswith("session:")


def test_no_leads_to_words_and_to_a_request(client: Client, e3: Article) -> None:
    answer = client.post(f"/portal/help/{e3.number}/vote/", {"helpful": "no"}, follow=True)
    assert f"/portal/requests/new/?article={e3.number}" in answer.content.decode()
    client.post(f"/portal/help/{e3.number}/vote/", {"helpful": "no", "comment": "No picture"})
    assert ArticleVote.objects.get().comment == "No picture"


def test_votes_are_limited(client: Client, e3: Article) -> None:
    answers = [client.post(f"/portal/help/{e3.number}/vote/", {"helpful": "yes"}).status_code for _ in range(31)]
    assert answers[-1] == 429


def test_the_first_page_offers_topics_and_search(client: Client, e3: Article) -> None:
    page = text_of(client, "/portal/")
    assert "/portal/help/topic/faults/" in page
    assert 'name="q"' in page


def test_a_topic_lists_its_articles(client: Client, e3: Article) -> None:
    assert e3.public_url in text_of(client, "/portal/help/topic/faults/")
