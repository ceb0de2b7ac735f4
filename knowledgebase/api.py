"""Articles over the REST API: read by rights, written as drafts, published in a step of its own."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crmcore.models import User
from crmcore.permissions import require
from crmcore.viewsets import VisibleModelViewSet
from knowledgebase.actions import editing, publishing
from knowledgebase.models import Article, ArticleText, Category
from knowledgebase.queries.search import search_articles


class ArticleTextSerializer(serializers.ModelSerializer[ArticleText]):
    class Meta:
        model = ArticleText
        fields = ("language", "title", "summary", "body", "search_words", "is_draft", "updated_at")
        read_only_fields = ("is_draft", "updated_at")


class ArticleSerializer(serializers.ModelSerializer[Article]):
    """Texts that are written become drafts; a text that is left out stays as it is."""

    category = serializers.SlugRelatedField(slug_field="slug", queryset=Category.objects.all())
    texts = ArticleTextSerializer(many=True)

    class Meta:
        model = Article
        fields = (
            "number",
            "category",
            "status",
            "audience",
            "source_language",
            "review_on",
            "texts",
            "helpful_count",
            "unhelpful_count",
            "used_count",
            "created_at",
            "published_at",
            "updated_at",
        )
        read_only_fields = (
            "number",
            "status",
            "helpful_count",
            "unhelpful_count",
            "used_count",
            "created_at",
            "published_at",
            "updated_at",
        )

    def to_representation(self, instance: Article) -> dict[str, Any]:
        """Who may not edit articles reads no drafts."""
        shown: dict[str, Any] = super().to_representation(instance)
        if not Article.objects.visible_to(self.context["request"].user, "edit").filter(pk=instance.pk).exists():
            shown["texts"] = [text for text in shown["texts"] if not text["is_draft"]]
        return shown


class ArticleFilter(django_filters.FilterSet):  # type: ignore[misc]
    category = django_filters.CharFilter(field_name="category__slug")
    q = django_filters.CharFilter(method="matching", label="Words to search for")

    class Meta:
        model = Article
        fields = ("status", "audience")

    def matching(self, articles: QuerySet[Article], name: str, words: str) -> QuerySet[Article]:
        user = self.request.user
        found = search_articles(words, user=user, language=user.language, within=articles, limit=200)
        return articles.filter(pk__in=[hit.article.pk for hit in found])


class ArticleViewSet(VisibleModelViewSet[Article]):
    """Articles with their texts in both languages."""

    queryset = Article.objects.select_related("category").prefetch_related("texts")
    serializer_class = ArticleSerializer
    filterset_class = ArticleFilter
    lookup_field = "number"
    http_method_names = ["get", "head", "options", "post", "patch"]

    def create_by(self, user: User, data: dict[str, Any]) -> Article:
        texts = {words["language"]: _words(words) for words in data.pop("texts")}
        return editing.create_article(by=user, texts=texts, **data)

    def change_by(self, user: User, instance: Article, data: dict[str, Any]) -> Article:
        texts = {words["language"]: _words(words) for words in data.pop("texts", [])}
        place = {name: data.get(name, getattr(instance, name)) for name in ("category", "audience", "review_on")}
        editing.set_place(instance, by=user, **place)
        editing.save_draft(instance, by=user, texts=texts)
        return self.get_queryset().get(pk=instance.pk)

    @extend_schema(request=None, responses=ArticleSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, number: str) -> Response:
        """Show the drafts to readers. 400 names the checks that are not met."""
        article = self.get_object()
        publishing.publish_article(article, by=self.staff())
        return self._answer(article)

    @extend_schema(request=None, responses=ArticleSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, number: str) -> Response:
        """Take the article away from all readers."""
        require(request.user, "article", "delete")
        article = self.get_object()
        publishing.archive_article(article, by=self.staff())
        return self._answer(article)

    def _answer(self, article: Article) -> Response:
        fresh = self.get_queryset().get(pk=article.pk)
        return Response(self.get_serializer(fresh).data)


def _words(given: dict[str, Any]) -> editing.Words:
    return {name: given[name] for name in editing.FIELDS if name in given}
