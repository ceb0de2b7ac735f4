"""Addresses of the entrance for outside firms."""

from django.urls import path

from servicedesk.partners.views import articles, home, products, tickets

app_name = "partners"

urlpatterns = [
    path("", home.home, name="home"),
    path("tickets/", tickets.ticket_list, name="tickets"),
    path("tickets/<str:number>/", tickets.ticket, name="ticket"),
    path("tickets/<str:number>/write/", tickets.write, name="write"),
    path("tickets/<str:number>/status/", tickets.status, name="status"),
    path("tickets/<str:number>/solve/", tickets.solved, name="solve"),
    path("files/<uuid:public_id>/", tickets.file, name="file"),
    path("articles/", articles.article_list, name="articles"),
    path("articles/<str:number>/", articles.article, name="article"),
    path("articles/<str:number>/vote/", articles.say, name="vote"),
    path("products/", products.products, name="products"),
]
