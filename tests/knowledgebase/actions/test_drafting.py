"""An answer becomes knowledge: once per ticket, without the customer's data, by who may write."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from crmcore.models import Grant, User
from knowledgebase.actions.drafting import NothingToDraft, draft_from
from knowledgebase.actions.editing import save_draft
from knowledgebase.actions.publishing import publish_article
from knowledgebase.models import Article, Category
from knowledgebase.queries.checks import checks_of
from tests.at_once import at_once
from tests.cast import Cast
from tests.crmcore.conftest import signed_in
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket, resolve_ticket
from tickets.actions.replies import add_note, reply
from tickets.models import Ticket
from tickets.queries.wording import type_called

ANSWER = "您好，赵敏女士：请断电十分钟后重启。如有问题请致电13800138000。"


@pytest.fixture
def ticket(cast: Cast, networks: Category) -> Ticket:
    ensure_ticket_defaults()
    opened = open_ticket(
        by=cast.zhao,
        subject="洗衣机显示 E3",
        type=type_called("repair"),
        queue=cast.support_queue,
        account=cast.account,
        contact=cast.zhao.contact,
        channel="portal",
        body="我是赵敏，机器停了，显示 E3。",
    )
    add_note(opened, by=cast.mei, body="Customer is nervous.")
    reply(opened, by=cast.mei, body="稍等。")
    reply(opened, by=cast.mei, body=ANSWER)
    return resolve_ticket(opened, by=cast.mei)


def source(article: Article) -> str:
    return article.texts.get().body


def test_question_and_answer_stand_in_the_draft_with_personal_data_marked(ticket: Ticket, cast: Cast) -> None:
    article = draft_from(ticket, by=cast.mei)
    assert article.status == "draft"
    assert article.source_language == "zh-hans"
    assert "⟪赵敏⟫，机器停了" in source(article)
    assert "断电十分钟" in source(article)
    assert "⟪13800138000⟫" in source(article)
    assert "nervous" not in source(article)
    assert article.texts.get().title == "洗衣机显示 E3"


def test_an_earlier_answer_can_be_chosen(ticket: Ticket, cast: Cast) -> None:
    first = ticket.interactions.get(body="稍等。")
    assert "断电" not in source(draft_from(ticket, by=cast.mei, entry=first.pk))


def test_a_note_or_foreign_entry_is_no_answer(ticket: Ticket, cast: Cast) -> None:
    note = ticket.interactions.get(body="Customer is nervous.")
    for entry in (note.pk, 0, 10**12):
        with pytest.raises(NothingToDraft):
            draft_from(ticket, by=cast.mei, entry=entry)


def test_marks_stand_against_publishing_until_the_writer_decided(ticket: Ticket, cast: Cast) -> None:
    article = draft_from(ticket, by=cast.mei)
    words = {"title": "E3", "summary": "断电重启。", "body": source(article), "search_words": ""}
    save_draft(article, by=cast.mei, texts={"zh-hans": words})
    assert any("13800138000" in check.words for check in checks_of(article) if check.level == "blocks")
    with pytest.raises(ValidationError):
        publish_article(article, by=cast.mei)
    words["body"] = "请断电十分钟后重启。"
    save_draft(article, by=cast.mei, texts={"zh-hans": words})
    publish_article(Article.objects.get(pk=article.pk), by=cast.mei)
    assert Article.objects.get(pk=article.pk).status == "published"


def test_twice_is_once(ticket: Ticket, cast: Cast) -> None:
    assert draft_from(ticket, by=cast.mei).pk == draft_from(ticket, by=cast.sun).pk


@pytest.mark.django_db(transaction=True)
def test_two_at_once_draft_one(ticket: Ticket, cast: Cast) -> None:
    drafts = at_once(lambda: draft_from(ticket, by=cast.mei), lambda: draft_from(ticket, by=cast.sun))
    assert len({draft.pk for draft in drafts}) == 1


def test_an_open_ticket_and_one_without_an_answer_become_nothing(ticket: Ticket, cast: Cast) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(is_active=True)
    with pytest.raises(NothingToDraft):
        draft_from(Ticket.objects.get(pk=ticket.pk), by=cast.mei)


def test_only_who_may_write_articles_drafts(ticket: Ticket, cast: Cast) -> None:
    Grant.objects.filter(role__code="agent", noun="article", action="create").delete()
    mei = User.objects.get(pk=cast.mei.pk)
    with pytest.raises(PermissionDenied):
        draft_from(ticket, by=mei)
    assert signed_in(mei).post(f"/kb/from/{ticket.number}/").status_code == 403
    assert "Draft an article" not in signed_in(mei).get(f"/tickets/{ticket.number}/").content.decode()
    assert signed_in(cast.omar).post(f"/kb/from/{ticket.number}/").status_code in (403, 404)


def test_from_the_ticket_to_the_editor_and_back(ticket: Ticket, cast: Cast) -> None:
    client = signed_in(cast.mei)
    assert "Draft an article" in client.get(f"/tickets/{ticket.number}/").content.decode()
    answer = client.post(f"/kb/from/{ticket.number}/")
    article = Article.objects.get()
    assert answer["Location"] == f"/kb/{article.number}/edit/"
    for page in (f"/kb/{article.number}/", f"/kb/{article.number}/edit/"):
        assert ticket.number in client.get(page).content.decode()
        assert ticket.number not in signed_in(cast.omar).get(page).content.decode().replace(f"⟪{ticket.number}⟫", "")
    assert f"/kb/{article.number}/" in client.get(f"/tickets/{ticket.number}/").content.decode()
