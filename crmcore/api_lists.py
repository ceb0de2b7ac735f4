"""REST resource of the lists from which customers are described: read only, for everybody with the API."""

from rest_framework import mixins, serializers, viewsets

from crmcore.models import CodeEntry
from crmcore.rest import MayUseApi


class CodeEntrySerializer(serializers.ModelSerializer[CodeEntry]):
    """One entry; customers name it by its code."""

    class Meta:
        model = CodeEntry
        fields = ["id", "list", "code", "name", "name_zh", "position", "is_active"]


class CodeEntryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CodeEntry]):
    """The entries, retired ones too; `?list=industry` for one list."""

    permission_classes = [MayUseApi]
    queryset = CodeEntry.objects.all()
    serializer_class = CodeEntrySerializer
    filterset_fields = ["list", "code", "is_active"]
