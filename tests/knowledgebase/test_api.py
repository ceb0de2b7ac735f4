"""Articles over the REST API."""

import pytest
from django.test import Client

from crmcore.actions.people import issue_token
from crmcore.models import User
from knowledgebase.actions.editing import Words, save_draft
from knowledgebase.models import Article, Category
from tests.cast import Cast
from tests.knowledgebase.shelf import make_article

TEXT = {"language": "en", "title": "Add seats", "summary": "Open Billing.", "body": "Choose.", "search_words": ""}


def api(user: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {issue_token(user, 'test', by=user)}"})


def test_articles_are_read_with_their_texts(cast: Cast, tunnels: Article) -> None:
    found = api(cast.mei).get(f"/api/v1/articles/{tunnels.number}/").json()
    assert {text["language"] for text in found["texts"]} == {"en", "zh-hans"}


def test_without_a_token_nothing_is_read(client: Client, tunnels: Article) -> None:
    assert client.get("/api/v1/articles/").status_code in (401, 403)


def test_a_new_article_is_a_draft_until_published(cast: Cast, networks: Category) -> None:
    client = api(cast.mei)
    body = {"category": "networks", "texts": [TEXT]}
    made = client.post("/api/v1/articles/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    assert made.json()["status"] == "draft"
    assert client.post(f"/api/v1/articles/{number}/publish/").json()["status"] == "published"


def test_publishing_an_unfinished_article_names_what_is_missing(cast: Cast, networks: Category) -> None:
    draft = make_article(networks, by=None, english=("Only a title", "", ""), published=False)
    answer = api(cast.mei).post(f"/api/v1/articles/{draft.number}/publish/")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_change_waits_as_a_draft(cast: Cast, tunnels: Article) -> None:
    change = {"texts": [{"language": "en", "title": "Changed"}]}
    answer = api(cast.mei).patch(f"/api/v1/articles/{tunnels.number}/", change, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert tunnels.texts.get(language="en", is_draft=False).title != "Changed"


def test_those_who_may_not_edit_read_no_drafts(cast: Cast, tunnels: Article) -> None:
    save_draft(tunnels, by=cast.mei, texts={"en": Words(title="Changed")})
    cast.omar.roles.set(type(cast.omar.roles.first()).objects.filter(code="sales"))  # type: ignore[union-attr]
    found = api(cast.omar).get(f"/api/v1/articles/{tunnels.number}/").json()
    assert not [text for text in found["texts"] if text["is_draft"]]


@pytest.mark.parametrize("words", ["断开", "tunnels"])
def test_articles_are_searched(cast: Cast, tunnels: Article, words: str) -> None:
    found = api(cast.mei).get("/api/v1/articles/", {"q": words}).json()
    assert [row["number"] for row in found["results"]] == [tunnels.number]


def test_archiving_needs_the_right_to_delete(cast: Cast, tunnels: Article) -> None:
    assert api(cast.mei).post(f"/api/v1/articles/{tunnels.number}/archive/").status_code == 403
    assert api(cast.sun).post(f"/api/v1/articles/{tunnels.number}/archive/").json()["status"] == "archived"
