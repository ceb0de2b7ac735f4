"""The picker and the suggestions beside the work."""

import pytest
from django.test import Client

from knowledgebase.models import Article, ArticleUse
from tests.cast import Cast
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket
from tickets.models import Ticket
from tickets.queries.wording import type_called


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    ensure_ticket_defaults()
    return open_ticket(
        by=cast.mei,
        subject="Tunnel drops again",
        type=type_called("request"),
        queue=cast.support_queue,
        account=cast.account,
        contact=cast.zhao.contact,
        channel="call",
        assignee=cast.mei,
    )


def test_the_picker_offers_words_to_insert(client: Client, cast: Cast, tunnels: Article) -> None:
    client.force_login(cast.mei)
    page = client.get("/kb/picker/", {"q": "tunnel"}).content.decode()
    assert "data-insert-text=" in page
    assert f"http://testserver/portal/help/{tunnels.number}/" in page
    assert "Set the rekey timer to 3600 seconds." in page


def test_without_words_the_picker_offers_what_fits_the_ticket(
    client: Client, cast: Cast, tunnels: Article, ticket: Ticket
) -> None:
    client.force_login(cast.mei)
    assert tunnels.number in client.get("/kb/picker/", {"ticket": ticket.pk}).content.decode()


def test_the_words_are_in_the_customers_language(client: Client, cast: Cast, tunnels: Article, ticket: Ticket) -> None:
    type(ticket.contact).objects.filter(pk=ticket.contact_id).update(language="zh-hans")
    client.force_login(cast.mei)
    page = client.get("/kb/picker/", {"q": "7.2.4", "ticket": ticket.pk}).content.decode()
    assert "把密钥更新时间设为 3600 秒。" in page


def test_a_ticket_out_of_reach_is_as_good_as_none(client: Client, cast: Cast, tunnels: Article, ticket: Ticket) -> None:
    client.force_login(cast.omar)
    client.post(f"/kb/{tunnels.number}/use/", {"ticket": ticket.pk})
    assert ArticleUse.objects.get().ticket is None


def test_suggestions_follow_the_subject(client: Client, cast: Cast, tunnels: Article) -> None:
    client.force_login(cast.mei)
    page = client.get("/kb/suggest/", {"subject": "隧道断开", "queue": cast.support_queue.pk}).content.decode()
    assert tunnels.number in page


def test_articles_for_staff_are_cited_without_a_link(client: Client, cast: Cast, tunnels: Article) -> None:
    Article.objects.filter(pk=tunnels.pk).update(audience="staff")
    client.force_login(cast.mei)
    page = client.get("/kb/picker/", {"q": "tunnel"}).content.decode()
    assert "/portal/help/" not in page


def test_use_is_counted_once_per_ticket(client: Client, cast: Cast, tunnels: Article, ticket: Ticket) -> None:
    client.force_login(cast.mei)
    for _ in range(2):
        assert client.post(f"/kb/{tunnels.number}/use/", {"ticket": ticket.pk}).status_code == 204
    tunnels.refresh_from_db()
    assert tunnels.used_count == 1
