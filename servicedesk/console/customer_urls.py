"""The customer's page: mixed from all packages, so it stands under the roof but at the customers' address."""

from django.urls import path

from servicedesk.console.views import customers

app_name = "customer"

urlpatterns = [path("accounts/<int:pk>/", customers.page, name="account")]
