"""What is brought along from a visit: photos, the signature, parts and work with their cost."""

import hashlib
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.clock import now
from crmcore.models import User
from crmcore.permissions import require_operation
from crmcore.queries.rights import require_reach
from tickets.actions.dispatching import locked, require_own, tell
from tickets.actions.field_work import refuse_over
from tickets.actions.files import FileRefused, check_file, keep
from tickets.actions.moves import WrongMove
from tickets.mail.file_kinds import kind_of, safe_name
from tickets.models import DispatchCost, DispatchFile, DispatchOrder, FieldTerms
from tickets.photo_metadata import BrokenPicture, without_metadata

MOST_PHOTOS = 20
LARGEST_SIGNATURE = 300 * 1024
MOST_COSTS = 100
LARGEST_MINOR = 10_000_000_00
PNG = "image/png"


@transaction.atomic
def add_photo(order: DispatchOrder, *, by: User, name: str, data: bytes) -> DispatchFile:
    """Keep a photo, without place, time and device unless the desk keeps them as proof; the same one twice is one.

    Raises FileRefused for anything but a picture, WrongMove.
    """
    check_file(name, data)
    if not kind_of(name, data).is_image:
        raise FileRefused(_("%(name)s is not a picture.") % {"name": safe_name(name)})
    order = _open(order, by, "visits.photos")
    data = _fit_to_keep(name, data)
    if order.files.filter(kind=DispatchFile.Kind.PHOTO).count() >= MOST_PHOTOS:
        raise FileRefused(_("Send %(most)d pictures at most.") % {"most": MOST_PHOTOS})
    return _kept(order, DispatchFile.Kind.PHOTO, name, data, by)


@transaction.atomic
def sign(order: DispatchOrder, *, by: User, data: bytes) -> DispatchFile:
    """Keep the customer's signature as it was drawn, in place of one drawn before. Raises FileRefused, WrongMove."""
    check_file("signature.png", data)
    if len(data) > LARGEST_SIGNATURE or kind_of("signature.png", data).content_type != PNG:
        raise FileRefused(_("This is not a signature."))
    order = _open(order, by, "visits.photos")
    digest = hashlib.sha256(data).hexdigest()
    order.files.filter(kind=DispatchFile.Kind.SIGNATURE).exclude(digest=digest).delete()
    return _kept(order, DispatchFile.Kind.SIGNATURE, "signature.png", data, by)


@transaction.atomic
def add_cost(
    order: DispatchOrder, key: UUID, *, by: User, kind: str, name: str, quantity: int, unit_minor: int
) -> DispatchCost:
    """Write down a part or work, in minor units of the order's currency; the same key is the same line."""
    order = _open(order, by, "visits.costs")
    known = order.costs.filter(key=key).first()
    if known is not None:
        return known
    if not name.strip() or quantity < 1 or not 0 <= unit_minor <= LARGEST_MINOR:
        raise WrongMove(_("Write what it was, how many, and the price of one."))
    if order.costs.count() >= MOST_COSTS:
        raise WrongMove(_("That is too much for one visit."))
    cost = order.costs.create(key=key, kind=kind, name=name.strip()[:120], quantity=quantity, unit_minor=unit_minor)
    tell(order)
    return cost


@transaction.atomic
def remove_cost(order: DispatchOrder, key: UUID, *, by: User) -> None:
    """Take a line off again."""
    order = _open(order, by, "visits.costs")
    if order.costs.filter(key=key).delete()[0]:
        tell(order)


def _fit_to_keep(name: str, data: bytes) -> bytes:
    if FieldTerms.current().keeps_photo_places:
        return data
    try:
        return without_metadata(data)
    except BrokenPicture as broken:
        raise FileRefused(_("%(name)s is not a picture.") % {"name": safe_name(name)}) from broken


def _open(order: DispatchOrder, by: User, operation: str) -> DispatchOrder:
    require_operation(by, operation)
    require_reach(by, "edit", order)
    order = locked(order)
    require_own(order, by)
    refuse_over(order)
    return order


def _kept(order: DispatchOrder, kind: str, name: str, data: bytes, by: User) -> DispatchFile:
    facts = {
        "kind": kind,
        "name": safe_name(name),
        "content_type": kind_of(name, data).content_type,
        "size": len(data),
        "file": keep("files", data),
        "by": by,
        "created_at": now(),
    }
    digest = hashlib.sha256(data).hexdigest()
    return DispatchFile.objects.get_or_create(order=order, digest=digest, defaults=facts)[0]
