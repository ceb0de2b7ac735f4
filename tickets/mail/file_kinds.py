"""What a file is by its first bytes, whether a desk takes it, and a name that is safe to save it under."""

import re
import unicodedata
from dataclasses import dataclass

LARGEST_BYTES = 25 * 1024 * 1024
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
UNKNOWN = "application/octet-stream"
_LONGEST_NAME = 120
_SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-elf"),
    (b"\xca\xfe\xba\xbe", "application/java-vm"),
    (b"#!", "text/x-script"),
)
_PROGRAMS = frozenset({"application/x-msdownload", "application/x-elf", "application/java-vm", "text/x-script"})
_DANGEROUS_WORDS = """
ade adp app appx apk bat chm cmd com cpl dll dmg exe hta inf ins iso isp jar jnlp js jse lib lnk mde msc
msi msix msp mst ocx pif ps1 psm1 reg scf scr sct settingcontent-ms shb sys url vb vbe vbs vxd wsc wsf wsh
xll
"""
_DANGEROUS = frozenset(_DANGEROUS_WORDS.split())
_OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OLD_OFFICE = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}
_TEXTS = frozenset({"txt", "csv", "log", "md", "ics", "vcf", "eml"})


@dataclass(frozen=True)
class FileKind:
    """`is_program`: a file that acts when somebody opens it; desks do not pass such files on."""

    content_type: str
    is_program: bool

    @property
    def is_image(self) -> bool:
        return self.content_type in IMAGES


def kind_of(name: str, data: bytes) -> FileKind:
    """Judge a file by its bytes; what a sender or a browser declared does not count."""
    ending = ending_of(name)
    content_type = _by_bytes(data, ending)
    return FileKind(content_type, content_type in _PROGRAMS or ending in _DANGEROUS)


def ending_of(name: str) -> str:
    """What stands after the last dot, in small letters."""
    return safe_name(name).rpartition(".")[2].lower() if "." in name else ""


def safe_name(name: str) -> str:
    """A file name without folders, control and direction marks, and of bearable length."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        letter for letter in plain if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
    kept = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "_", seen)).strip(" .")
    if len(kept) > _LONGEST_NAME:
        stem, dot, ending = kept.rpartition(".")
        kept = f"{(stem or kept)[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}"[:_LONGEST_NAME]
    return kept or "file"


def _by_bytes(data: bytes, ending: str) -> str:
    found = next((kind for sign, kind in _SIGNS if data.startswith(sign)), "")
    if found == "application/zip":
        return _OFFICE.get(ending, found)
    if found == "application/x-ole-storage":
        return _OLD_OFFICE.get(ending, found)
    if found:
        return found
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"WAVE"):
        return "image/webp" if data[8:12] == b"WEBP" else "audio/wav"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    # Never text/html or image/svg+xml, which browsers run.
    return "text/plain" if ending in _TEXTS and b"\x00" not in data[:4096] else UNKNOWN
