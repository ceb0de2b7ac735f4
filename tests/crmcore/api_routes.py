"""The API of the ground floor alone, at its usual address."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from crmcore.api import AccountViewSet, ContactViewSet, OpportunityViewSet

router = DefaultRouter()
router.register("accounts", AccountViewSet, basename="account")
router.register("contacts", ContactViewSet, basename="contact")
router.register("opportunities", OpportunityViewSet, basename="opportunity")

urlpatterns = [path("api/v1/", include(router.urls))]
