"""What the owners of the estate firm complain about, in English and Chinese."""

from dataclasses import dataclass
from typing import Any

Both = tuple[str, str]


@dataclass(frozen=True)
class ComplaintText:
    """A complaint with the stage at which it stands now; an empty stage means that its loop is done."""

    stage: str
    category: str
    weight: int
    hours_ago: float
    subject: Both
    body: Both
    building: Both
    marks: tuple[str, ...] = ()


COMPLAINTS = (
    ComplaintText(
        "reception",
        "property_repair",
        3,
        0.4,
        ("Bedroom window lets rain in, mould on the wall", "次卧窗框渗水，墙面发霉"),
        ("Water stands on the sill after every storm.", "每次下大雨窗台都有积水，墙面已经发霉。"),
        ("Riverside 4, flat 12", "云栖花园3幢2单元1502"),
    ),
    ComplaintText(
        "inspection",
        "engineering_quality",
        8,
        3,
        ("Crack in the garage ceiling, water drips on cars", "地下车库顶板裂缝，水滴到车上"),
        ("More than twenty owners have signed.", "二十多户业主已经联名。"),
        ("Riverside garage B1", "云栖花园地下一层车库"),
        ("group_action",),
    ),
    ComplaintText(
        "assignment",
        "planning_design",
        6,
        5,
        ("Playground became a car park", "规划的儿童乐园改成了停车位"),
        ("The plan in our contract shows a playground.", "合同附图上明明是儿童乐园。"),
        ("Riverside 2, flat 3", "云栖花园5幢1单元301"),
    ),
    ComplaintText(
        "handling",
        "property_repair",
        7,
        9,
        ("Lift out of order for three days", "电梯连续三天停运"),
        ("My mother cannot leave the flat and wants her costs back.", "老人下不了楼，要求赔偿这几天的费用。"),
        ("Riverside 7, flat 61", "云栖花园1幢1单元1801"),
        ("compensation",),
    ),
    ComplaintText(
        "closing",
        "customer_service",
        4,
        12,
        ("Caretaker was rude and never called back", "管家态度生硬，也一直没有回电"),
        ("I asked twice for the meeting room.", "问了两次会所预约，都说不归他管。"),
        ("Riverside 1, flat 8", "云栖花园2幢2单元803"),
    ),
    ComplaintText(
        "return_visit",
        "external_environment",
        5,
        16,
        ("Noise from the building site next door at night", "隔壁工地夜间施工噪声"),
        ("They pour concrete until two in the morning.", "浇混凝土浇到凌晨两点。"),
        ("Riverside 5, flat 22", "云栖花园6幢1单元702"),
    ),
    ComplaintText(
        "",
        "sales_service",
        2,
        20,
        ("Kitchen differs from the show flat", "厨房交付标准与样板间不一致"),
        ("The brochure says stone worktops.", "宣传册上写的是石英石台面。"),
        ("Riverside 3, flat 17", "云栖花园7幢2单元1101"),
    ),
    ComplaintText(
        "inspection",
        "property_repair",
        9,
        30,
        ("Sewage comes up in the bathroom", "卫生间返水，污水倒灌"),
        ("Nobody has come since yesterday.", "从昨天到现在都没人上门。"),
        ("Riverside 6, flat 2", "云栖花园4幢1单元102"),
    ),
)

# What is filled in at each stage; words stand in both languages.
FILLED: dict[str, dict[str, Any]] = {
    "reception": {},
    "inspection": {"finding": ("Seen on site, photographed, cause confirmed.", "已到场查看并拍照，原因属实。")},
    "assignment": {"party": "contractor"},
    "handling": {"result": ("Mended and checked together with the owner.", "已处理完毕，并与业主一起验收。")},
    "closing": {
        "root_cause": "construction",
        "prevention": ("Added to the list of checks before hand-over.", "已列入交付前的必查项目。"),
    },
    "return_visit": {"visit_method": "phone", "visit_result": "satisfied"},
}
REPLY: Both = (
    "It is done. We call you tomorrow to hear whether all is well.",
    "已经处理好，明天会电话回访，确认是否满意。",
)
