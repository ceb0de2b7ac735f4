"""One-time codes by text message: sent readable, kept without their digits."""

from crmcore.actions.one_time_codes import digits_of, new_code
from crmcore.models import OneTimeCode
from telephony.actions.desk_texts import text_from_desk
from telephony.actions.text_outbox import deliver_text
from telephony.models import TextMessage
from telephony.text_states import TextFault
from tests.telephony.texting.conftest import LI, Texting


def asked(texting: Texting) -> tuple[OneTimeCode, TextMessage]:
    code = texting.desk.do(new_code, "track", LI, about="request T-1")
    assert texting.desk.do(text_from_desk, LI, "Your code is {code}.", queue=texting.desk.queue, code=code)
    return code, TextMessage.objects.get()


def test_the_customer_reads_the_code_and_no_row_holds_it(texting: Texting) -> None:
    code, text = asked(texting)
    for _again in range(2):
        texting.desk.do(deliver_text, text.pk)
    (sent,) = texting.taken()
    assert sent["Body"] == f"Your code is {digits_of(code)}."
    row = TextMessage.objects.filter(pk=text.pk).values().get()
    assert row["body"] == "Your code is {code}."
    assert digits_of(code) not in str(row)


def test_a_code_that_has_run_out_is_not_sent(texting: Texting) -> None:
    code, text = asked(texting)
    OneTimeCode.objects.filter(pk=code.pk).update(expires_at=code.created_at)
    texting.desk.do(deliver_text, text.pk)
    assert texting.taken() == []
    text.refresh_from_db()
    assert (text.state, text.error_code) == ("failed", TextFault.TOO_LATE)


def test_who_wants_no_messages_gets_no_code(texting: Texting) -> None:
    texting.write("STOP")
    code = texting.desk.do(new_code, "track", LI, about="request T-1")
    assert not texting.desk.do(text_from_desk, LI, "Your code is {code}.", queue=texting.desk.queue, code=code)
