"""The questionnaire that a new desk begins with: quality, speed and problem solving, and what was missing."""

from datetime import UTC, datetime
from typing import Any

CODE, NAME, NAME_ZH = "service", "Service quality", "服务质量问卷"
PUBLISHED = datetime(2020, 1, 1, tzinfo=UTC)
DOCUMENT: dict[str, Any] = {
    "questions": [
        {"code": "quality", "kind": "scale", "text": "How good was the service?", "text_zh": "您对服务质量打几分？"},
        {"code": "speed", "kind": "scale", "text": "How quickly did we answer?", "text_zh": "您对响应速度打几分？"},
        {
            "code": "solved",
            "kind": "yes_no",
            "text": "Is your problem solved for good?",
            "text_zh": "问题是否彻底解决了？",
            "is_required": True,
            "branches": {"yes": "wish"},
        },
        {
            "code": "missing",
            "kind": "multiple",
            "text": "What was missing?",
            "text_zh": "哪里没有做好？",
            "choices": [
                ["slow", "It took too long", "处理太慢"],
                ["skill", "Nobody knew the answer", "不够专业"],
                ["attitude", "The tone", "态度不好"],
                ["again", "The fault came back", "问题反复出现"],
            ],
        },
        {"code": "wish", "kind": "text", "text": "What should we do better?", "text_zh": "您希望我们改进什么？"},
    ]
}


def install_questionnaires(questionnaires: Any, versions: Any) -> None:
    """Create it where it is missing, with the model classes, the real or a migration's."""
    facts = {"name": NAME, "name_zh": NAME_ZH}
    row, created = questionnaires.objects.get_or_create(code=CODE, defaults=facts)
    if created:
        versions.objects.create(questionnaire=row, number=1, document=DOCUMENT, published_at=PUBLISHED)
