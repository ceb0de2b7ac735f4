"""What people said in the chats of the demo."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class ChatScript:
    """One chat: who with whom, how long ago, and its lines after the first by side ("us" or "them")."""

    queue: str
    subject: str
    first: str
    language: str = "en"
    agent: str = "agent1"
    customer: str = ""
    guest: str = ""
    ago: timedelta = timedelta()
    lines: tuple[tuple[str, str], ...] = ()
    note: str = ""
    is_solved: bool = True


SCRIPTS = (
    ChatScript(
        queue="network",
        subject="Which port for the second access point",
        first="Hi, we bought a second access point. Does it matter which port of the switch it goes to?",
        customer="customer1",
        ago=timedelta(hours=27),
        lines=(
            ("us", "Good morning. Any of ports 1 to 8 will do, they carry power."),
            ("them", "And 9 to 12?"),
            ("us", "Those have no power, so you would need the adapter that came with it."),
            ("them", "Port 3 it is. The light is green, thank you!"),
        ),
        note="Told that only ports 1 to 8 carry power.",
    ),
    ChatScript(
        queue="network",
        subject="Guest network asks for a code",
        first="Our visitors suddenly have to type a code for the guest network.",
        guest="Noor Haddad",
        ago=timedelta(hours=5),
        lines=(
            ("us", "That is the new default since version 7.2. Shall I show you where to switch it off?"),
            ("them", "Yes please"),
            ("us", "Wi-Fi, Guests, Access code. Untick it and save."),
            ("them", "Found it. I ask our IT first, we might keep it."),
        ),
        is_solved=False,
    ),
    ChatScript(
        queue="repairs",
        subject="洗衣机提示 E3",
        first="你好，洗衣机洗到一半显示 E3，门也打不开了。",
        language="zh-hans",
        agent="agent2",
        customer="customer2",
        ago=timedelta(hours=3),
        lines=(
            ("us", "您好，E3 表示排水不畅。请先断电，等两分钟门锁会自动松开。"),
            ("them", "门开了，里面还有水。"),
            ("us", "请打开右下角的小盖，把过滤网慢慢旋出来清理一下，下面放个盆接水。"),
            ("them", "里面有一枚硬币!现在正常排水了，谢谢。"),
        ),
        note="过滤网内有异物，已指导客户自行清理。",
    ),
)
WAITING = ChatScript(
    queue="network",
    subject="The status light blinks orange",
    first="Hello, the status light of our router blinks orange since the storm. Is that bad?",
    guest="Tomasz Lind",
)
