"""Addresses of customers and opportunities; the page of one customer is mounted by the console."""

from django.urls import path

from crmcore import urls_leads, urls_master, urls_merges, urls_organisation, urls_ownership
from crmcore.urls_sales import SALES
from crmcore.views import accounts, contacts, opportunities, products, search

app_name = "crm"

urlpatterns = [
    path("accounts/", accounts.account_list, name="accounts"),
    path("accounts/new/", accounts.new_account, name="account_new"),
    path("accounts/duplicates/", accounts.account_duplicates, name="account_duplicates"),
    path("accounts/<int:pk>/edit/", accounts.edit_account, name="account_edit"),
    path("contacts/new/", contacts.new_contact, name="contact_new"),
    path("contacts/duplicates/", contacts.contact_duplicates, name="contact_duplicates"),
    path("contacts/<int:pk>/", contacts.contact_page, name="contact"),
    path("contacts/<int:pk>/edit/", contacts.edit_contact, name="contact_edit"),
    path("points/<int:pk>/verify/", contacts.verify_point, name="point_verify"),
    path("opportunities/", opportunities.opportunity_board, name="opportunities"),
    path("opportunities/list/", opportunities.opportunity_list, name="opportunity_list"),
    path("opportunities/new/", opportunities.new_opportunity, name="opportunity_new"),
    path("opportunities/<int:pk>/", opportunities.edit_opportunity, name="opportunity"),
    path("opportunities/<int:pk>/move/", opportunities.move_opportunity, name="opportunity_move"),
    path("products/", products.product_list, name="products"),
    path("products/new/", products.new_product, name="product_new"),
    path("products/<int:pk>/edit/", products.edit_product, name="product_edit"),
    *SALES,
    path("search/", search.customer_search, name="search"),
    *urls_master.urlpatterns,
    *urls_organisation.urlpatterns,
    *urls_leads.urlpatterns,
    *urls_ownership.urlpatterns,
    *urls_merges.urlpatterns,
]
