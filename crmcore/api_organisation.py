"""REST resources of a customer's organisation: units, places of people, important dates."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from crmcore import clock
from crmcore.actions import organisation
from crmcore.models import Account, AccountContact, Contact, ImportantDate, Unit, User
from crmcore.viewsets import VisibleModelViewSet, VisibleRelatedField

_ALL = ["get", "head", "options", "post", "patch", "delete"]


class PlaceField(serializers.PrimaryKeyRelatedField[AccountContact]):
    """A person's place in an account, of those whom the caller may view."""

    def get_queryset(self) -> QuerySet[AccountContact]:
        user = self.context["request"].user
        accounts, people = Account.objects.visible_to(user), Contact.objects.visible_to(user)
        return AccountContact.objects.filter(account__in=accounts, contact__in=people)


class UnitSerializer(serializers.ModelSerializer[Unit]):
    account = VisibleRelatedField[Account](queryset=Account.objects.all())
    parent = VisibleRelatedField[Unit](  # type: ignore[assignment]  # the metaclass takes it away
        queryset=Unit.objects.all(), required=False, allow_null=True
    )
    head = PlaceField(queryset=AccountContact.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Unit
        fields = ["id", "account", "name", "parent", "head", "note"]
        validators: list[Any] = []

    def validate_account(self, account: Account) -> Account:
        return _unchanged(self.instance, account)


class ImportantDateSerializer(serializers.ModelSerializer[ImportantDate]):
    """`next_on`: the day of our calendar on which it falls next."""

    account = VisibleRelatedField[Account](queryset=Account.objects.all())
    contact = VisibleRelatedField[Contact](queryset=Contact.objects.all(), required=False, allow_null=True)
    next_on = serializers.SerializerMethodField()

    class Meta:
        model = ImportantDate
        fields = ["id", "account", "contact", "occasion", "calendar", "month", "day", "is_leap_month"]
        fields += ["since_year", "note", "next_on"]

    def validate_account(self, account: Account) -> Account:
        return _unchanged(self.instance, account)

    def get_next_on(self, row: ImportantDate) -> str:
        """As YYYY-MM-DD, by the desk's present day."""
        return row.next_on(timezone.localdate(clock.now())).isoformat()


class UnitViewSet(VisibleModelViewSet[Unit]):
    """Departments and branches of customers."""

    http_method_names = _ALL
    queryset = Unit.objects.select_related("account")
    serializer_class = UnitSerializer
    filterset_fields = ["account"]

    def create_by(self, user: User, data: dict[str, Any]) -> Unit:
        return organisation.save_unit(Unit(account=data.pop("account")), by=user, **data)

    def change_by(self, user: User, instance: Unit, data: dict[str, Any]) -> Unit:
        data.pop("account", None)
        return organisation.save_unit(instance, by=user, **data)

    def check_object_permissions(self, request: Any, obj: Unit) -> None:
        _check(self, request, obj)

    def delete_by(self, user: User, instance: Unit) -> None:
        organisation.remove_unit(instance, by=user)


class ImportantDateViewSet(VisibleModelViewSet[ImportantDate]):
    """Days that matter to customers and their people."""

    http_method_names = _ALL
    queryset = ImportantDate.objects.select_related("account")
    serializer_class = ImportantDateSerializer
    filterset_fields = ["account", "contact", "calendar", "month"]

    def get_queryset(self) -> QuerySet[ImportantDate]:
        seen = Contact.objects.visible_to(self.staff())
        return super().get_queryset().exclude(contact__isnull=False, contact__in=Contact.objects.exclude(pk__in=seen))

    def create_by(self, user: User, data: dict[str, Any]) -> ImportantDate:
        return organisation.save_date(ImportantDate(account=data.pop("account")), by=user, **data)

    def change_by(self, user: User, instance: ImportantDate, data: dict[str, Any]) -> ImportantDate:
        data.pop("account", None)
        return organisation.save_date(instance, by=user, **data)

    def check_object_permissions(self, request: Any, obj: ImportantDate) -> None:
        _check(self, request, obj)

    def delete_by(self, user: User, instance: ImportantDate) -> None:
        organisation.remove_date(instance, by=user)


def _check(view: VisibleModelViewSet[Any], request: Any, row: Any) -> None:
    """Who may edit the customer may take away what hangs on it."""
    right = "view" if request.method in ("GET", "HEAD", "OPTIONS") else "edit"
    if not type(row)._default_manager.visible_to(view.staff(), right).filter(pk=row.pk).exists():
        raise PermissionDenied(right)


def _unchanged(instance: Any, account: Account) -> Account:
    if instance is not None and instance.account_id != account.pk:
        raise serializers.ValidationError("It stays with its customer.")
    return account
