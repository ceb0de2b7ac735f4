"""The canned replies that a new desk begins with."""

from typing import Any

# code, name, Chinese name, text, Chinese text
REPLIES = (
    (
        "received",
        "We look into it",
        "已收到，正在处理",
        "Dear {customer},\n\nthank you for writing to us. We are looking into it and come back to you here.\n\n{agent}",
        "{customer}，您好！\n\n感谢您的反馈，我们正在处理，有进展会在这里告诉您。\n\n{agent}",
    ),
    (
        "more",
        "More information needed",
        "需要更多信息",
        "Dear {customer},\n\nto help you with {number} we need a little more from you:\n\n- \n\nThank you!\n{agent}",
        "{customer}，您好！\n\n为了处理 {number}，还需要您补充以下信息：\n\n- \n\n谢谢！\n{agent}",
    ),
    (
        "solved",
        "It should work now",
        "应该已经解决",
        "Dear {customer},\n\nthis should work again now. If it does not, write here and we go on.\n\n{agent}",
        "{customer}，您好！\n\n问题应该已经解决。如果还有异常，在这里回复即可，我们会继续处理。\n\n{agent}",
    ),
    (
        "sorry",
        "Sorry for the wait",
        "抱歉让您久等",
        "Dear {customer},\n\nwe are sorry that you had to wait. {number} is not forgotten.\n\n{agent}",
        "{customer}，您好！\n\n很抱歉让您久等了。{number} 我们一直在跟进。\n\n{agent}",
    ),
)


def install_replies(model: Any) -> None:
    """Create what is missing, with the model class, the real or a migration's."""
    for position, (code, name, name_zh, body, body_zh) in enumerate(REPLIES):
        facts = {"name": name, "name_zh": name_zh, "body": body, "body_zh": body_zh, "position": position}
        model.objects.get_or_create(code=code, defaults=facts)
