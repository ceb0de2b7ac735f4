"""The roof: it joins the packages into one product."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from servicedesk.celery import app


class ServicedeskConfig(AppConfig):
    name = "servicedesk"
    verbose_name = "Servicedesk"

    # Held here so that every process that puts work off knows the broker.
    celery = app

    def ready(self) -> None:
        autodiscover_modules("tasks")
