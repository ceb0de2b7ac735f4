"""Which products a customer may report a fault of."""

from django.db.models import QuerySet

from crmcore.models import InstalledProduct, User
from crmcore.queries.products import OF_A_CUSTOMER


def own_products(user: User) -> QuerySet[InstalledProduct]:
    """What is in use at the customers for whom they write, the newest first; a page's worth."""
    latest = InstalledProduct.objects.visible_to(user).filter(is_active=True).order_by("-pk")[:OF_A_CUSTOMER]
    rows = InstalledProduct.objects.filter(pk__in=latest.values("pk")).order_by("-pk")
    return rows.select_related("product", "account")
