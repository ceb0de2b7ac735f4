"""E-mail of the demo: a mailbox that reaches nobody, and two letters with what comes of them."""

import base64
from datetime import datetime, timedelta
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from itertools import count

from crmcore import clock
from crmcore.models import Contact, ContactPoint, Queue
from servicedesk.demo.cast import Cast
from tickets.actions.mail_inbox import enter, receive
from tickets.actions.mail_outbox import deliver_due
from tickets.actions.mailing import Envelope, send_mail
from tickets.mail.addresses import Address
from tickets.models import Mail, Mailbox

ADDRESS = "support@kuanwei.example"
_UIDS = count(1)
# One grey pixel stands for the photograph of a router.
_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_ENGLISH = (
    "Router in the meeting room drops every hour",
    "Good morning,\n\nsince Monday the router on the second floor restarts about once an hour, a photo of its lights "
    "is attached. Our facilities team is on copy, they can let somebody in.\n\nKind regards",
    "Thank you for the photo. The steady amber light means that it overheats. Could facilities move it out of the "
    "cabinet? We send an engineer tomorrow at ten with a replacement.",
    "We moved it, and it has been quiet since.",
)
_CHINESE = (
    "发票抬头需要更正",
    "您好，\n\n上个月发票的抬头少了“股份”二字，请帮忙更正。财务同事已抄送。\n\n谢谢！",
    "您好，已为您提交更正，新发票预计两个工作日内发出。",
    "收到，谢谢。",
)


def furnish_mail(queue: Queue) -> None:
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


def add_letters(cast: Cast, *, now: datetime) -> None:
    """A customer of each language writes with a colleague on copy, is answered and writes again."""
    for language, texts in (("en", _ENGLISH), ("zh-hans", _CHINESE)):
        point = _point(language)
        agent = next((person for person in cast.staff.values() if person.language == language), None)
        if point is not None and agent is not None:
            _exchange(point, texts, agent.pk, cast, now - timedelta(hours=5))


def _exchange(point: ContactPoint, texts: tuple[str, ...], agent_id: int, cast: Cast, at: datetime) -> None:
    assert point.contact is not None
    subject, first, answer, thanks = texts
    with clock.at(at):
        mail = _post(point.contact, point.raw, subject, first, pictures=True)
    if mail.ticket is None:
        return
    with clock.at(at + timedelta(minutes=40)):
        agent = next(person for person in cast.staff.values() if person.pk == agent_id)
        colleague = Address(f"office@{point.raw.rpartition('@')[2]}")
        envelope = Envelope((Address(point.raw, point.contact.name),), (colleague,))
        sent = send_mail(mail.ticket, answer, envelope, by=agent, token="")
        deliver_due(clock.now())
    with clock.at(at + timedelta(hours=2)):
        quoted = "\n".join(f"> {line}" for line in answer.split("\n"))
        again = f"{thanks}\n\nOn Fri, 20 Nov 2026 at 15:23 {ADDRESS} wrote:\n{quoted}"
        _post(point.contact, point.raw, f"Re: {subject}", again, answers=sent.message_id)


def _post(contact: Contact, email: str, subject: str, text: str, *, answers: str = "", pictures: bool = False) -> Mail:
    uid = next(_UIDS)
    letter = MIMEMultipart()
    letter["From"], letter["To"], letter["Subject"] = f"{contact.name} <{email}>", ADDRESS, subject
    letter["Cc"] = f"office@{email.rpartition('@')[2]}"
    letter["Message-ID"] = f"<demo.{uid}.{contact.pk}@{email.rpartition('@')[2]}>"
    if answers:
        letter["In-Reply-To"] = answers
    letter.attach(MIMEText(text, "plain", "utf-8"))
    if pictures:
        image = MIMEImage(_PICTURE, "png")
        image.add_header("Content-Disposition", "attachment", filename="lights.png")
        letter.attach(image)
    mail = receive(Mailbox.objects.get(address=ADDRESS), validity=1, uid=uid, raw=letter.as_bytes())
    enter(mail.pk)
    return Mail.objects.get(pk=mail.pk)


def _point(language: str) -> ContactPoint | None:
    rows = ContactPoint.objects.filter(kind=ContactPoint.Kind.EMAIL, contact__is_demo=True, contact__language=language)
    return rows.select_related("contact").order_by("pk").first()
