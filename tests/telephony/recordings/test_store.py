"""The store of recordings: sealed where there is a key, readable after the key has changed."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from servicedesk import env
from servicedesk.recordings import storage_settings
from telephony.recordings_store import SealedStorage, recordings_storage, seal_part, unseal_part
from telephony.sealing import CannotUnseal, KeyRing

OLD, NEW = "o" * 32, "n" * 32
SOUND = b"RIFF a sound that nobody else should hear " * 5000


def store_at(folder: Path, *keys: str) -> SealedStorage:
    within = storage_settings(folder)["OPTIONS"]["within"]
    return SealedStorage(within=within, keys=keys)


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_with_a_key_the_disk_holds_nothing_readable(tmp_path: Path) -> None:
    store = store_at(tmp_path, NEW)
    name = store.save("2026/11/a.wav", ContentFile(SOUND))
    assert b"RIFF" not in bytes_on_disk(tmp_path) and b"nobody" not in bytes_on_disk(tmp_path)
    with store.open(name) as file:
        assert (file.read(), file.size, store.size(name)) == (SOUND, len(SOUND), len(SOUND))


def test_change_of_key_leaves_old_files_readable(tmp_path: Path) -> None:
    name = store_at(tmp_path, OLD).save("a.wav", ContentFile(SOUND))
    after = store_at(tmp_path, NEW, OLD)
    with after.open(name) as file:
        assert file.read() == SOUND
    with after.open(after.save("b.wav", ContentFile(b"new"))) as file:
        assert file.read() == b"new"
    assert not store_at(tmp_path, NEW).can_read(name)
    with pytest.raises(CannotUnseal):
        store_at(tmp_path, NEW).open(name)


def test_file_from_before_there_was_a_key_stays_readable(tmp_path: Path) -> None:
    name = store_at(tmp_path).save("a.wav", ContentFile(SOUND))
    assert bytes_on_disk(tmp_path) == SOUND
    store = store_at(tmp_path, NEW)
    with store.open(name) as file:
        assert file.read() == SOUND
    assert store.can_read(name) and store.size(name) == len(SOUND)


def test_same_name_twice_keeps_both(tmp_path: Path) -> None:
    store = store_at(tmp_path, NEW)
    first, second = (store.save("a.wav", ContentFile(text)) for text in (b"one", b"two"))
    assert (store.open(first).read(), store.open(second).read()) == (b"one", b"two")


def test_only_the_desk_may_read_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    store_at(folder, NEW).save("2026/a.wav", ContentFile(b"x"))
    assert {path.stat().st_mode & 0o077 for path in [folder / "2026", *folder.rglob("*.sealed")]} == {0}


def test_short_key_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="RECORDINGS_KEY"):
        store_at(tmp_path, "secret")


def test_short_key_of_the_environment_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RECORDINGS_KEY", f"{NEW},secret")
    with pytest.raises(env.BadSetting, match="32 characters"):
        storage_settings(tmp_path)


def test_bucket_of_the_environment_takes_the_place_of_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RECORDINGS_S3_BUCKET", "calls")
    within: dict[str, Any] = storage_settings(tmp_path)["OPTIONS"]["within"]
    assert (within["BACKEND"], within["OPTIONS"]["bucket_name"]) == ("storages.backends.s3.S3Storage", "calls")


def test_parts_in_the_database_are_sealed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    before = seal_part(b"a part")
    monkeypatch.setattr(recordings_storage(), "ring", KeyRing([NEW]))
    kept = seal_part(b"a part")
    assert b"a part" not in kept
    assert [unseal_part(kept), unseal_part(before)] == [b"a part", b"a part"]
