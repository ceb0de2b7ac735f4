"""The ground floor: people, rights, customers, opportunities, queues, calendars and the nervous system."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CrmCoreConfig(AppConfig):
    name = "crmcore"
    verbose_name = "CRM core"

    def ready(self) -> None:
        autodiscover_modules("approvals")
