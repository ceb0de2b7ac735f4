"""The base of every API resource: rows by the reader's rights, writes through actions."""

from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from rest_framework import mixins, serializers, viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from crmcore import permissions
from crmcore.models import User
from crmcore.rest import MayUseApi

M = TypeVar("M", bound=Model)

_RIGHTS = {"POST": "create", "PATCH": "edit", "DELETE": "delete"}


class VisibleModelViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[M],
    Generic[M],
):
    """List and read what the user may view; create, change and delete by `…_by` methods, which call actions.

    A subclass gives `queryset` (of a model with a SCOPE), `serializer_class` and, in `http_method_names`, the
    methods that it implements.
    """

    permission_classes = [MayUseApi]
    http_method_names = ["get", "head", "options"]

    def get_queryset(self) -> QuerySet[M]:
        visible: QuerySet[M] = super().get_queryset().visible_to(self.request.user)  # type: ignore[attr-defined]
        return visible

    def check_permissions(self, request: Request) -> None:
        """Refuse a POST to the collection early to whoever may not create at all."""
        super().check_permissions(request)
        if request.method == "POST" and not self.detail:
            permissions.require(request.user, self._noun(), "create")

    def check_object_permissions(self, request: Request, obj: M) -> None:
        """What a person sees without the right to change it answers 403, not 404."""
        super().check_object_permissions(request, obj)
        right = "view" if request.method in SAFE_METHODS else _RIGHTS.get(request.method or "", "edit")
        right = "edit" if right == "create" else right
        rows: Any = type(obj)._default_manager
        if not rows.visible_to(request.user, right).filter(pk=obj.pk).exists():
            raise PermissionDenied(right)

    def perform_create(self, serializer: serializers.BaseSerializer[M]) -> None:
        serializer.instance = self.create_by(self.staff(), serializer.validated_data)

    def perform_update(self, serializer: serializers.BaseSerializer[M]) -> None:
        instance: M = serializer.instance  # type: ignore[assignment]
        serializer.instance = self.change_by(self.staff(), instance, serializer.validated_data)

    def perform_destroy(self, instance: M) -> None:
        self.delete_by(self.staff(), instance)

    def create_by(self, user: User, data: dict[str, Any]) -> M:
        """Create a row from validated data through an action."""
        raise NotImplementedError

    def change_by(self, user: User, instance: M, data: dict[str, Any]) -> M:
        """Change a row by validated data through an action."""
        raise NotImplementedError

    def delete_by(self, user: User, instance: M) -> None:
        """Delete a row through an action."""
        raise NotImplementedError

    def staff(self) -> User:
        """The signed-in user; anonymous callers never come this far."""
        return cast(User, self.request.user)

    def _noun(self) -> str:
        model: Any = super().get_queryset().model
        noun: str = model.SCOPE["noun"]
        return noun


class VisibleRelatedField(serializers.PrimaryKeyRelatedField[M]):
    """A link to a row that the caller may view; any other id does not exist for them."""

    def get_queryset(self) -> QuerySet[M]:
        rows: Any = super().get_queryset()
        visible: QuerySet[M] = rows.all().visible_to(self.context["request"].user)
        return visible
