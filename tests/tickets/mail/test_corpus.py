"""Awkward mail, each with what is to be read in it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tickets.mail.message import ParsedMail, parse

CORPUS = Path(__file__).parent / "corpus"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((CORPUS / "expected.yaml").read_text())


def losses(mail: ParsedMail) -> list[str]:
    found = mail.bounce.losses if mail.bounce else ()
    return [f"{loss.email} {loss.status} {'final' if loss.is_final else 'waiting'}" for loss in found]


READ = {
    "new": lambda mail: mail.words.new,
    "quoted": lambda mail: mail.words.quoted,
    "subject_is": lambda mail: mail.subject,
    "sender": lambda mail: mail.sender and str(mail.sender),
    "to": lambda mail: [str(one) for one in mail.to],
    "cc": lambda mail: [str(one) for one in mail.cc],
    "files": lambda mail: [file.name for file in mail.files],
    "inline": lambda mail: [file.content_id for file in mail.files if file.is_inline],
    "cut": lambda mail: mail.is_cut,
    "automatic": lambda mail: mail.origin.is_automatic,
    "away": lambda mail: mail.origin.is_away,
    "spam": lambda mail: mail.origin.is_spam,
    "forged": lambda mail: mail.origin.is_forged,
    "lost": losses,
    "ids": lambda mail: list(mail.bounce.message_ids) if mail.bounce else [],
}
HOLDS = {
    "new_has": lambda mail: mail.words.new,
    "quoted_has": lambda mail: mail.words.quoted,
    "signature_has": lambda mail: mail.words.signature,
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_mail_is_read_as_it_was_meant(name: str) -> None:
    mail = parse((CORPUS / f"{name}.eml").read_bytes())
    wanted = EXPECTED[name]
    assert {key: READ[key](mail) for key in wanted if key in READ} == {
        key: wanted[key] for key in wanted if key in READ
    }
    for key in wanted.keys() & HOLDS.keys():
        assert wanted[key] in HOLDS[key](mail)


def test_every_mail_of_the_corpus_says_what_is_expected() -> None:
    assert {path.stem for path in CORPUS.glob("*.eml")} == set(EXPECTED)
