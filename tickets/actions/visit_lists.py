"""Methods and themes that people make for their own visits."""

from crmcore.actions.codes import free_code
from crmcore.models import User
from tickets.models import VisitMethod, VisitTheme


def own_method(name: str, *, by: User, is_shared: bool) -> VisitMethod:
    """The person's method of this name, made where it is new."""
    known = VisitMethod.objects.filter(owner=by, name=name.strip()).first()
    code = free_code(VisitMethod.objects, name, "method")
    return known or VisitMethod.objects.create(code=code, name=name.strip(), owner=by, is_shared=is_shared)


def own_theme(name: str, *, by: User, is_shared: bool) -> VisitTheme:
    """The person's theme of this name, made where it is new."""
    known = VisitTheme.objects.filter(owner=by, name=name.strip()).first()
    code = free_code(VisitTheme.objects, name, "theme")
    return known or VisitTheme.objects.create(code=code, name=name.strip(), owner=by, is_shared=is_shared)
