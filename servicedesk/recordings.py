"""Where recordings lie and by which keys they are sealed, as Django's STORAGES wants to know it."""

from pathlib import Path
from typing import Any

from servicedesk import env

SHORTEST_KEY = 32


def storage_settings(folder: Path) -> dict[str, Any]:
    """The storage of recordings: this folder, or the bucket that the environment names. Raises BadSetting."""
    return {
        "BACKEND": "telephony.recordings_store.SealedStorage",
        "OPTIONS": {"within": _bucket() or _folder(folder), "keys": _keys()},
    }


def _keys() -> list[str]:
    keys = env.words("RECORDINGS_KEY", default=[])
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise env.BadSetting(f"RECORDINGS_KEY holds a key of less than {SHORTEST_KEY} characters.")
    return keys


def _folder(folder: Path) -> dict[str, Any]:
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    }


def _bucket() -> dict[str, Any] | None:
    """Without access keys here the machine's own role or configuration counts."""
    bucket = env.text("RECORDINGS_S3_BUCKET", default="")
    options = {
        "bucket_name": bucket,
        "endpoint_url": env.text("RECORDINGS_S3_ENDPOINT", default="") or None,
        "region_name": env.text("RECORDINGS_S3_REGION", default="") or None,
        "access_key": env.text("RECORDINGS_S3_ACCESS_KEY", default="") or None,
        "secret_key": env.text("RECORDINGS_S3_SECRET_KEY", default="") or None,
        "file_overwrite": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options} if bucket else None
