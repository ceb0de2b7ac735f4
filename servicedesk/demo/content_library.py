"""Questions and scripts of the demo's content library; they go with the person who keeps them."""

from crmcore.models import User
from tickets.models import LibraryQuestion, LibraryScript
from tickets.questionnaires import QuestionKind

# code, kind, question, in Chinese, answers to choose from, shared
QUESTIONS: tuple[tuple[str, str, str, str, list[list[str]], bool], ...] = (
    ("demo-friendly", QuestionKind.SCALE, "How friendly were we?", "我们的服务态度如何？", [], True),
    ("demo-first-time", QuestionKind.YES_NO, "Was it solved the first time?", "问题是否一次就解决了？", [], True),
    (
        "demo-way",
        QuestionKind.SINGLE,
        "How do you like to be reached?",
        "您希望我们以哪种方式联系您？",
        [["c1", "By telephone", "电话"], ["c2", "By text message", "短信"], ["c3", "By WeChat", "微信"]],
        True,
    ),
    ("demo-tell-us", QuestionKind.TEXT, "What else should we know?", "您还有什么想告诉我们的？", [], False),
)
# code, name, Chinese name, words, Chinese words, shared
SCRIPTS = (
    (
        "demo-warranty-ends",
        "The warranty ends soon",
        "保修即将到期",
        "Good day, this is the service desk. Your warranty ends next month. May we look at the machine before that?",
        "您好，这里是客户服务中心。您的产品下个月保修到期，到期前我们想为您做一次免费检查，您看什么时间方便？",
        True,
    ),
    (
        "demo-delivered",
        "After a delivery",
        "交付之后",
        "Good day, this is the service desk. Did everything arrive whole, and does it run as you expected?",
        "您好，这里是客户服务中心。请问货品是否完好送达？使用起来是否符合您的预期？",
        False,
    ),
)


def add_library(owner: User) -> None:
    """Some that everybody finds, and one of each kind that only `owner` sees."""
    for position, (code, kind, name, name_zh, choices, shared) in enumerate(QUESTIONS):
        LibraryQuestion.objects.create(
            code=code,
            kind=kind,
            name=name,
            name_zh=name_zh,
            choices=choices,
            is_shared=shared,
            position=position,
            owner=owner,
        )
    for position, (code, name, name_zh, text, text_zh, shared) in enumerate(SCRIPTS):
        LibraryScript.objects.create(
            code=code,
            name=name,
            name_zh=name_zh,
            text=text,
            text_zh=text_zh,
            is_shared=shared,
            position=position,
            owner=owner,
        )
