"""Filling: from customers, counted first; from files of any usual kind, every row accounted for."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crmcore.actions.contact_points import NewPoint
from crmcore.actions.customers import create_account, create_contact, link_contact
from crmcore.models import Account, Contact, ContactPoint, User
from telephony.actions.do_not_call import forbid
from telephony.models import Campaign, CampaignFile, CampaignTarget
from tests.cast import Cast

ONE, TWO, THREE = "+8613800138001", "+8613800138002", "+8613800138003"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def an_account(name: str, number: str, *, grade: str = "A", main: bool = True) -> tuple[Account, Contact]:
    account = create_account(by=None, name=name, kind="company", grade=grade)
    contact = create_contact(by=None, name=f"{name} person", points=[NewPoint("phone", number)])
    link_contact(account, contact, by=None, decision_role="uses", is_primary=main)
    return account, contact


def upload(user: User, campaign: Campaign, content: bytes, name: str = "people.csv") -> CampaignFile:
    address = f"/campaigns/{campaign.pk}/fill/file/"
    response = as_(user).post(address, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    return CampaignFile.objects.get()


def take(user: User, file: CampaignFile, **columns: object) -> CampaignFile:
    address = f"/campaigns/{file.campaign_id}/files/{file.pk}/"
    assert as_(user).post(address, {"number": 0, "name": "", "words": "", **columns}).status_code == 302
    return CampaignFile.objects.get(pk=file.pk)


def test_count_is_shown_before_anybody_is_added(cast: Cast, campaign: Campaign) -> None:
    an_account("Ellery", ONE), an_account("Brindle", TWO), an_account("Calder", THREE, grade="B")
    ContactPoint.objects.filter(value=TWO).update(opted_out=True)
    page = as_(cast.sun).get(f"/campaigns/{campaign.pk}/fill/count/", {"grades": "A"}).content.decode()
    assert "<b>2</b> people, <b>1</b> with a number" in page and "<b>1</b> would be added" in page
    assert not CampaignTarget.objects.exists()


def test_segment_adds_those_who_may_be_called_once(cast: Cast, campaign: Campaign) -> None:
    account, contact = an_account("Ellery", ONE)
    an_account("Brindle", TWO), an_account("Calder", THREE, grade="B")
    forbid(TWO, by=None)
    for _ in range(2):
        assert as_(cast.sun).post(f"/campaigns/{campaign.pk}/fill/", {"grades": "A"}).status_code == 302
    target = CampaignTarget.objects.get()
    assert (target.number, target.contact, target.account) == (ONE, contact, account)


def test_main_contact_alone_unless_everybody_is_wanted(cast: Cast, campaign: Campaign) -> None:
    account, _ = an_account("Ellery", ONE)
    second = create_contact(by=None, name="Second", points=[NewPoint("phone", TWO)])
    link_contact(account, second, by=None, decision_role="uses", is_primary=False)
    as_(cast.sun).post(f"/campaigns/{campaign.pk}/fill/", {})
    assert list(CampaignTarget.objects.values_list("number", flat=True)) == [ONE]
    as_(cast.sun).post(f"/campaigns/{campaign.pk}/fill/", {"everybody": "on"})
    assert CampaignTarget.objects.count() == 2


def test_columns_are_guessed_by_their_headings(cast: Cast, campaign: Campaign) -> None:
    file = upload(cast.sun, campaign, f"姓名,手机,备注\n王伟,{ONE},老客户\n".encode())
    assert file.columns == {"number": 1, "name": 0, "words": 2}


def test_every_row_of_a_file_is_added_or_listed_with_its_reason(cast: Cast, campaign: Campaign) -> None:
    forbid(TWO, by=None)
    CampaignTarget.objects.create(campaign=campaign, number=THREE, next_at=campaign.created_at)
    rows = ["phone,name", f"{ONE},Wang", ",Nobody", "abc,Letters", "138 0013 8001,Again", f"{TWO},No", f"{THREE},Known"]
    file = take(cast.sun, upload(cast.sun, campaign, "\n".join(rows).encode()), name=1)
    assert file.added == 1
    assert [(line, reason) for line, _cells, reason in file.rejected] == [
        (3, "no_number"),
        (4, "unreadable"),
        (5, "twice"),
        (6, "do_not_call"),
        (7, "known"),
    ]
    assert CampaignTarget.objects.get(number=ONE).name == "Wang"
    left_out = as_(cast.sun).get(f"/campaigns/{campaign.pk}/files/{file.pk}/rejected/").content.decode()
    assert "abc,Letters,4,This is not a number" in left_out


def test_file_taken_twice_adds_once(cast: Cast, campaign: Campaign) -> None:
    file = upload(cast.sun, campaign, f"phone\n{ONE}\n".encode())
    take(cast.sun, file)
    assert take(cast.sun, file).added == 1 and CampaignTarget.objects.count() == 1


def test_number_of_a_customer_leads_to_that_customer(cast: Cast, campaign: Campaign) -> None:
    account, contact = an_account("Ellery", ONE)
    take(cast.sun, upload(cast.sun, campaign, f"phone\n{ONE}\n{TWO}\n".encode()))
    found = CampaignTarget.objects.get(number=ONE)
    assert (found.contact, found.account) == (contact, account)
    assert CampaignTarget.objects.get(number=TWO).contact is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_usual_encodings_and_delimiters_are_read(cast: Cast, campaign: Campaign, encoding: str, delimiter: str) -> None:
    text = f"姓名{delimiter}电话\r\n王伟{delimiter}{ONE}\r\n"
    file = upload(cast.sun, campaign, text.encode(encoding))
    assert file.header == ["姓名", "电话"] and file.rows == [[2, ["王伟", ONE]]]


def workbook(*rows: tuple[object, ...]) -> bytes:
    """A small workbook, numbers in number cells."""
    cells = "".join(
        "<row>"
        + "".join(
            f"<c><v>{cell}</v></c>" if isinstance(cell, int) else f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
            for cell in row
        )
        + "</row>"
        for row in rows
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{sheet_type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{sheet_type}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" '
        f'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, head + part)
    return content.getvalue()


def test_workbook_is_read_and_its_number_cells_are_telephone_numbers(cast: Cast, campaign: Campaign) -> None:
    content = workbook(("Name", "Phone"), ("Wang", 13800138001))
    file = upload(cast.sun, campaign, content, "people.xlsx")
    assert file.rows == [[2, ["Wang", "13800138001"]]]
    take(cast.sun, file, number=1, name=0)
    assert CampaignTarget.objects.get().number == ONE


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x00\x01\x02\x03", "no CSV file"),
        (b"PK\x03\x04 not really", "no CSV file"),
        (b"phone\n", "holds no rows"),
        (b"phone\n" + b"1\n" * 20_001, "more than 20,000 rows"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field(
    cast: Cast, campaign: Campaign, content: bytes, says: str
) -> None:
    response = as_(cast.sun).post(
        f"/campaigns/{campaign.pk}/fill/file/", {"file": SimpleUploadedFile("people.csv", content)}
    )
    assert response.status_code == 422 and says in response.content.decode()
    assert not CampaignFile.objects.exists()


def test_number_column_is_needed(cast: Cast, campaign: Campaign) -> None:
    file = upload(cast.sun, campaign, b"a,b\n1,2\n")
    response = as_(cast.sun).post(f"/campaigns/{campaign.pk}/files/{file.pk}/", {"name": 0})
    assert response.status_code == 422 and CampaignFile.objects.get().taken_at is None
