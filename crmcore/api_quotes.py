"""REST resource of quotes: read, begun and changed under the same rules as on the pages."""

from decimal import Decimal
from typing import Any

import django_filters  # type: ignore[import-untyped]
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crmcore.actions import quotes
from crmcore.actions.quote_acts import STEPS, take_step
from crmcore.actions.quotes import Wish
from crmcore.models import Account, Contact, Opportunity, Product, Quote, QuoteLine, User
from crmcore.viewsets import VisibleModelViewSet, VisibleRelatedField

SELLABLE = Product.objects.filter(is_active=True)


class QuoteLineSerializer(serializers.ModelSerializer[QuoteLine]):
    """One line; prices and tax are said by the desk. Rates are in hundredths of a percent."""

    product: serializers.SlugRelatedField[Product] = serializers.SlugRelatedField(slug_field="code", queryset=SELLABLE)
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, min_value=Decimal("0.001"))
    discount_rate = serializers.IntegerField(min_value=0, max_value=10_000, required=False)
    net_minor = serializers.SerializerMethodField()
    tax_minor = serializers.SerializerMethodField()

    class Meta:
        model = QuoteLine
        fields = ["product", "note", "quantity", "price_minor", "discount_rate", "tax_rate", "net_minor", "tax_minor"]
        read_only_fields = ["price_minor", "tax_rate"]

    def get_net_minor(self, line: QuoteLine) -> int:
        return line.sum().net

    def get_tax_minor(self, line: QuoteLine) -> int:
        return line.sum().tax


class QuoteSerializer(serializers.ModelSerializer[Quote]):
    """A version of a quote with its lines."""

    account = VisibleRelatedField[Account](queryset=Account.objects.all())
    contact = VisibleRelatedField[Contact](queryset=Contact.objects.all(), required=False, allow_null=True)
    opportunity = VisibleRelatedField[Opportunity](queryset=Opportunity.objects.all(), required=False, allow_null=True)
    lines = QuoteLineSerializer(many=True)

    class Meta:
        model = Quote
        fields = ["id", "number", "version", "account", "contact", "opportunity", "title", "state", "currency"]
        fields += ["valid_until", "terms", "total_minor", "reason", "created_at", "sent_at", "settled_at", "lines"]
        read_only_fields = ["number", "version", "state", "total_minor", "reason", "created_at", "sent_at"]
        read_only_fields += ["settled_at"]
        extra_kwargs = {"valid_until": {"required": False}}


class QuoteFilter(django_filters.FilterSet):  # type: ignore[misc]
    class Meta:
        model = Quote
        fields = ["account", "opportunity", "number", "state", "currency"]


class QuoteStepSerializer(serializers.Serializer[Quote]):
    """`reason` is needed to decline."""

    do = serializers.ChoiceField(choices=STEPS)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class QuoteViewSet(VisibleModelViewSet[Quote]):
    """Quotes; amounts in the currency's minor unit."""

    http_method_names = ["get", "head", "options", "post", "patch"]
    queryset = Quote.objects.prefetch_related("lines__product")
    serializer_class = QuoteSerializer
    filterset_class = QuoteFilter

    def create_by(self, user: User, data: dict[str, Any]) -> Quote:
        return quotes.draft_quote(by=user, lines=_wishes(data.pop("lines")), **data)

    def change_by(self, user: User, instance: Quote, data: dict[str, Any]) -> Quote:
        """A draft is written anew; lines that are not sent stay as they are."""
        data.pop("account", None)
        kept = [Wish(line.product, line.quantity, line.discount_rate, line.note) for line in instance.lines.all()]
        lines = _wishes(data.pop("lines")) if "lines" in data else kept
        changed = quotes.change_quote(instance, by=user, lines=lines, **data)
        return self.get_queryset().get(pk=changed.pk)

    @extend_schema(request=QuoteStepSerializer, responses=QuoteSerializer)
    @action(detail=True, methods=["post"], url_path="step", filterset_class=None)
    def step(self, request: Request, pk: str) -> Response:
        """Take the next step; answers with the quote, for `revise` with the next version."""
        asked = QuoteStepSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        done = take_step(self.get_object(), data["do"], by=self.staff(), reason=data.get("reason", ""))
        return Response(QuoteSerializer(self.get_queryset().get(pk=done.pk)).data)


def _wishes(rows: list[dict[str, Any]]) -> list[Wish]:
    return [Wish(row["product"], row["quantity"], row.get("discount_rate", 0), row.get("note", "")) for row in rows]
