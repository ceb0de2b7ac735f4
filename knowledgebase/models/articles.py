"""Articles and their texts: one row per language, and a second one while a draft waits to be published."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crmcore.models import User
from crmcore.permissions import may
from crmcore.scoping import ScopePaths
from knowledgebase.models.categories import Category
from knowledgebase.reading import minutes

Reader = User | AnonymousUser


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: Reader, action: str = "view") -> "ArticleQuerySet":
        """What this person may read or change. Customers and strangers read what is there for everybody."""
        if not isinstance(user, User) or user.is_portal or not user.is_active:
            return self.public() if action == "view" else self.none()
        if not may(user, "article", action):
            return self.none()
        if user.is_partner:
            open_to_firms = (Article.Audience.EVERYBODY, Article.Audience.PARTNERS)
            return self.filter(status=Article.Status.PUBLISHED, audience__in=open_to_firms)
        return self.all() if may(user, "article", "edit") else self.filter(status=Article.Status.PUBLISHED)

    def public(self) -> "ArticleQuerySet":
        """Published for everybody."""
        return self.filter(status=Article.Status.PUBLISHED, audience=Article.Audience.EVERYBODY)

    def with_texts(self) -> "ArticleQuerySet":
        """With category and texts at hand, so that a list asks three questions, not three per row."""
        return self.select_related("category", "owner").prefetch_related("texts")


class Article(models.Model):
    """One answer. What it says stands in its texts; the counters are kept by the actions."""

    SCOPE: ClassVar[ScopePaths] = {"noun": "article"}

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody, on the portal too")
        PARTNERS = "partners", _("Staff and outside firms")
        STAFF = "staff", _("Staff only")

    number = models.CharField(_("number"), max_length=20, unique=True)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="articles", verbose_name=_("category")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    audience = models.CharField(_("read by"), max_length=10, choices=Audience, default=Audience.EVERYBODY)
    source_language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="articles",
        verbose_name=_("owner"),
    )
    review_on = models.DateField(_("review on"), null=True, blank=True)
    helpful_count = models.PositiveIntegerField(default=0)
    unhelpful_count = models.PositiveIntegerField(default=0)
    used_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    objects = models.Manager.from_queryset(ArticleQuerySet)()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="article_by_change"),
            models.Index(fields=["category", "status"], name="article_by_category"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="draft") | models.Q(published_at__isnull=False) | models.Q(status="archived"),
                name="published_articles_have_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("kb:article", args=[self.number])

    @property
    def public_url(self) -> str:
        """The page that customers may open."""
        return reverse("portal:article", args=[self.number])

    @property
    def is_public(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.audience == self.Audience.EVERYBODY

    @property
    def has_draft(self) -> bool:
        """Something was written that readers do not see yet."""
        return any(text.is_draft for text in self.texts.all())

    @property
    def votes(self) -> int:
        return self.helpful_count + self.unhelpful_count

    @property
    def title(self) -> str:
        """The title for the reader's language."""
        text = self.text_in(get_language() or "en") or self.text_in(get_language() or "en", draft=True)
        return text.title if text else self.number

    def text_in(self, language: str, *, draft: bool = False) -> "ArticleText | None":
        """The text for a reader of this language: that language, else the source language, else any.

        With `draft`, the waiting draft comes before the public text of the same language.
        """
        texts = [text for text in self.texts.all() if draft or not text.is_draft]
        if not texts:
            return None
        return min(texts, key=lambda text: self._distance(text, language))

    def _distance(self, text: "ArticleText", language: str) -> tuple[bool, bool, bool]:
        return text.language != language, text.language != self.source_language, not text.is_draft


class ArticleText(models.Model):
    """The words in one language. `search_vector` is kept by the actions, for drafts too."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    is_draft = models.BooleanField(default=True)
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    body = models.TextField(_("text"), blank=True)
    search_words = models.CharField(_("words people search"), max_length=400, blank=True)
    search_vector = SearchVectorField(null=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("article text")
        verbose_name_plural = _("article texts")
        indexes = [GinIndex(fields=["search_vector"], name="article_text_search")]
        constraints = [
            models.UniqueConstraint(fields=["article", "language", "is_draft"], name="one_text_per_language_and_stage"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def minutes(self) -> int:
        """Reading time."""
        return minutes(self.body)

    @property
    def words(self) -> list[str]:
        """The words people search, one by one."""
        return [word.strip() for word in self.search_words.replace("，", ",").split(",") if word.strip()]
