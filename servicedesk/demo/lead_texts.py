"""What the demo's prospects want, in both worlds."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class LeadText:
    """One card: opened `days` ago by its owner; `talks` are days ago, method, summary, objections, plan and grade."""

    owner: str
    name: str
    days: float
    source: str
    grade: str
    wanted: str
    product: str = ""
    phone: str = ""
    budget: int | None = None
    currency: str = "CNY"
    employer: str = ""
    payment: str = ""
    compared: str = ""
    favourable: str = ""
    unfavourable: str = ""
    talks: tuple[tuple[float, str, str, str, str, str], ...] = ()
    signed_by: str = ""
    ends: str = ""
    more: dict[str, Any] = field(default_factory=dict)


ENGLISH = (
    LeadText(
        "maya",
        "Harriet Coyle",
        9,
        "referral",
        "a",
        "Two core switches for a new depot, before the lease begins.",
        product="demo-switch",
        phone="+44 20 7946 0671",
        budget=3_800_000,
        currency="GBP",
        employer="Coyle Cold Stores",
        payment="invoice",
        compared="Aruba 5400",
        favourable="Their neighbours at the harbour are our customers.",
        unfavourable="The electrician recommends another make.",
        talks=(
            (8, "call", "She knows the price range and wants a site visit.", "", "Visit with the electrician", "a"),
            (
                5,
                "visit",
                "Walked the depot; twelve cabinets, two of them damp.",
                "Delivery in four weeks is too late.",
                "Bring the delivery date",
                "hot",
            ),
        ),
        signed_by="helen",
    ),
    LeadText(
        "maya",
        "Owen Prichard",
        0.2,
        "website",
        "b",
        "A VPN gateway for nine branches, by the end of the year.",
        product="demo-gateway",
        phone="+44 20 7946 0672",
        budget=1_150_000,
        currency="GBP",
        employer="Prichard & Lowe",
    ),
    LeadText(
        "elif",
        "Sana Qureshi",
        21,
        "event",
        "b",
        "Wants the gateway for clinics; has to convince the board.",
        product="demo-gateway",
        phone="+44 20 7946 0673",
        budget=900_000,
        currency="GBP",
        employer="Linden Clinics",
        talks=(
            (
                16,
                "email",
                "Sent the comparison and the two references.",
                "Is it certified for health data?",
                "Send the certificate",
                "b",
            ),
        ),
    ),
    LeadText(
        "elif",
        "Marek Dudek",
        40,
        "call",
        "c",
        "Asked for a price list, nothing else.",
        product="demo-switch",
        phone="+44 20 7946 0674",
        currency="GBP",
        talks=((38, "call", "Compares three makers for next year.", "Too expensive for one office.", "", "c"),),
        ends="lost",
    ),
    LeadText(
        "elif",
        "Greta Holm",
        33,
        "referral",
        "hot",
        "A switch for the second floor, the same as on the first.",
        product="demo-switch",
        phone="+44 20 7946 0675",
        budget=1_480_000,
        currency="GBP",
        employer="Holm Print",
        payment="invoice",
        talks=((31, "visit", "Measured the cabinet; she agreed on the spot.", "", "Send the offer", "hot"),),
        signed_by="helen",
        ends="converted",
    ),
)
CHINESE = (
    LeadText(
        "agent2",
        "孟凡星",
        6,
        "walk-in",
        "a",
        "新房装修，想配一台静音的滚筒洗衣机，阳台尺寸六十公分。",
        product="demo-washer",
        phone="13900007781",
        budget=620_000,
        payment="instalments",
        compared="海尔、小天鹅",
        favourable="妻子很喜欢外观。",
        unfavourable="嫌分期手续多。",
        talks=((5, "received", "看了样机，量了尺寸，问分期。", "担心阳台下水口位置。", "周末上门量尺寸", "hot"),),
    ),
    LeadText(
        "agent2",
        "苗秀兰",
        3,
        "referral",
        "b",
        "老房换燃气热水器，十六升。",
        product="demo-heater",
        phone="13900007782",
        budget=450_000,
        talks=((2.5, "call", "说等儿子回来再定。", "怕安装要改管道。", "下周一回电", "b"),),
        signed_by="supervisor2",
    ),
    LeadText(
        "chen_jiayi",
        "郭振华",
        15,
        "tender",
        "a",
        "精装房项目三百二十套，油烟机和热水器成套采购。",
        product="demo-cooker",
        phone="13900007783",
        budget=168_000_000,
        employer="临江置业有限公司",
        payment="invoice",
        compared="方太、老板",
        favourable="去年一期用的就是我们。",
        unfavourable="要求账期九十天。",
        talks=((12, "visit", "见了采购部两位，递了样册。", "账期九十天。", "请经理一起谈账期", "a"),),
    ),
    LeadText(
        "chen_jiayi",
        "祝小宁",
        45,
        "event",
        "c",
        "展会上留了电话，随便看看。",
        product="demo-door",
        phone="13900007784",
        talks=((44, "call", "说没有装修计划。", "", "", "c"),),
        ends="invalid",
    ),
    LeadText(
        "chen_jiayi",
        "薛文博",
        28,
        "website",
        "hot",
        "公寓入户门两樘，要指纹锁。",
        product="demo-door",
        phone="13900007785",
        budget=980_000,
        payment="at_once",
        talks=((26, "received", "到店试了指纹锁，当场定下颜色。", "", "签订单", "hot"),),
        signed_by="supervisor2",
        ends="converted",
    ),
)
# Recorder, hours ago, kind, name, companions, source, product, summary, consultant, shown
ENGLISH_REGISTER = (
    (
        "maya",
        2,
        "walk_in",
        "",
        "one colleague",
        "",
        "demo-switch",
        "Asked for prices, took a leaflet, left no name.",
        "",
        False,
    ),
    (
        "maya",
        4,
        "call",
        "Ivo Marin",
        "",
        "website",
        "demo-gateway",
        "Nine branches, wants a call tomorrow morning.",
        "elif",
        False,
    ),
    (
        "elif",
        27,
        "walk_in",
        "Lotte Brandes",
        "her brother",
        "referral",
        "demo-switch",
        "Tried the switch in the rack.",
        "elif",
        True,
    ),
    ("maya", 50, "walk_in", "", "", "", "", "", "", False),
)
CHINESE_REGISTER = (
    (
        "agent2",
        1,
        "walk_in",
        "吕建军",
        "妻子和孩子",
        "walk-in",
        "demo-washer",
        "看了三款滚筒，问以旧换新。",
        "agent2",
        True,
    ),
    ("agent2", 3, "call", "", "", "", "demo-heater", "问十六升热水器价格，没有留姓名。", "", False),
    ("chen_jiayi", 26, "walk_in", "", "", "", "", "看看样品。", "", False),
    (
        "agent2",
        30,
        "walk_in",
        "汤晓东",
        "父亲",
        "referral",
        "demo-cooker",
        "老客户介绍，想和灶具一起买。",
        "chen_jiayi",
        True,
    ),
)
