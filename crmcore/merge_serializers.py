"""Merging as the API writes it."""

from typing import Any

from rest_framework import serializers


class MergeSerializer(serializers.Serializer[Any]):
    """What to merge into, and what the survivor takes over."""

    into = serializers.IntegerField()
    choices = serializers.DictField(
        child=serializers.ChoiceField(["survivor", "source", "both"]), required=False, default=dict
    )


class MergedSerializer(serializers.Serializer[Any]):
    merge = serializers.IntegerField()
    survivor = serializers.IntegerField()


class PartedSerializer(serializers.Serializer[Any]):
    kept = serializers.ListField(child=serializers.CharField())
