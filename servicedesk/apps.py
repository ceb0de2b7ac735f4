"""The roof: it joins the packages into one product."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ServicedeskConfig(AppConfig):
    name = "servicedesk"
    verbose_name = "Servicedesk"

    def ready(self) -> None:
        autodiscover_modules("tasks")
