"""The editor: drafts, publishing, and two people writing at once."""

import pytest
from django.test import Client

from knowledgebase.models import Article, Category
from tests.cast import Cast

ENGLISH = {"en-title": "Add seats", "en-summary": "Open Billing.", "en-body": "Choose a plan."}
NOTHING = {f"zh-hans-{field}": "" for field in ("title", "summary", "body", "search_words")}


def place(category: Category, **more: str) -> dict[str, str]:
    return {"category": str(category.pk), "audience": "everybody", "review_on": "", **NOTHING, **more}


@pytest.fixture
def writer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.mei)
    return client


def test_a_new_article_is_a_draft(writer: Client, networks: Category) -> None:
    writer.post("/kb/new/", place(networks, **ENGLISH))
    article = Article.objects.get()
    assert (article.status, article.texts.get().is_draft) == (Article.Status.DRAFT, True)


def test_publishing_shows_it_at_once(writer: Client, networks: Category) -> None:
    writer.post("/kb/new/", place(networks, do="publish", **ENGLISH))
    assert Article.objects.get().is_public


def test_what_is_missing_is_said_and_the_words_are_kept(writer: Client, networks: Category) -> None:
    page = writer.post("/kb/new/", place(networks, do="publish", **{"en-title": "Only a title"}), follow=True)
    article = Article.objects.get()
    assert article.status == Article.Status.DRAFT
    assert "The summary is missing" in page.content.decode()
    assert "Only a title" in page.content.decode()


def test_whoever_saves_later_is_warned_and_loses_nothing(writer: Client, tunnels: Article, networks: Category) -> None:
    written = place(networks, version="2020-01-01T00:00:00+00:00", **ENGLISH)
    page = writer.post(f"/kb/{tunnels.number}/edit/", written)
    assert page.status_code == 409
    assert "Add seats" in page.content.decode()
    assert not tunnels.texts.filter(is_draft=True).exists()


def test_saving_again_after_the_warning_goes_through(writer: Client, tunnels: Article, networks: Category) -> None:
    written = place(networks, version=tunnels.updated_at.isoformat(), **ENGLISH)
    assert writer.post(f"/kb/{tunnels.number}/edit/", written).status_code == 302
    assert tunnels.texts.get(is_draft=True, language="en").title == "Add seats"


def test_only_those_who_may_delete_archive(writer: Client, cast: Cast, tunnels: Article) -> None:
    assert writer.post(f"/kb/{tunnels.number}/archive/").status_code == 403
    writer.force_login(cast.sun)
    writer.post(f"/kb/{tunnels.number}/archive/")
    tunnels.refresh_from_db()
    assert tunnels.status == Article.Status.ARCHIVED


def test_the_preview_is_safe_and_stores_nothing(writer: Client) -> None:
    page = writer.post("/kb/preview/en/", {"en-body": "**bold** <script>alert(1)</script>"}).content.decode()
    assert "<strong>bold</strong>" in page
    assert "<script>" not in page
    assert not Article.objects.exists()


@pytest.mark.parametrize("path", ["/kb/new/", "/kb/{number}/edit/"])
def test_the_editor_opens(writer: Client, tunnels: Article, path: str) -> None:
    assert writer.get(path.format(number=tunnels.number)).status_code == 200
