"""What is written can be read by others, and by ourselves."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

from tickets.mail.addresses import Address
from tickets.mail.message import parse
from tickets.mail.mime import MailFile
from tickets.mail.writing import MOST_REFERENCES, Letter, message_bytes

LETTER = Letter(
    message_id="<sd.1@desk.net>",
    sender=Address("support@desk.net", "宽微客服"),
    to=(Address("lina@linden.net", "李娜"),),
    cc=(Address("boss@linden.net"),),
    reply_to=Address("support+kw-1.abc@desk.net"),
    subject="Re: 打印机不能打印，请尽快派人来修理，谢谢，这是一个很长的主题",
    text="您好，\n\n请看 https://desk.net/a?b=1&c=2 <b>not bold</b>",
    signature="宽微客服\n400-000",
    quote_head="在 2026-11-20 15:23，李娜 写道：",
    quoted="打印机坏了\n> 更早的话",
    sent_at=datetime(2026, 11, 20, 7, 23, tzinfo=UTC),
    in_reply_to="<1@linden.net>",
    references=("<0@linden.net>", "<1@linden.net>"),
    files=(MailFile("发票.pdf", b"%PDF-1.4", "application/pdf"),),
)


def test_our_own_mail_reads_as_it_was_written() -> None:
    mail = parse(message_bytes(LETTER))
    assert mail.sender == LETTER.sender
    assert (mail.to, mail.cc, mail.reply_to) == (LETTER.to, LETTER.cc, (LETTER.reply_to,))
    assert (mail.subject, mail.sent_at) == (LETTER.subject, LETTER.sent_at)
    assert mail.references == ("<1@linden.net>", "<0@linden.net>")
    assert (mail.words.new, mail.words.signature) == (LETTER.text, "--\n宽微客服\n400-000")
    assert "打印机坏了" in mail.words.quoted
    assert [(file.name, file.data) for file in mail.files] == [("发票.pdf", b"%PDF-1.4")]
    assert not mail.origin.is_automatic


def test_an_automatic_mail_says_so() -> None:
    assert parse(message_bytes(replace(LETTER, is_automatic=True))).origin.is_automatic


def test_the_chain_of_references_keeps_its_root_and_stays_short() -> None:
    long = tuple(f"<{number}@linden.net>" for number in range(100))
    kept = parse(message_bytes(replace(LETTER, references=long, in_reply_to=""))).references
    assert (len(kept), kept[-1], kept[0]) == (MOST_REFERENCES, "<0@linden.net>", "<99@linden.net>")


def test_words_cannot_become_headers() -> None:
    raw = message_bytes(
        replace(LETTER, subject="x\r\nBcc: all@linden.net", sender=Address("a@b.net", "n\nBcc: c@d.net"))
    )
    assert message_from_bytes(raw, policy=default)["Bcc"] is None


def test_words_cannot_become_markup() -> None:
    html = message_from_bytes(message_bytes(LETTER), policy=default).get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;not bold&lt;/b&gt;" in html.get_content()
