"""Addresses of the knowledge base."""

from django.urls import path

from knowledgebase.views import drafting, editor, fragments, shelves

app_name = "kb"

urlpatterns = [
    path("", shelves.article_list, name="articles"),
    path("new/", editor.new_article, name="new"),
    path("picker/", fragments.picker, name="picker"),
    path("suggest/", fragments.suggestions, name="suggest"),
    path("preview/<slug:language>/", editor.preview, name="preview"),
    path("from/<str:number>/", drafting.draft, name="draft"),
    path("<str:number>/", shelves.article, name="article"),
    path("<str:number>/edit/", editor.edit_article, name="edit"),
    path("<str:number>/discard/", editor.discard, name="discard"),
    path("<str:number>/archive/", editor.archive, name="archive"),
    path("<str:number>/vote/", shelves.vote, name="vote"),
    path("<str:number>/use/", fragments.use, name="use"),
]
