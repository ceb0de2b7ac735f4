"""The REST API's addresses: one router over all packages, with its schema."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.routers import DefaultRouter

from crmcore.api import AccountViewSet, ContactViewSet, OpportunityViewSet
from crmcore.api_approvals import ApprovalViewSet
from crmcore.api_contracts import ContractViewSet, DueViewSet
from crmcore.api_leads import LeadViewSet, ReceptionViewSet
from crmcore.api_lists import CodeEntryViewSet, RegionViewSet
from crmcore.api_organisation import ImportantDateViewSet, UnitViewSet
from crmcore.api_products import InstalledProductViewSet
from crmcore.api_quotes import QuoteViewSet
from knowledgebase.api import ArticleViewSet
from telephony.api import CallViewSet
from tickets.api import InteractionViewSet, TicketViewSet
from tickets.api_chats import ChatViewSet
from tickets.api_clocks import ClockViewSet
from tickets.api_dispatch import DispatchOrderViewSet
from tickets.api_visits import SurveyViewSet, VisitViewSet

app_name = "api"

router = DefaultRouter(trailing_slash=True)
router.include_root_view = False
router.register("accounts", AccountViewSet, basename="account")
router.register("contacts", ContactViewSet, basename="contact")
router.register("code-lists", CodeEntryViewSet, basename="code-list")
router.register("regions", RegionViewSet, basename="region")
router.register("units", UnitViewSet, basename="unit")
router.register("important-dates", ImportantDateViewSet, basename="important-date")
router.register("opportunities", OpportunityViewSet, basename="opportunity")
router.register("quotes", QuoteViewSet, basename="quote")
router.register("contracts", ContractViewSet, basename="contract")
router.register("dues", DueViewSet, basename="due")
router.register("leads", LeadViewSet, basename="lead")
router.register("receptions", ReceptionViewSet, basename="reception")
router.register("tickets", TicketViewSet, basename="ticket")
router.register("surveys", SurveyViewSet, basename="survey")
router.register("visits", VisitViewSet, basename="visit")
router.register("products", InstalledProductViewSet, basename="product")
router.register("dispatch-orders", DispatchOrderViewSet, basename="dispatch-order")
router.register("clocks", ClockViewSet, basename="clock")
router.register("interactions", InteractionViewSet, basename="interaction")
router.register("chats", ChatViewSet, basename="chat")
router.register("approvals", ApprovalViewSet, basename="approval")
router.register("calls", CallViewSet, basename="call")
router.register("articles", ArticleViewSet, basename="article")

urlpatterns = [
    path("", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api:schema", renderer_classes=[TemplateHTMLRenderer]),
        name="docs",
    ),
]
