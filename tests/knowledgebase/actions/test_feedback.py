"""Votes count once per reader."""

from django.contrib.auth.models import AnonymousUser

from knowledgebase.actions.feedback import vote
from knowledgebase.models import Article, ArticleVote
from knowledgebase.queries.voters import voter_key
from tests.cast import Cast


def counts(article: Article) -> tuple[int, int]:
    article.refresh_from_db()
    return article.helpful_count, article.unhelpful_count


def test_a_second_tap_counts_once(tunnels: Article) -> None:
    for _ in range(2):
        vote(tunnels, voter="user:1", is_helpful=True, language="en")
    assert counts(tunnels) == (1, 0)


def test_a_changed_mind_moves_the_vote(tunnels: Article) -> None:
    vote(tunnels, voter="user:1", is_helpful=True, language="en")
    vote(tunnels, voter="user:1", is_helpful=False, language="en", comment="No picture")
    assert counts(tunnels) == (0, 1)


def test_words_stay_when_the_vote_is_repeated_without_any(tunnels: Article) -> None:
    vote(tunnels, voter="user:1", is_helpful=False, language="en", comment="No picture")
    vote(tunnels, voter="user:1", is_helpful=False, language="en")
    assert ArticleVote.objects.get().comment == "No picture"


def test_a_vote_names_the_person_but_never_the_session(cast: Cast) -> None:
    assert voter_key(cast.zhao, "") == f"user:{cast.zhao.pk}"
    anonymous = voter_key(AnonymousUser(), "secret-session")
    assert anonymous == voter_key(AnonymousUser(), "secret-session")
    assert "secret" not in anonymous
