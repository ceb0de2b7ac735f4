"""The knowledge base: what the desk knows, written once and read by customers and staff in both languages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeBaseConfig(AppConfig):
    name = "knowledgebase"
    verbose_name = _("Knowledge base")
