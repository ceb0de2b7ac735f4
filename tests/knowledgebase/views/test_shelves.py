"""The knowledge pages of the desk: who reads what."""

import pytest
from django.test import Client

from crmcore import models
from knowledgebase.actions.editing import Words, save_draft
from knowledgebase.models import Article, Category
from tests.cast import Cast
from tests.knowledgebase.shelf import make_article


def test_strangers_are_asked_to_sign_in(client: Client, tunnels: Article) -> None:
    response = client.get("/kb/")
    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


@pytest.mark.parametrize("path", ["/kb/", "/kb/new/", "/kb/picker/", "/kb/suggest/"])
def test_customers_are_refused(client: Client, cast: Cast, tunnels: Article, path: str) -> None:
    client.force_login(cast.zhao)
    assert client.get(path).status_code == 403


def test_the_list_is_found_by_words_in_either_language(client: Client, cast: Cast, tunnels: Article) -> None:
    client.force_login(cast.mei)
    for words in ("tunnels", "断开"):
        assert tunnels.number in client.get("/kb/", {"q": words}).content.decode()


def test_the_list_says_so_when_nothing_is_found(client: Client, cast: Cast, tunnels: Article) -> None:
    client.force_login(cast.mei)
    page = client.get("/kb/", {"q": "zebra"}).content.decode()
    assert "Nothing about “zebra”" in page


def test_drafts_are_listed_for_those_who_write(client: Client, cast: Cast, tunnels: Article) -> None:
    save_draft(tunnels, by=cast.mei, texts={"en": Words(title="Changed")})
    client.force_login(cast.mei)
    assert tunnels.number in client.get("/kb/", {"need": "draft"}).content.decode()


def test_readers_without_the_right_to_edit_see_no_draft(client: Client, cast: Cast, networks: Category) -> None:
    draft = make_article(networks, by=None, english=("Secret", "Not yet.", "x"), published=False)
    cast.mei.roles.set(models.Role.objects.filter(code="sales"))
    client.force_login(cast.mei)
    assert client.get(f"/kb/{draft.number}/").status_code == 404
    assert draft.number not in client.get("/kb/").content.decode()


def test_an_article_is_shown_in_the_language_asked_for(client: Client, cast: Cast, tunnels: Article) -> None:
    client.force_login(cast.mei)
    assert "隧道断开" in client.get(f"/kb/{tunnels.number}/", {"language": "zh-hans"}).content.decode()


def test_the_list_asks_the_same_number_of_questions_however_long(
    client: Client, cast: Cast, networks: Category, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        make_article(networks, by=None, english=(f"Title {number}", "Short.", "x"))
    client.force_login(cast.mei)
    client.get("/kb/")
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        client.get("/kb/")


def test_a_staff_vote_counts_once(client: Client, cast: Cast, tunnels: Article) -> None:
    client.force_login(cast.mei)
    for _ in range(2):
        client.post(f"/kb/{tunnels.number}/vote/", {"helpful": "yes"})
    tunnels.refresh_from_db()
    assert tunnels.helpful_count == 1
