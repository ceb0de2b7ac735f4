"""Which conversation a mail belongs to, and that nobody gets into one by guessing."""

from tickets.mail.addresses import Address
from tickets.mail.threads import (
    bare_subject,
    marked_in_addresses,
    marked_in_subject,
    reply_address,
    subject_mark,
)

KEY, OTHER = b"k" * 32, b"o" * 32


def test_an_answer_comes_back_by_its_address() -> None:
    address = Address(reply_address("support@desk.net", "KW-20418", KEY))
    assert marked_in_addresses([Address("x@y.net"), address], KEY) == "kw-20418"


def test_an_address_signed_by_another_desk_means_nothing() -> None:
    assert not marked_in_addresses([Address(reply_address("support@desk.net", "KW-20418", KEY))], OTHER)


def test_another_number_with_the_same_signature_means_nothing() -> None:
    address = reply_address("support@desk.net", "KW-20418", KEY).replace("kw-20418", "kw-20419")
    assert not marked_in_addresses([Address(address)], KEY)


def test_a_bare_number_in_the_subject_means_nothing() -> None:
    assert not marked_in_subject("Re: Printer [KW-20418]", KEY)


def test_a_signed_subject_is_the_last_resort() -> None:
    assert marked_in_subject(f"回复: Printer {subject_mark('KW-20418', KEY)}", KEY) == "kw-20418"
    assert marked_in_subject(f"RE: Printer {subject_mark('KW-20418', KEY)}".upper(), KEY) == "kw-20418"


def test_a_subject_loses_what_programs_put_before_it() -> None:
    assert bare_subject(f"Re: 回复：AW: Fwd: Printer {subject_mark('T-1', KEY)}") == "Printer"
    assert bare_subject("Regarding the printer") == "Regarding the printer"
