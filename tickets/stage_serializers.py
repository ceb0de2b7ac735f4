"""Stages of a ticket as the REST API shows them, and the step that it takes."""

from typing import Any

from rest_framework import serializers

from tickets.models import StageVisit
from tickets.queries.stages import StageBar
from tickets.stage_flow import Act


class VisitSerializer(serializers.ModelSerializer[StageVisit]):
    team = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    version = serializers.SlugRelatedField[Any](slug_field="number", read_only=True)

    class Meta:
        model = StageVisit
        fields = ("id", "stage", "version", "tier", "team", "climbs", "entered_at", "left_at", "how")


class BarStageSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(source="stage.code")
    name = serializers.CharField(source="stage.name")
    name_zh = serializers.CharField(source="stage.name_zh")
    state = serializers.CharField()


class MoveSerializer(serializers.Serializer[Any]):
    act = serializers.CharField()
    to = serializers.CharField()


class StagesSerializer(serializers.Serializer[StageBar]):
    """`moves` are the steps that the caller may take, `lacks` what `work` waits for."""

    stages = BarStageSerializer(many=True)
    visit = VisitSerializer(allow_null=True)
    due_at = serializers.DateTimeField(source="clock.due_at", default=None)
    lacks = serializers.ListField(child=serializers.CharField())
    moves = serializers.SerializerMethodField()

    def get_moves(self, bar: StageBar) -> list[dict[str, str]]:
        return [dict(MoveSerializer(move).data) for move in (*bar.ways, *bar.others)]


class StepSerializer(serializers.Serializer[Any]):
    """One step: `to` is a stage's code, or "end"; steps between tiers lead nowhere."""

    act = serializers.ChoiceField(choices=Act.choices)
    to = serializers.CharField(required=False, allow_blank=True, default="")
    visit = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
