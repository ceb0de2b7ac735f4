"""投诉闭环: an owner's complaint goes from reception to the mandatory return visit, in Chinese, by clicks alone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Person

SUBJECT = "厨房水管漏水，泡坏了地板"
REPLY = "水管已更换，地板已修复，明天电话回访。"
# What is filled in at each stage before it ends; the category comes on top.
FILLED = {
    "受理": {"weight": "6"},
    "现场查验": {"finding": "接头老化渗漏，已拍照。"},
    "派单": {"party": "施工单位"},
    "处理": {"result": "更换接头并修复地板。"},
    "结单": {"root_cause": "材料产品", "prevention": "同批接头全部更换。"},
    "回访": {"visit_method": "电话", "visit_result": "满意"},
}
# The stages that each category leaves out.
CATEGORIES = {
    "工程质量": (),
    "物业报修": (),
    "规划设计": (),
    "客户服务": ("现场查验",),
    "销售服务": ("现场查验", "派单"),
    "外部环境": (),
}
PROJECT, COMPANY, GROUP = "云栖花园项目部", "云栖置业杭州公司", "云栖置业集团"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def fill_in(page: Page, values: dict[str, str]) -> None:
    """Change the ticket's fields in its side panel."""
    panel = page.locator("[id^=ticket-fields-]:not([id*=-h-])")
    panel.get_by_role("link", name="修改").click()
    for code, value in values.items():
        control = panel.locator(f"[name=field_{code}]")
        if control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)
    panel.locator("button[type=submit]").click()
    expect(panel.locator("dl")).to_be_visible()


def stands_at(page: Page, stage: str) -> None:
    expect(page.locator(".sd-stages [aria-current=step]")).to_contain_text(stage)


def open_complaint(person: Person) -> str:
    page = person.page
    person.go("/tickets/new/")
    page.select_option("form.sd-tknew [name=type]", label="业主投诉")
    page.fill("[name=field_building]", "云栖花园8幢1单元601")
    page.fill("form.sd-tknew [name=subject]", SUBJECT)
    page.locator("form.sd-tknew button[data-key='Ctrl+Enter']").click()
    expect(page.locator("h1")).to_contain_text(SUBJECT)
    return page.url.removeprefix(person.url)


def work_through(person: Person, category: str) -> list[str]:
    """Do at each stage what it asks for and hand it on; returns the stages in their order."""
    page, walked = person.page, []
    line = [stage for stage in FILLED if stage not in CATEGORIES[category]]
    for stage, following in zip(line, [*line[1:], "完成"], strict=True):
        stands_at(page, stage)
        expect(page.locator(".sd-stages [aria-current=step] .sd-sla")).to_be_visible()
        fill_in(page, FILLED[stage] | ({"task_category": category} if stage == "受理" else {}))
        if stage == "处理":
            answer(page)
        step = page.locator(".sd-stg__ways button.sd-btn--primary")
        expect(step).to_be_enabled()
        expect(step).to_contain_text(following)
        step.click()
        walked.append(stage)
    return walked


def answer(page: Page) -> None:
    page.locator("label[for^=mode-reply]").click()
    page.fill("[id^=ticket-composer] textarea", REPLY)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[id^=ticket-thread]")).to_contain_text(REPLY)


def is_closed(page: Page) -> None:
    expect(page.locator(".sd-stg")).to_contain_text("所有阶段已完成")
    expect(page.locator("[id^=ticket-header] .sd-chip").first).to_contain_text("已关闭")


def worked_by(page: Page, team: str) -> None:
    expect(page.locator(".sd-stg__now .sd-fact")).to_contain_text(team)


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_category_runs_its_loop_to_the_return_visit(people: Callable[..., Person], category: str) -> None:
    specialist = people("han.li", home="/tickets/")
    open_complaint(specialist)
    expect(specialist.page.locator(".sd-stg")).to_contain_text("还缺：")
    expect(specialist.page.locator(".sd-stg__ways button").first).to_be_disabled()
    assert work_through(specialist, category)[-1] == "回访"
    is_closed(specialist.page)
    assert not specialist.errors


def test_a_stage_goes_up_and_comes_back(people: Callable[..., Person]) -> None:
    specialist, coordinator = people("han.li", home="/tickets/"), people("shi.yutong", home="/tickets/")
    page = specialist.page
    address = open_complaint(specialist)
    page.locator(".sd-stg details summary").click()
    page.fill(".sd-stg [name=reason]", "需要公司协调施工单位")
    page.get_by_role("button", name=f"升级到{COMPANY}").click()
    worked_by(page, COMPANY)
    coordinator.go(address)
    expect(coordinator.page.locator("#page")).to_contain_text("需要公司协调施工单位")
    coordinator.page.locator(".sd-stg details summary").click()
    coordinator.page.get_by_role("button", name=f"退回{PROJECT}").click()
    worked_by(page, PROJECT)
    # The field for replies asks to read what a colleague did since it was opened.
    specialist.go(address)
    work_through(specialist, "物业报修")
    is_closed(coordinator.page)
    for person in (specialist, coordinator):
        assert not person.errors, person.name


def test_time_run_out_hands_the_stage_up_tier_by_tier(people: Callable[..., Person]) -> None:
    specialist, coordinator = people("han.li", home="/tickets/"), people("shi.yutong", home="/tickets/")
    address = open_complaint(specialist)
    coordinator.go(address)
    worked_by(coordinator.page, PROJECT)
    for person, above in ((specialist, COMPANY), (coordinator, GROUP)):
        due_soon(person, address)
        for reader in (specialist, coordinator):
            worked_by(reader.page, above)
    expect(coordinator.page.locator("[id^=ticket-thread]")).to_contain_text("升级")
    for person in (specialist, coordinator):
        assert not person.errors, person.name


def due_soon(person: Person, ticket: str) -> None:
    """Let the stage's clock run out in three seconds: its limit is hours, and the desk may be closed right now."""
    person.go(f"{ticket}due/stage/")
    moment = datetime.now(SHANGHAI) + timedelta(seconds=3)
    person.page.fill("[name=due_at]", moment.strftime("%Y-%m-%dT%H:%M:%S"))
    person.page.fill("[name=reason]", "业主要求今天答复")
    person.page.locator("form.sd-form__m button[data-key='Ctrl+Enter']").click()
    person.page.wait_for_url(f"**{ticket}")
