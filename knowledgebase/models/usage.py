"""What became of an article: votes of its readers, and the work in which staff used it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledgebase.models.articles import Article
from tickets.models import Ticket


class ArticleVote(models.Model):
    """Helpful or not, once per person; `voter` is a user or a digest of an anonymous session."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="article_votes")
    voter = models.CharField(max_length=80)
    is_helpful = models.BooleanField()
    language = models.CharField(max_length=10)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    voted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "voter"], name="one_vote_per_reader")]
        indexes = [models.Index(fields=["article", "-voted_at"], name="vote_by_age")]

    def __str__(self) -> str:
        return f"{self.article}: {'helpful' if self.is_helpful else 'not helpful'}"


class ArticleUse(models.Model):
    """A member of staff put the article into a note or reply; on a ticket it counts once per person."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="uses")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, blank=True, related_name="article_uses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "ticket", "by"], name="one_use_per_ticket_and_person")
        ]
        indexes = [models.Index(fields=["article", "-used_at"], name="use_by_age")]

    def __str__(self) -> str:
        return f"{self.article} in {self.ticket or 'a call'}"
