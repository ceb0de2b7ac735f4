"""All addresses of customers. Their page mixes what every package knows, so the roof adds it to the ground's own."""

from django.urls import path

from crmcore.urls import urlpatterns as crmcore_urlpatterns
from servicedesk.console.views import customers
from tickets.views import products

app_name = "crm"

urlpatterns = [
    path("accounts/<int:pk>/", customers.page, name="account"),
    path("products/<int:pk>/", products.product, name="product"),
    *crmcore_urlpatterns,
]
