"""Addresses of leads and of the reception's register."""

from django.urls import path

from crmcore.views import lead_acts, leads, reception

urlpatterns = [
    path("leads/", leads.lead_list, name="leads"),
    path("leads/new/", leads.new_lead, name="lead_new"),
    path("leads/duplicates/", leads.lead_duplicates, name="lead_duplicates"),
    path("leads/<int:pk>/", leads.lead_page, name="lead"),
    path("leads/<int:pk>/edit/", leads.edit_lead, name="lead_edit"),
    path("leads/<int:pk>/contacted/", lead_acts.contacted, name="lead_contacted"),
    path("leads/<int:pk>/sign/", lead_acts.sign, name="lead_sign"),
    path("leads/<int:pk>/end/<slug:state>/", lead_acts.end, name="lead_end"),
    path("leads/<int:pk>/reopen/", lead_acts.reopen, name="lead_reopen"),
    path("leads/<int:pk>/convert/", lead_acts.convert, name="lead_convert"),
    path("reception/", reception.register, name="reception"),
    path("reception/new/", reception.new_entry, name="reception_new"),
    path("reception/<int:pk>/edit/", reception.edit_entry, name="reception_edit"),
    path("reception/<int:pk>/check/", reception.check, name="reception_check"),
    path("reception/<int:pk>/card/", reception.open_card, name="reception_card"),
]
