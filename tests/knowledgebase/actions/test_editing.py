"""Writing articles: drafts wait beside what readers see."""

from crmcore.models import AuditEntry
from knowledgebase.actions.editing import Words, create_article, save_draft, set_place
from knowledgebase.models import Article, Category
from tests.cast import Cast


def test_numbers_run_on(cast: Cast, networks: Category) -> None:
    first, second = (create_article(by=cast.mei, category=networks, texts={}) for _ in range(2))
    assert int(second.number.removeprefix("KB-")) == int(first.number.removeprefix("KB-")) + 1


def test_an_empty_language_leaves_no_row(cast: Cast, networks: Category) -> None:
    texts = {"en": Words(title="Tap"), "zh-hans": Words(title="", summary="", body="", search_words="")}
    article = create_article(by=cast.mei, category=networks, texts=texts)
    assert [text.language for text in article.texts.all()] == ["en"]


def test_saving_leaves_the_public_words_alone(cast: Cast, tunnels: Article) -> None:
    save_draft(tunnels, by=cast.mei, texts={"en": Words(title="Changed")})
    public = tunnels.texts.get(language="en", is_draft=False)
    draft = tunnels.texts.get(language="en", is_draft=True)
    assert (public.title, draft.title) == ("Tunnels drop after firmware 7.2.4", "Changed")
    assert draft.summary == public.summary


def test_saving_the_same_words_changes_nothing(cast: Cast, tunnels: Article) -> None:
    same = Words(title="Tunnels drop after firmware 7.2.4")
    assert save_draft(tunnels, by=cast.mei, texts={"en": same}) is False
    assert not tunnels.texts.filter(is_draft=True).exists()


def test_every_change_is_audited(cast: Cast, tunnels: Article) -> None:
    save_draft(tunnels, by=cast.mei, texts={"en": Words(title="Changed")})
    entry = AuditEntry.objects.get(verb="article.written", object_id=str(tunnels.pk))
    assert (entry.actor, entry.detail) == (cast.mei, {"languages": ["en"]})


def test_moving_is_audited_only_when_something_moved(cast: Cast, tunnels: Article) -> None:
    for _ in range(2):
        set_place(tunnels, by=cast.mei, category=tunnels.category, audience="staff", review_on=None)
    assert AuditEntry.objects.filter(verb="article.placed").count() == 1
    tunnels.refresh_from_db()
    assert tunnels.audience == Article.Audience.STAFF
