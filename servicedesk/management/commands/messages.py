"""Texts to translate: collect them into the catalogues, or prove that none is missing."""

import re
import shutil
import tempfile
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings

LOCALE = "zh_Hans"
_ELSEWHERE = [
    "node_modules/*",
    ".venv/*",
    "tests/*",
    "var/*",
    "servicedesk/static/dist/*",
    "servicedesk/locale",
]
# A new catalogue starts from this, so that plurals get the one form that Chinese has.
_HEADER = """msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


class Command(BaseCommand):
    """`collect` writes into the catalogue; `check` compares a fresh collection with it."""

    help = "Collect the texts to translate, or check that every one is translated."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["collect", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        if shutil.which("xgettext") is None:
            raise CommandError("GNU gettext is not installed (Debian: apt install gettext).")
        if options["action"] == "collect":
            _collect(Path(settings.LOCALE_PATHS[0]))
        else:
            self._check()

    def _check(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            _collect(Path(folder), keep_template=True)
            wanted = _read(Path(folder) / "django.pot")
        present = _read(Path(settings.LOCALE_PATHS[0]) / LOCALE / "LC_MESSAGES" / "django.po")
        faults = [found for message in wanted if (found := fault(message, present))]
        if faults:
            raise CommandError("\n".join(["The Chinese catalogue is not complete:", *sorted(faults)]))
        self.stdout.write(f"All {len(wanted)} texts are translated.")


def _collect(folder: Path, *, keep_template: bool = False) -> None:
    catalogue = folder / LOCALE / "LC_MESSAGES" / "django.po"
    if not catalogue.exists():
        catalogue.parent.mkdir(parents=True, exist_ok=True)
        catalogue.write_text(_HEADER)
    with override_settings(LOCALE_PATHS=[str(folder)]):
        call_command(
            "makemessages",
            locale=[LOCALE],
            ignore_patterns=_ELSEWHERE,
            no_obsolete=True,
            no_location=True,
            keep_pot=keep_template,
            verbosity=0,
        )


def _read(path: Path) -> Catalog:
    if not path.exists():
        raise CommandError(f"{path} does not exist; run: manage.py messages collect")
    # A template leaves the number of plural forms open, which the reader does not take.
    text = path.read_text(encoding="utf-8").replace("nplurals=INTEGER", "nplurals=2")
    return read_po(StringIO(text))


def fault(wanted: Message, present: Catalog) -> str:
    """What is wrong with the translation of one text, or nothing."""
    source = wanted.id if isinstance(wanted.id, str) else wanted.id[0]
    if not source:
        return ""
    found = present.get(wanted.id, wanted.context)
    written = found.string if found else ""
    translations = [written] if isinstance(written, str) else list(written or [""])
    if found is None or not all(translations):
        return f"  missing: {source!r}"
    if found.fuzzy:
        return f"  not confirmed: {source!r}"
    expected = set(_PLACEHOLDER.findall(wanted.id if isinstance(wanted.id, str) else wanted.id[-1]))
    if any(set(_PLACEHOLDER.findall(text)) != expected for text in translations):
        return f"  placeholders differ: {source!r}"
    return ""
