"""REST resources of the ground floor: accounts, contacts, opportunities."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from crmcore import phone_numbers
from crmcore.actions import contact_points, customers, opportunities, ownership
from crmcore.actions.merging import merge_customers, undo_merge
from crmcore.merge_serializers import MergedSerializer, MergeSerializer, PartedSerializer
from crmcore.models import Account, AccountContact, Contact, ContactPoint, CustomerMerge, Opportunity, User
from crmcore.models.account_facts import ACCOUNT_LISTS
from crmcore.queries.customers import holder_ids, matching
from crmcore.serializers import AccountSerializer, ContactSerializer, OpportunitySerializer, PointSerializer
from crmcore.viewsets import VisibleModelViewSet

_WRITABLE = ["get", "head", "options", "post", "patch"]


class CustomerFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`q` as in the search field, `phone` in any written form, `email` in full."""

    q = django_filters.CharFilter(method="by_words")
    phone = django_filters.CharFilter(method="by_phone")
    email = django_filters.CharFilter(method="by_email")

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return matching(rows, value)

    def by_phone(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        number = phone_numbers.normalise(value, settings.DEFAULT_PHONE_REGION)
        return _holding(rows, ContactPoint.Kind.PHONE, number.value)

    def by_email(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return _holding(rows, ContactPoint.Kind.EMAIL, value.strip().lower())


class AccountFilter(CustomerFilter):
    """Entries of lists go by their codes."""

    region = django_filters.CharFilter(field_name="region__code")
    source = django_filters.CharFilter(field_name="source__code")
    type = django_filters.CharFilter(field_name="type__code")
    industry = django_filters.CharFilter(field_name="industry__code")
    status = django_filters.CharFilter(field_name="status__code")
    party = django_filters.CharFilter(field_name="party__code")
    next_contact_before = django_filters.IsoDateTimeFilter(field_name="next_contact_at", lookup_expr="lt")

    class Meta:
        model = Account
        fields = ["kind", "grade", "owner", "is_active", "code", "credit_code"]


class ContactFilter(CustomerFilter):
    account = django_filters.NumberFilter(field_name="memberships__account")

    class Meta:
        model = Contact
        fields = ["is_active", "code"]


class OpportunityFilter(django_filters.FilterSet):  # type: ignore[misc]
    stage = django_filters.CharFilter(field_name="stage__code")

    class Meta:
        model = Opportunity
        fields = ["account", "contact", "owner", "currency"]


class CustomerViewSet(VisibleModelViewSet[Any]):
    """What accounts and contacts share: adding a way to reach them, merging two of them, parting them again."""

    http_method_names = _WRITABLE

    @extend_schema(request=PointSerializer, responses={201: PointSerializer})
    @action(detail=True, methods=["post"], url_path="points", filterset_class=None)
    def points(self, request: Request, pk: str) -> Response:
        """Add a phone number, e-mail address or id; one that stands there already is answered as it is."""
        serializer = PointSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        point = contact_points.add_point(self.get_object(), serializer.new_point(), by=self.staff())
        return Response(PointSerializer(point).data, status=201)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row; the address of one that was merged leads to the survivor."""
        found = self.get_object()
        if found.merged_into_id:
            return Response(status=308, headers={"Location": self.reverse_action("detail", [found.merged_into_id])})
        return Response(self.get_serializer(found).data)

    @extend_schema(request=MergeSerializer, responses={200: MergedSerializer})
    @action(detail=True, methods=["post"], filterset_class=None)
    def merge(self, request: Request, pk: str) -> Response:
        """Let this customer go into another one; `choices` by field: survivor, source or, of texts, both."""
        source = self.get_object()
        asked = MergeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        survivor = get_object_or_404(self.get_queryset(), pk=asked.validated_data["into"])
        merge = merge_customers(source, survivor, by=self.staff(), choices=asked.validated_data["choices"])
        return Response(MergedSerializer({"merge": merge.pk, "survivor": merge.survivor_id}).data)

    @extend_schema(request=None, responses={200: PartedSerializer})
    @action(detail=True, methods=["post"], filterset_class=None)
    def part(self, request: Request, pk: str) -> Response:
        """Undo the merge that took this customer away; names the fields that stay as somebody changed them since."""
        rows = CustomerMerge.objects.filter(kind=self._noun(), undone_at=None)
        merge = get_object_or_404(rows, source_id=self.get_object().pk)
        return Response(PartedSerializer({"kept": undo_merge(merge, by=self.staff())}).data)


class AccountViewSet(CustomerViewSet):
    """Companies, households and persons that the desk serves."""

    queryset = Account.objects.prefetch_related("points").select_related("region", *ACCOUNT_LISTS)
    serializer_class = AccountSerializer
    filterset_class = AccountFilter

    def create_by(self, user: User, data: dict[str, Any]) -> Account:
        return customers.create_account(by=user, **data)

    def change_by(self, user: User, instance: Account, data: dict[str, Any]) -> Account:
        return customers.update_account(instance, by=user, **data)

    @extend_schema(request=None, responses={200: AccountSerializer})
    @action(detail=True, methods=["post"], filterset_class=None)
    def claim(self, request: Request, pk: str) -> Response:
        """Take on a customer that nobody looks after; 409 where somebody else does already."""
        account = get_object_or_404(self.get_queryset(), pk=pk)
        try:
            claimed = ownership.claim(account, by=self.staff())
        except ownership.AlreadyOwned as taken:
            return Response({"detail": str(taken)}, status=409)
        return Response(self.get_serializer(claimed).data)


class ContactViewSet(CustomerViewSet):
    """People."""

    queryset = Contact.objects.prefetch_related("points").select_related("salutation")
    serializer_class = ContactSerializer
    filterset_class = ContactFilter

    def get_queryset(self) -> QuerySet[Contact]:
        seen = AccountContact.objects.filter(account__in=Account.objects.visible_to(self.staff()))
        return super().get_queryset().prefetch_related(Prefetch("memberships", seen))

    def create_by(self, user: User, data: dict[str, Any]) -> Contact:
        return customers.create_contact(by=user, **data)

    def change_by(self, user: User, instance: Contact, data: dict[str, Any]) -> Contact:
        return customers.update_contact(instance, by=user, **data)


class OpportunityViewSet(VisibleModelViewSet[Opportunity]):
    """Possible sales; amounts in the currency's minor unit."""

    http_method_names = _WRITABLE
    queryset = Opportunity.objects.select_related("stage")
    serializer_class = OpportunitySerializer
    filterset_class = OpportunityFilter

    def create_by(self, user: User, data: dict[str, Any]) -> Opportunity:
        data.pop("lost_reason", None)
        return opportunities.open_opportunity(by=user, **data)

    def change_by(self, user: User, instance: Opportunity, data: dict[str, Any]) -> Opportunity:
        """Fields first, then the move, which sets the new stage's probability."""
        stage, reason = data.pop("stage", None), data.pop("lost_reason", "")
        data.pop("account", None)
        changed = opportunities.update_opportunity(instance, by=user, **data)
        return opportunities.move_opportunity(changed, to=stage, by=user, lost_reason=reason) if stage else changed


def _holding(rows: QuerySet[Any], kind: str, value: str) -> QuerySet[Any]:
    """The customers of a type that hold this very value."""
    return rows.filter(pk__in=holder_ids(rows.model, [value], kind)) if value else rows.none()
