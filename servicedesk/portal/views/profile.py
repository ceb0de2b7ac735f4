"""What the customer may change about themselves, and what we know of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from crmcore import phone_numbers
from crmcore.actions import people
from crmcore.models import ContactPoint, User
from servicedesk.portal.forms import ProfileForm
from servicedesk.portal.frame import contact_of, customer, customer_page, page


@customer_page
def profile(request: HttpRequest) -> HttpResponse:
    """`/portal/profile/`: name, language and time zone; telephone numbers and addresses are only shown."""
    user = customer(request)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        people.set_preferences(user, **form.cleaned_data)
        with translation.override(user.language):
            messages.success(request, _("Saved"))
        return redirect("portal:profile")
    contact = contact_of(user)
    context = {
        "section": "profile",
        "form": form,
        "points": [(point.get_kind_display(), _written(point)) for point in contact.points.order_by("kind", "pk")],
        "memberships": contact.memberships.select_related("account").order_by("-is_primary", "pk"),
    }
    return page(request, "profile.html", context)


def _written(point: ContactPoint) -> str:
    is_number = point.kind == ContactPoint.Kind.PHONE
    return phone_numbers.pretty(point.value) if is_number else point.raw
