"""Rules of reading that hold for every mail."""

from hypothesis import given
from hypothesis import strategies as st

from tickets.mail.addresses import typed_addresses
from tickets.mail.charsets import decoded
from tickets.mail.file_kinds import kind_of, safe_name
from tickets.mail.message import parse
from tickets.mail.quoting import split_words

LINES = st.sampled_from(
    [
        "",
        "Hello",
        "> old",
        "-- ",
        "On Fri 20:15 x@y.net wrote:",
        "From: a",
        "To: b",
        "Subject: c",
        "_" * 30,
        "发自我的iPhone",
    ]
)


@given(st.binary(max_size=600))
def test_no_bytes_can_make_reading_fail(raw: bytes) -> None:
    parse(raw)


@given(st.lists(LINES, max_size=20))
def test_no_written_line_is_lost(lines: list[str]) -> None:
    words = split_words("\n".join(lines))
    kept = "\n".join((words.new, words.quoted, words.signature))
    assert sorted(kept.split()) == sorted("\n".join(lines).split())


@given(st.text(max_size=80))
def test_text_in_utf_8_is_read_as_it_is(text: str) -> None:
    assert decoded(text.encode("utf-8"), "utf-8") == text.removeprefix("\ufeff")


def test_copies_by_different_ways_have_one_fingerprint() -> None:
    mail = b"From: a@x.net\nMessage-ID: <1@x.net>\nSubject: s\n\nHello\n"
    assert parse(b"Received: by b\n" + mail).fingerprint == parse(b"Received: by c\r\n" + mail).fingerprint
    assert parse(mail).fingerprint != parse(mail.replace(b"Hello", b"Other")).fingerprint


def test_a_long_head_line_is_read_in_bearable_time() -> None:
    words = split_words("\n".join(["a" * 900 + " wrote"] * 2_000))
    assert not words.quoted


def test_typed_addresses_tell_what_is_none() -> None:
    found, wrong = typed_addresses('Li Na <lina@linden.net>; "B, C" <b@linden.net>，nobody')
    assert [one.email for one in found] == ["lina@linden.net", "b@linden.net"]
    assert wrong == ("nobody",)


def test_a_file_is_what_its_bytes_say() -> None:
    assert kind_of("photo.png", b"MZ\x90\x00").is_program
    assert kind_of("invoice.pdf.exe", b"%PDF-1.4").is_program
    assert kind_of("page.png", b"<html><script>alert(1)</script>").content_type == "application/octet-stream"
    assert kind_of("x.svg", b"<svg onload=alert(1)>").content_type == "application/octet-stream"
    assert kind_of("report.docx", b"PK\x03\x04").content_type.endswith("wordprocessingml.document")


def test_a_file_name_leads_nowhere() -> None:
    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name("C:\\temp\\发票.pdf") == "发票.pdf"
    assert safe_name("invoice\u202efdp.exe") == "invoicefdp.exe"
    assert safe_name("\x00\n") == "file"
    assert len(safe_name(f"{'长' * 400}.pdf")) <= 120
    assert safe_name(f"{'长' * 400}.pdf").endswith(".pdf")
