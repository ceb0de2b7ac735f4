"""How approvals look in the API."""

from typing import Any

from rest_framework import serializers

from crmcore.clock import now
from crmcore.models import ApprovalRequest, User
from crmcore.queries.approvals import steps_of


class SeatSerializer(serializers.Serializer[Any]):
    """Somebody who was asked; `answer` is empty, approved, rejected, delegated or lapsed."""

    id = serializers.IntegerField(source="pk")
    user = serializers.IntegerField(source="user_id")
    name = serializers.CharField(source="user.name")
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField()
    is_waiting = serializers.BooleanField()


class StepSerializer(serializers.Serializer[Any]):
    """`state` is done, now, ahead, or left when it was never come to."""

    number = serializers.IntegerField()
    name = serializers.CharField(source="step.label")
    needs = serializers.CharField(source="step.needs")
    state = serializers.CharField()
    due_at = serializers.DateTimeField()
    seats = SeatSerializer(many=True)


class ApprovalSerializer(serializers.ModelSerializer[ApprovalRequest]):
    """A request with its steps; `about` names the thing, as in ticket:42."""

    plan = serializers.CharField(source="plan.code")
    version = serializers.IntegerField(source="version.number")
    steps = serializers.SerializerMethodField()

    class Meta:
        model = ApprovalRequest
        fields = (
            *("id", "about", "title", "plan", "version", "asked_by", "reason", "facts", "state"),
            *("asked_at", "settled_at", "steps"),
        )
        read_only_fields = fields

    def get_steps(self, request: ApprovalRequest) -> list[dict[str, Any]]:
        return list(StepSerializer(steps_of(request, now()), many=True).data)


class DecisionSerializer(serializers.Serializer[Any]):
    """What the caller does about a request. `seat` is their own; `to` is to whom it is passed on."""

    do = serializers.ChoiceField(["approve", "reject", "delegate", "ask_back", "answer", "withdraw"])
    seat = serializers.IntegerField(required=False, min_value=1)
    text = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    to = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True), required=False)
