"""投诉闭环: an owner's complaint goes from reception to the mandatory return visit, in Chinese, by clicks alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.people import Person

SUBJECT = "厨房水管漏水，泡坏了地板"
REPLY = "水管已更换，地板已修复，明天电话回访。"
# Stage, the next one, and what is filled in before it ends.
LOOP = (
    ("受理", "现场查验", {"task_category": "物业报修", "weight": "6"}),
    ("现场查验", "派单", {"finding": "接头老化渗漏，已拍照。"}),
    ("派单", "处理", {"party": "施工单位"}),
    ("处理", "结单", {"result": "更换接头并修复地板。"}),
    ("结单", "回访", {"root_cause": "材料产品", "prevention": "同批接头全部更换。"}),
    ("回访", "", {"visit_method": "电话", "visit_result": "满意"}),
)


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


def test_a_complaint_runs_its_loop_to_the_return_visit(people: Callable[..., Person]) -> None:
    specialist = people("han.li", home="/tickets/")
    coordinator = people("shi.yutong", home="/tickets/")
    page = specialist.page
    address = open_complaint(specialist)
    stands_at(page, "受理")
    expect(page.locator(".sd-stg")).to_contain_text("还缺：")
    expect(page.locator(".sd-stg__ways button").first).to_be_disabled()

    page.locator(".sd-stg details summary").click()
    page.fill(".sd-stg [name=reason]", "需要公司协调施工单位")
    page.get_by_role("button", name="升级到云栖置业杭州公司").click()
    expect(page.locator(".sd-stg__now .sd-fact")).to_contain_text("云栖置业杭州公司")
    coordinator.go(address)
    expect(coordinator.page.locator("#page")).to_contain_text("需要公司协调施工单位")
    coordinator.page.locator(".sd-stg details summary").click()
    coordinator.page.get_by_role("button", name="退回云栖花园项目部").click()
    expect(page.locator(".sd-stg__now .sd-fact")).to_contain_text("云栖花园项目部")
    # The field for replies asks to read what a colleague did since it was opened.
    specialist.go(address)

    for stage, following, values in LOOP:
        stands_at(page, stage)
        expect(page.locator(".sd-stages [aria-current=step] .sd-sla")).to_be_visible()
        fill_in(page, values)
        if stage == "处理":
            page.locator("label[for^=mode-reply]").click()
            page.fill("[id^=ticket-composer] textarea", REPLY)
            page.keyboard.press("Control+Enter")
            expect(page.locator("[id^=ticket-thread]")).to_contain_text(REPLY)
        step = page.locator(".sd-stg__ways button.sd-btn--primary")
        expect(step).to_be_enabled()
        expect(step).to_contain_text(following or "完成")
        step.click()
    expect(page.locator(".sd-stg")).to_contain_text("所有阶段已完成")
    expect(page.locator("[id^=ticket-header] .sd-chip").first).to_contain_text("已关闭")
    expect(coordinator.page.locator(".sd-stg")).to_contain_text("所有阶段已完成")
    for person in (specialist, coordinator):
        assert not person.errors, person.name
