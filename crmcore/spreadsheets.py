"""Reading tables that people upload: CSV of any usual kind, and Excel workbooks."""

import csv
import io
import zipfile
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

LARGEST = 5 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 300
DELIMITERS = ",;\t"
ENCODINGS = ("utf-8-sig", "utf-16", "gb18030")


class Fault(TextChoices):
    """Why a file is not taken."""

    TOO_LARGE = "too_large", _("The file is larger than 5 MB.")
    TOO_LONG = "too_long", _("The file has more than 20,000 rows. Split it into several.")
    UNREADABLE = "unreadable", _("This is no CSV file and no Excel workbook that can be read.")
    EMPTY = "empty", _("The file holds no rows below its first one.")


class UnusableFile(Exception):
    """The file cannot be taken; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Table:
    """The first row and those below it, all as text and equally wide; empty rows are left out.

    `lines` are the numbers of the rows in the file, as a spreadsheet counts them.
    """

    header: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_table(content: bytes) -> Table:
    """The table in a file, whatever it is called. Raises UnusableFile."""
    if len(content) > LARGEST:
        raise UnusableFile(Fault.TOO_LARGE)
    found = _read_workbook(content) if content.startswith(b"PK") else _read_csv(content)
    cells = [(line, [cell.strip()[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]]) for line, row in enumerate(found, 1)]
    filled = [(line, row) for line, row in cells if any(row)]
    if len(filled) < 2:
        raise UnusableFile(Fault.EMPTY)
    if len(filled) > MOST_ROWS + 1:
        raise UnusableFile(Fault.TOO_LONG)
    width = max(len(row) for _line, row in filled)
    wide = [row + [""] * (width - len(row)) for _line, row in filled]
    return Table(wide[0], wide[1:], [line for line, _row in filled[1:]])


def _read_csv(content: bytes) -> list[list[str]]:
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnusableFile(Fault.UNREADABLE)
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnusableFile(Fault.UNREADABLE) from error


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnusableFile(Fault.UNREADABLE)


def _read_workbook(content: bytes) -> list[list[str]]:
    """The first sheet. A small archive may unpack to a very large one, so its directory is asked first."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise UnusableFile(Fault.TOO_LARGE)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        if sheet.total_height > 2 * MOST_ROWS:
            raise UnusableFile(Fault.TOO_LONG)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise UnusableFile(Fault.UNREADABLE) from error
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    """A telephone number in a number cell is a whole number, not one with a decimal point."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
