"""REST resources of contracts and of what customers owe: contracts are drafted, the rest is read."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from rest_framework import serializers

from crmcore.actions import contracts
from crmcore.models import Account, Contract, Due, Quote, User
from crmcore.viewsets import VisibleModelViewSet, VisibleRelatedField


class ContractSerializer(serializers.ModelSerializer[Contract]):
    """A contract; its state moves on its page."""

    account = VisibleRelatedField[Account](queryset=Account.objects.all())
    quote = VisibleRelatedField[Quote](queryset=Quote.objects.all(), required=False, allow_null=True)
    amount_minor = serializers.IntegerField(min_value=0, max_value=2**53)

    class Meta:
        model = Contract
        fields = ["id", "number", "title", "account", "quote", "state", "amount_minor", "currency", "starts_on"]
        fields += ["ends_on", "remind_days", "signed_on", "reason", "rating", "evaluation", "created_at"]
        read_only_fields = ["number", "state", "signed_on", "reason", "rating", "evaluation", "created_at"]


class ContractFilter(django_filters.FilterSet):  # type: ignore[misc]
    class Meta:
        model = Contract
        fields = ["account", "quote", "state", "number"]


class ContractViewSet(VisibleModelViewSet[Contract]):
    """Contracts; amounts in the currency's minor unit."""

    http_method_names = ["get", "head", "options", "post", "patch"]
    queryset = Contract.objects.all()
    serializer_class = ContractSerializer
    filterset_class = ContractFilter

    def create_by(self, user: User, data: dict[str, Any]) -> Contract:
        return contracts.draft_contract(by=user, **data)

    def change_by(self, user: User, instance: Contract, data: dict[str, Any]) -> Contract:
        data.pop("account", None)
        return contracts.change_contract(instance, by=user, **data)


class DueSerializer(serializers.ModelSerializer[Due]):
    """A part of a payment plan."""

    left_minor = serializers.IntegerField(read_only=True)

    class Meta:
        model = Due
        fields = ["id", "account", "contract", "title", "due_on", "amount_minor", "paid_minor", "left_minor"]
        fields += ["currency", "is_open"]


class DueFilter(django_filters.FilterSet):  # type: ignore[misc]
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt")

    class Meta:
        model = Due
        fields = ["account", "contract", "is_open", "currency"]


class DueViewSet(VisibleModelViewSet[Due]):
    """What customers owe; amounts in the currency's minor unit."""

    queryset = Due.objects.all()
    serializer_class = DueSerializer
    filterset_class = DueFilter
