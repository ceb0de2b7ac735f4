"""The addresses that these tests need."""

from django.urls import include, path

urlpatterns = [
    path("telephony/twilio/", include("telephony.urls_twilio")),
    path("account/", include("allauth.urls")),
]
