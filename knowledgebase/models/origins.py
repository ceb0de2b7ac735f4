"""Where an article came from."""

from django.conf import settings
from django.db import models

from knowledgebase.models.articles import Article
from tickets.models import Interaction, Ticket


class ArticleOrigin(models.Model):
    """The ticket whose answer became the article; a ticket becomes one article."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="origin")
    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="article_origin")
    entry = models.ForeignKey(Interaction, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.article} from {self.ticket}"
