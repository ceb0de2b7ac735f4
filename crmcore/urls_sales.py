"""Addresses of what is offered and sold, below `/crm/`."""

from django.urls import path

from crmcore.views import quotes, sales

SALES = [
    path("accounts/<int:pk>/sales/", sales.account_sales, name="account_sales"),
    path("quotes/", quotes.quote_list, name="quotes"),
    path("quotes/new/", quotes.new_quote, name="quote_new"),
    path("quotes/<int:pk>/", quotes.quote_page, name="quote"),
    path("quotes/<int:pk>/edit/", quotes.edit_quote, name="quote_edit"),
    path("quotes/<int:pk>/act/", quotes.act_on_quote, name="quote_act"),
    path("quotes/<int:pk>/print/", quotes.print_quote, name="quote_print"),
]
