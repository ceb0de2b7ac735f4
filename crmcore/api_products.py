"""REST resource of what customers have: read only."""

import django_filters  # type: ignore[import-untyped]
from rest_framework import serializers

from crmcore.models import Estate, InstalledProduct, Product
from crmcore.viewsets import VisibleModelViewSet


class InstalledProductSerializer(serializers.ModelSerializer[InstalledProduct]):
    """One product of a customer; its kind and estate go by code."""

    product: serializers.SlugRelatedField[Product] = serializers.SlugRelatedField(slug_field="code", read_only=True)
    estate: serializers.SlugRelatedField[Estate] = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = InstalledProduct
        fields = (
            *("id", "account", "product", "serial_number", "place", "estate", "bought_on", "installed_on"),
            *("warranty_until", "warranty_terms", "is_active", "created_at"),
        )


class InstalledProductFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By customer, serial number as stored, and codes of product and estate."""

    product = django_filters.CharFilter(field_name="product__code")
    estate = django_filters.CharFilter(field_name="estate__code")

    class Meta:
        model = InstalledProduct
        fields = ["account", "serial_number", "is_active"]


class InstalledProductViewSet(VisibleModelViewSet[InstalledProduct]):
    """Products of the customers whom the caller may view."""

    queryset = InstalledProduct.objects.select_related("product", "estate")
    serializer_class = InstalledProductSerializer
    filterset_class = InstalledProductFilter
