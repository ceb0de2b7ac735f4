"""REST resources of surveys and return visits: what customers answered, and visits read and planned."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from rest_framework import mixins, serializers, viewsets

from crmcore.models import Account, Contact, User
from crmcore.rest import MayUseApi
from crmcore.viewsets import VisibleModelViewSet, VisibleRelatedField
from tickets.actions.visit_work import BadWindow, create_visit
from tickets.models import Survey, Ticket, Visit, VisitMethod, VisitTheme


class SurveySerializer(serializers.ModelSerializer[Survey]):
    """One ask with its answer; `answers` holds those to the questionnaire by question."""

    ticket = serializers.CharField(source="ticket.number")

    class Meta:
        model = Survey
        fields = (
            *("id", "ticket", "measure", "state", "score", "comment", "answers", "agent", "queue"),
            *("account", "contact", "asked_at", "expires_at", "answered_at"),
        )
        read_only_fields = fields


class SurveyFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By ticket number, measure, state, agent, queue and moments in ISO 8601."""

    ticket = django_filters.CharFilter(field_name="ticket__number")
    answered_after = django_filters.IsoDateTimeFilter(field_name="answered_at", lookup_expr="gte")
    answered_before = django_filters.IsoDateTimeFilter(field_name="answered_at", lookup_expr="lt")

    class Meta:
        model = Survey
        fields = ["measure", "state", "agent", "queue", "account", "contact"]


class SurveyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Survey]):
    """What customers were asked and answered about the tickets that the caller may view."""

    permission_classes = [MayUseApi]
    queryset = Survey.objects.select_related("ticket").defer("ticket__search")
    serializer_class = SurveySerializer
    filterset_class = SurveyFilter

    def get_queryset(self) -> QuerySet[Survey]:
        tickets = Ticket.objects.visible_to(self.request.user)
        return super().get_queryset().filter(ticket__in=tickets)


class VisibleTicketField(serializers.SlugRelatedField[Ticket]):
    """A ticket by its number; one that the caller may not change does not exist for them."""

    def get_queryset(self) -> QuerySet[Ticket]:
        return Ticket.objects.visible_to(self.context["request"].user, "edit").select_related("queue__team")


class VisitSerializer(serializers.ModelSerializer[Visit]):
    """A visit; method and theme by their codes, the customer from the ticket where one is given."""

    ticket = VisibleTicketField(slug_field="number", queryset=Ticket.objects.all(), required=False)
    method = serializers.SlugRelatedField(slug_field="code", queryset=VisitMethod.objects.filter(is_active=True))
    theme = serializers.SlugRelatedField(slug_field="code", queryset=VisitTheme.objects.filter(is_active=True))
    contact = VisibleRelatedField(queryset=Contact.objects.all(), required=False)
    account = VisibleRelatedField(queryset=Account.objects.all(), required=False)
    assignee = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(kind=User.Kind.STAFF, is_active=True), required=False
    )

    class Meta:
        model = Visit
        read_only_fields = ("id", "progress", "result", "content", "objections", "chance", "answers", "ended_at")
        fields = (
            *read_only_fields,
            *("ticket", "method", "theme", "contact", "account", "assignee", "due_from", "due_by", "script"),
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not any(attrs.get(name) for name in ("ticket", "contact", "account")):
            raise serializers.ValidationError({"ticket": "Name a ticket, a contact or an account."})
        return attrs


class VisitFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By ticket number, progress, result, person, customer and due moment in ISO 8601."""

    ticket = django_filters.CharFilter(field_name="ticket__number")
    due_before = django_filters.IsoDateTimeFilter(field_name="due_by", lookup_expr="lt")

    class Meta:
        model = Visit
        fields = ["progress", "result", "assignee", "account", "contact"]


class VisitViewSet(VisibleModelViewSet[Visit]):
    """Return visits that the caller may see; a post plans one."""

    http_method_names = ["get", "head", "options", "post"]
    queryset = Visit.objects.select_related("ticket", "method", "theme").defer("ticket__search")
    serializer_class = VisitSerializer
    filterset_class = VisitFilter

    def create_by(self, user: User, data: dict[str, Any]) -> Visit:
        facts: dict[str, Any] = {"assignee": user, "script": ""} | data
        try:
            return create_visit(by=user, **facts)
        except BadWindow as bad:
            raise serializers.ValidationError({"due_by": "This lies before due_from, or has passed."}) from bad
