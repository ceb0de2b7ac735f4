"""Addresses of campaigns."""

from django.urls import path

from servicedesk.campaigns import editing, filling, group_texts, views

app_name = "campaigns"

urlpatterns = [
    path("", views.campaign_list, name="list"),
    path("new/", editing.new, name="new"),
    path("texts/", group_texts.group_texts, name="group_texts"),
    path("texts/new/", group_texts.new, name="new_group_text"),
    path("texts/<int:pk>/", group_texts.page, name="group_text"),
    path("texts/<int:pk>/edit/", group_texts.edit, name="edit_group_text"),
    path("texts/<int:pk>/figures/", group_texts.figures, name="group_figures"),
    path("texts/<int:pk>/state/", group_texts.move, name="move_group_text"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/figures/", views.figures, name="figures"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/state/", views.move, name="move"),
    path("<int:pk>/progressive/", views.progressive_again, name="progressive_again"),
    path("<int:pk>/results/", views.results, name="results"),
    path("<int:pk>/fill/", filling.fill, name="fill"),
    path("<int:pk>/fill/count/", filling.count, name="count"),
    path("<int:pk>/fill/file/", filling.upload, name="upload"),
    path("<int:pk>/files/<int:file_id>/", filling.file, name="file"),
    path("<int:pk>/files/<int:file_id>/rejected/", filling.rejected, name="rejected"),
]
