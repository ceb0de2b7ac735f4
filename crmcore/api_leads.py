"""REST resources of leads and of the reception's register."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from crmcore.actions.leads import open_lead, update_lead
from crmcore.actions.reception import record_reception
from crmcore.models import CodeEntry, CodeList, IntentionGrade, Lead, LeadOrigin, Product, Reception, User
from crmcore.viewsets import VisibleModelViewSet

LONGEST_KEY = 80


def _staff() -> Any:
    return User.objects.filter(kind=User.Kind.STAFF, is_active=True)


class LeadSerializer(serializers.ModelSerializer[Lead]):
    """A card; source, grade and product go by code, amounts in minor units."""

    source = serializers.SlugRelatedField(  # type: ignore[assignment]  # a field of this name, not where it comes from
        slug_field="code", queryset=CodeEntry.objects.filter(list=CodeList.SOURCE, is_active=True)
    )
    grade = serializers.SlugRelatedField(
        slug_field="code", queryset=IntentionGrade.objects.filter(is_active=True), required=False
    )
    product = serializers.SlugRelatedField(
        slug_field="code", queryset=Product.objects.filter(is_active=True), required=False, allow_null=True
    )
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.none(), required=False, allow_null=True)
    email = serializers.EmailField(max_length=120, required=False, allow_blank=True)
    budget_minor = serializers.IntegerField(min_value=0, max_value=2**53, required=False, allow_null=True)

    class Meta:
        model = Lead
        fields = [
            *("id", "number", "state", "origin", "name", "sex", "age", "employer", "occupation", "address"),
            *("phone", "email", "other_contact", "language", "wanted", "product", "details", "compared"),
            *("present_use", "purpose", "payment", "budget_minor", "currency", "source", "grade", "owner"),
            *("favourable", "unfavourable", "help_needed", "first_summary", "next_plan", "due_at", "opened_at"),
            *("signed_at", "close_reason", "closed_at", "account", "contact", "opportunity"),
        ]
        read_only_fields = [
            *("number", "state", "origin", "opened_at", "signed_at", "close_reason", "closed_at"),
            *("account", "contact", "opportunity"),
        ]
        extra_kwargs = {"due_at": {"required": False}}

    def get_fields(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_fields()
        found["owner"].queryset = _staff()
        return found

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        told = ("name", "employer", "phone", "email", "wanted")
        if self.instance is None and not any(attrs.get(one) for one in told):
            raise serializers.ValidationError({"name": "One of name, employer, phone, email and wanted is needed."})
        return attrs


class LeadFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By state, owner and the codes of source, grade and product."""

    source = django_filters.CharFilter(field_name="source__code")
    grade = django_filters.CharFilter(field_name="grade__code")
    product = django_filters.CharFilter(field_name="product__code")
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")

    class Meta:
        model = Lead
        fields = ["state", "owner", "number"]


class LeadViewSet(VisibleModelViewSet[Lead]):
    """Prospects. A POST with an `Idempotency-Key` that came before answers the card that it opened."""

    http_method_names = ["get", "head", "options", "post", "patch"]
    queryset = Lead.objects.select_related("source", "grade", "product")
    serializer_class = LeadSerializer
    filterset_class = LeadFilter

    @extend_schema(parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)])
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().create(request, *args, **kwargs)

    def create_by(self, user: User, data: dict[str, Any]) -> Lead:
        key = self.request.headers.get("Idempotency-Key", "").strip()
        if len(key) > LONGEST_KEY:
            raise ValidationError({"Idempotency-Key": f"At most {LONGEST_KEY} characters."})
        return open_lead(by=user, origin=LeadOrigin.API, idempotency_key=key, **data)

    def change_by(self, user: User, instance: Lead, data: dict[str, Any]) -> Lead:
        return update_lead(instance, by=user, **data)


class ReceptionSerializer(serializers.ModelSerializer[Reception]):
    """Who came in or rang."""

    source = serializers.SlugRelatedField(  # type: ignore[assignment]  # a field of this name, not where it comes from
        slug_field="code",
        queryset=CodeEntry.objects.filter(list=CodeList.SOURCE, is_active=True),
        required=False,
        allow_null=True,
    )
    product = serializers.SlugRelatedField(
        slug_field="code", queryset=Product.objects.filter(is_active=True), required=False, allow_null=True
    )
    consultant = serializers.PrimaryKeyRelatedField(queryset=User.objects.none(), required=False, allow_null=True)

    class Meta:
        model = Reception
        fields = [
            *("id", "kind", "name", "phone", "companions", "arrived_at", "left_at", "product", "source", "summary"),
            *("consultant", "was_demonstrated", "flaws", "check_state", "check_remark", "lead", "recorded_at"),
        ]
        read_only_fields = ["flaws", "check_state", "check_remark", "lead", "recorded_at"]

    def get_fields(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_fields()
        found["consultant"].queryset = _staff()
        return found


class ReceptionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By kind, check and recorder."""

    class Meta:
        model = Reception
        fields = ["kind", "check_state", "recorded_by", "consultant"]


class ReceptionViewSet(VisibleModelViewSet[Reception]):
    """The reception's register: read and added to."""

    http_method_names = ["get", "head", "options", "post"]
    queryset = Reception.objects.select_related("source", "product")
    serializer_class = ReceptionSerializer
    filterset_class = ReceptionFilter

    def create_by(self, user: User, data: dict[str, Any]) -> Reception:
        return record_reception(by=user, **data)
