"""Addresses of duplicates and merges."""

from django.urls import path

from crmcore.views import merging

urlpatterns = [
    path("accounts/<int:pk>/merges/", merging.merges, {"kind": "account"}, name="account_merges"),
    path("accounts/<int:pk>/merge/", merging.merge, {"kind": "account"}, name="account_merge"),
    path("contacts/<int:pk>/merges/", merging.merges, {"kind": "contact"}, name="contact_merges"),
    path("contacts/<int:pk>/merge/", merging.merge, {"kind": "contact"}, name="contact_merge"),
    path("merges/<int:pk>/undo/", merging.undo, name="merge_undo"),
]
