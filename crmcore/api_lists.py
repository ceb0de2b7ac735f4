"""REST resources of the lists from which customers are described: read only, for everybody with the API."""

import django_filters  # type: ignore[import-untyped]
from rest_framework import mixins, serializers, viewsets

from crmcore.models import CodeEntry, Region
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


class RegionSerializer(serializers.ModelSerializer[Region]):
    """One region; customers name it by its code."""

    # The metaclass takes the field away, so that the serializer keeps its own `parent`.
    parent = serializers.SlugRelatedField[Region](slug_field="code", read_only=True)  # type: ignore[assignment]

    class Meta:
        model = Region
        fields = ["id", "code", "name", "name_zh", "parent"]


class RegionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By the code of the region above."""

    parent = django_filters.CharFilter(field_name="parent__code")

    class Meta:
        model = Region
        fields = ["code"]


class RegionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Region]):
    """Countries, provinces, cities, districts; `?parent=330000` for those right below one."""

    permission_classes = [MayUseApi]
    queryset = Region.objects.select_related("parent")
    serializer_class = RegionSerializer
    filterset_class = RegionFilter
