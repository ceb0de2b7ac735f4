"""Where recordings lie and by which keys they are sealed, as Django's STORAGES wants to know it."""

from pathlib import Path
from typing import Any

from servicedesk import env


def storage_settings(folder: Path) -> dict[str, Any]:
    """The storage of recordings: this folder, or the bucket that the environment names."""
    return {
        "BACKEND": "telephony.recordings_store.SealedStorage",
        "OPTIONS": {"within": _bucket() or _folder(folder), "keys": env.words("RECORDINGS_KEY", default=[])},
    }


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
