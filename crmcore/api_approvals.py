"""Approvals through the API: read, and decided by who is asked."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from crmcore.actions.approval_acts import Act, take
from crmcore.actions.approvals import Refused
from crmcore.approval_serializers import ApprovalSerializer, DecisionSerializer
from crmcore.models import ApprovalRequest, User
from crmcore.rest import MayUseApi


class ApprovalViewSet(viewsets.ReadOnlyModelViewSet[ApprovalRequest]):
    """Requests for approval in which the caller has a part, or whose subject they may see."""

    queryset = ApprovalRequest.objects.select_related("plan", "version")
    serializer_class = ApprovalSerializer
    permission_classes = [MayUseApi]
    filterset_fields = ["state", "about", "asked_by"]

    def get_queryset(self) -> QuerySet[ApprovalRequest]:
        visible: QuerySet[ApprovalRequest] = ApprovalRequest.objects.visible_to(self.request.user)
        return visible.select_related("plan", "version")

    @extend_schema(request=DecisionSerializer, responses=ApprovalSerializer)
    @action(methods=["post"], detail=True, pagination_class=None, filterset_fields=None)
    def decide(self, request: Request, pk: str) -> Response:
        """Approve, reject, pass on, ask back, answer or withdraw; the same twice is done once."""
        asked = DecisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user, facts = request.user, dict(asked.validated_data)
        assert isinstance(user, User)
        try:
            take(self.get_object(), Act(facts.pop("do")), by=user, **facts)
        except Refused as refusal:
            raise ValidationError({"do": [str(refusal)]}) from refusal
        return Response(self.get_serializer(self.get_object()).data)
