"""The carrier's addresses, wherever the product's own list has them."""

from django.urls import include, path

from servicedesk.urls import urlpatterns as product

urlpatterns = [path("telephony/twilio/", include("telephony.urls_twilio")), *product]
