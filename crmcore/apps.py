"""The ground floor: people, rights, customers, opportunities, queues, calendars and the nervous system."""

from django.apps import AppConfig


class CrmCoreConfig(AppConfig):
    name = "crmcore"
    verbose_name = "CRM core"
