"""Messages that only say thank you are known; whatever asks, complains or adds something is not one of them."""

import pytest

from tickets.thanks import LONGEST, is_thanks_only


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "thank you so much 🙏",
        "Thank you, Mei!",
        "Thanks for your quick help.",
        "Great, it works now. Many thanks!",
        "Got it, thanks again. Have a nice day",
        "Perfect. Thank you for the update.\n\nBest regards\nLi Na",
        "Much appreciated.",
        "谢谢",
        "谢谢！🌹",
        "好的，谢谢您",
        "收到，非常感谢你们的帮助！",
        "谢谢小李，已经解决了",
        "可以了，辛苦了",
        "多谢多谢，祝工作顺利！",
        "没问题了，谢谢",
    ],
)
def test_thanks(text: str) -> None:
    assert is_thanks_only(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "It works.",
        "Thanks, but it still does not work.",
        "Thanks. When will it be delivered?",
        "Thank you, could you send me the invoice",
        "Thanks, I am waiting for the parts.",
        "Thanks in advance for sending the invoice of March",
        "Thank you for your order 4711, it never came",
        "No thanks needed, just repair it",
        "Thanks. The second printer shows the same fault.",
        "Thanks for nothing, I want my money back",
        "Thanks for nothing",
        "Thanks, broken again",
        "Thanks. Broken",
        "谢谢，坏了",
        "谢谢还不行",
        "谢谢，还不行",
        "谢谢，什么时候能修好",
        "好的谢谢，请尽快处理",
        "谢谢，但是发票没有收到",
        "谢谢你们，另外一台也坏了",
        "谢谢，等你们的消息",
        "麻烦尽快，谢谢",
        "thanks " * LONGEST,
    ],
)
def test_more_than_thanks(text: str) -> None:
    assert not is_thanks_only(text)
