"""E-mail of the demo: a mailbox that reaches nobody, and two letters."""

import struct
import zlib
from datetime import datetime
from email.header import Header
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from crmcore import clock
from crmcore.models import Contact, ContactPoint, Queue
from tickets.actions.mail_inbox import enter, receive
from tickets.actions.mail_outbox import deliver_due
from tickets.models import Mailbox

ADDRESS = "support@kuanwei.example"
_PICTURE_SIZE = (160, 96)


_ENGLISH = (
    "Router in the meeting room drops every hour",
    "Good morning,\n\nsince Monday the router on the second floor restarts about once an hour, a photo of its lights "
    "is attached. Our facilities team is on copy, they can let somebody in.\n\nKind regards\n\n"
    "On Thu, 19 Nov 2026 at 17:12 Facilities wrote:\n> The amber light stays on. Please ask the provider.",
)
_CHINESE = (
    "发票抬头需要更正",
    "您好，\n\n上个月发票的抬头少了“股份”二字，请帮忙更正。财务同事已抄送。\n\n谢谢！\n\n"
    '在 2026-11-19 17:12:40，"财务" 写道：\n\n抬头不对，无法入账。',
)


def _furnish(queue: Queue) -> None:
    """The mailbox of the demo."""
    Mailbox.objects.create(
        name="Kuanwei support",
        name_zh="宽微客服",
        address=ADDRESS,
        queue=queue,
        signature="Kuanwei support\nMonday to Friday, 9 to 17",
        signature_zh="宽微客服\n周一至周五 9:00–17:00",
        uid_validity=1,
        is_demo=True,
    )


def add_letters(queue: Queue, *, now: datetime) -> None:
    """A customer of each language has just written to the mailbox of `queue`, with a colleague on copy."""
    _furnish(queue)
    with clock.at(now):
        for uid, (language, (subject, text)) in enumerate((("en", _ENGLISH), ("zh-hans", _CHINESE)), start=1):
            point = _point(language)
            if point is not None and point.contact is not None:
                _post(uid, point.contact, point.raw, subject, text)
        deliver_due(now)


def _post(uid: int, contact: Contact, email: str, subject: str, text: str) -> None:
    domain = email.rpartition("@")[2]
    letter = MIMEMultipart()
    letter["From"], letter["To"] = f"{Header(contact.name, 'utf-8')} <{email}>", ADDRESS
    letter["Subject"], letter["Cc"] = subject, f"office@{domain}"
    letter["Message-ID"] = f"<demo.{uid}@{domain}>"
    letter.attach(MIMEText(text, "plain", "utf-8"))
    image = MIMEImage(_picture(), "png")
    image.add_header("Content-Disposition", "attachment", filename="photo.png")
    letter.attach(image)
    enter(receive(Mailbox.objects.get(address=ADDRESS), validity=1, uid=uid, raw=letter.as_bytes()).pk)


def _picture() -> bytes:
    """A PNG of five amber lights on grey, drawn here so that no file has to be shipped."""
    width, height = _PICTURE_SIZE
    rows = []
    for y in range(height):
        is_lit = abs(y - height // 2) < 8
        pixels = (b"\xf5\xa6\x23" if is_lit and x % 32 in range(10, 22) else b"\x55\x5b\x66" for x in range(width))
        rows.append(b"\0" + b"".join(pixels))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    parts = (struct.pack(">I", len(data)) + kind + data + _sum(kind + data) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _sum(data: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(data))


def _point(language: str) -> ContactPoint | None:
    rows = ContactPoint.objects.filter(kind=ContactPoint.Kind.EMAIL, contact__is_demo=True, contact__language=language)
    return rows.select_related("contact").order_by("pk").first()
