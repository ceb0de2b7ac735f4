"""Products of customers: by page, by words, and those of one customer."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from crmcore.models import Account, InstalledProduct, Product, User
from crmcore.queries.customers import matching
from crmcore.serials import serial

PAGE = 50
OF_A_CUSTOMER = 50
# So many found customers are looked up for their products.
_CUSTOMERS = 200


@dataclass(frozen=True)
class ProductPage:
    """One page, the newest first; `older` leads on."""

    rows: list[InstalledProduct]
    older: int | None


def page_of_products(user: User, words: str, *, before: int | None = None) -> ProductPage:
    """The products that `user` may view, of the customer, model or serial number that the words name."""
    rows = InstalledProduct.objects.visible_to(user).select_related("product", "account", "estate")
    if words:
        rows = rows.filter(_named(user, words))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return ProductPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def products_of(account: Account, user: User) -> QuerySet[InstalledProduct]:
    """What a customer has in use, as far as `user` may view it."""
    rows = InstalledProduct.objects.visible_to(user).filter(account=account, is_active=True)
    return rows.select_related("product", "account", "estate").order_by("product__position", "pk")


def _named(user: User, words: str) -> Q:
    kinds = Product.objects.filter(Q(name__icontains=words) | Q(name_zh__icontains=words) | Q(model__icontains=words))
    owners = matching(Account.objects.visible_to(user), words).order_by().values("pk")[:_CUSTOMERS]
    reach = Q(product__in=kinds) | Q(account__in=list(owners.values_list("pk", flat=True)))
    return reach | Q(serial_number__startswith=serial(words)) if serial(words) else reach
