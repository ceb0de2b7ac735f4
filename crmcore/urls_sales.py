"""Addresses of what is offered and sold, below `/crm/`."""

from django.urls import path

from crmcore.views import contracts, quotes, receivables, sales

SALES = [
    path("accounts/<int:pk>/sales/", sales.account_sales, name="account_sales"),
    path("quotes/", quotes.quote_list, name="quotes"),
    path("quotes/new/", quotes.new_quote, name="quote_new"),
    path("quotes/<int:pk>/", quotes.quote_page, name="quote"),
    path("quotes/<int:pk>/edit/", quotes.edit_quote, name="quote_edit"),
    path("quotes/<int:pk>/act/", quotes.act_on_quote, name="quote_act"),
    path("quotes/<int:pk>/print/", quotes.print_quote, name="quote_print"),
    path("contracts/", contracts.contract_list, name="contracts"),
    path("contracts/new/", contracts.new_contract, name="contract_new"),
    path("contracts/<int:pk>/", contracts.contract_page, name="contract"),
    path("contracts/<int:pk>/edit/", contracts.edit_contract, name="contract_edit"),
    path("contracts/<int:pk>/act/", contracts.act_on_contract, name="contract_act"),
    path("contracts/<int:pk>/files/<int:file_id>/", contracts.contract_file, name="contract_file"),
    path("receivables/", receivables.receivables, name="receivables"),
    path("dues/new/", receivables.new_due, name="due_new"),
    path("dues/<int:pk>/", receivables.due_page, name="due"),
]
