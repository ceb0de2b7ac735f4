"""Customers and opportunities as the API writes them."""

from typing import Any

from rest_framework import serializers

from crmcore.actions.contact_points import NewPoint
from crmcore.models import Account, CodeEntry, Contact, ContactPoint, Opportunity, Region, Stage, User
from crmcore.models.account_facts import ACCOUNT_FACTS
from crmcore.models.customers import CONTACT_FACTS
from crmcore.viewsets import VisibleRelatedField


class PointSerializer(serializers.ModelSerializer[ContactPoint]):
    """A way to reach a customer: `raw` as typed, `value` as compared."""

    class Meta:
        model = ContactPoint
        fields = [
            "id",
            "kind",
            "raw",
            "value",
            "label",
            "is_shared",
            "is_preferred",
            "opted_out",
            "verified_at",
        ]
        read_only_fields = ["value", "opted_out", "verified_at"]

    def new_point(self) -> NewPoint:
        """The validated point as the actions take it."""
        return NewPoint(**self.validated_data, source="api")


class ListedField(serializers.SlugRelatedField[CodeEntry]):
    """An entry of the list that belongs to this field, by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", **kwargs)


class CustomerSerializer(serializers.ModelSerializer[Any]):
    """What accounts and contacts share: points come with the creation, later to their own address.

    Entries of lists go by their codes.
    """

    serializer_related_field = ListedField
    merged_into = serializers.PrimaryKeyRelatedField[Any](read_only=True)

    points = PointSerializer(many=True, required=False)

    def validate_points(self, points: list[dict[str, Any]]) -> list[NewPoint]:
        if self.instance is not None:
            raise serializers.ValidationError("POST to …/points/ to add one.")
        return [NewPoint(**point, source="api") for point in points]


class AccountSerializer(CustomerSerializer):
    owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(kind=User.Kind.STAFF, is_active=True), required=False, allow_null=True
    )
    region = serializers.SlugRelatedField(
        slug_field="code", queryset=Region.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Account
        fields = [
            "id",
            "code",
            "kind",
            "name",
            "grade",
            "owner",
            "region",
            "locality",
            "address",
            "language",
            "time_zone",
        ]
        fields += [*ACCOUNT_FACTS, "note", "is_active", "merged_into", "created_at", "points"]
        read_only_fields = ["code", "merged_into", "created_at"]


class ContactSerializer(CustomerSerializer):
    account = VisibleRelatedField[Account](queryset=Account.objects.all(), write_only=True, required=False)
    accounts = serializers.SerializerMethodField()

    class Meta:
        model = Contact
        fields = ["id", "name", *CONTACT_FACTS, "language", "time_zone", "note", "is_active", "merged_into"]
        fields += ["created_at", "points", "account", "accounts"]
        read_only_fields = ["merged_into", "created_at"]

    def validate_account(self, account: Account) -> Account:
        if self.instance is not None:
            raise serializers.ValidationError("Given on creation only.")
        return account

    def get_accounts(self, contact: Contact) -> list[int]:
        """The accounts that the contact belongs to, as far as the reader may see them."""
        return [membership.account_id for membership in contact.memberships.all()]


class OpportunitySerializer(serializers.ModelSerializer[Opportunity]):
    account = VisibleRelatedField[Account](queryset=Account.objects.all())
    contact = VisibleRelatedField[Contact](queryset=Contact.objects.all(), required=False, allow_null=True)
    stage = serializers.SlugRelatedField(slug_field="code", queryset=Stage.objects.all(), required=False)
    owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(kind=User.Kind.STAFF, is_active=True), required=False, allow_null=True
    )
    probability = serializers.IntegerField(min_value=0, max_value=100, required=False)
    amount_minor = serializers.IntegerField(min_value=0, max_value=2**53, required=False)

    class Meta:
        model = Opportunity
        fields = ["id", "name", "account", "contact", "stage", "amount_minor", "currency", "probability"]
        fields += ["close_on", "source", "owner", "lost_reason", "stage_since", "created_at"]
        read_only_fields = ["stage_since", "created_at"]

    def validate_account(self, account: Account) -> Account:
        if self.instance is not None and account.pk != self.instance.account_id:
            raise serializers.ValidationError("An opportunity stays with its customer.")
        return account
