"""Which account the embedded engines run as; PostgreSQL refuses to be root."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicedesk.engines.errors import EngineError

# A user namespace where root goes by another number: for data or programs that only root can reach.
_DISGUISE = ("unshare", "--user", "--map-user=1000")


@dataclass(frozen=True)
class Account:
    """How a child becomes the owner of the engines' data; the default changes nothing."""

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    def popen_options(self) -> dict[str, Any]:
        """The arguments for subprocess; without supplementary groups of root."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def claim(self, folder: Path) -> None:
        """Make the folder and let nobody but this account in. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.uid is not None:
            os.chown(folder, self.uid, -1 if self.gid is None else self.gid)
        folder.chmod(0o700)


def account_for(data: Path, programs: Path) -> Account:
    """Oneself; for root the owner of the present cluster, else `postgres` or `nobody`, else root in disguise.

    The data folder itself is root's to open, the folders above it are not. Raises EngineError.
    """
    if os.geteuid() != 0:
        return Account()
    uid, gid = _owner(data / "postgres")
    if uid and reachable(data.parent, uid) and reachable(programs, uid):
        return Account(uid, gid)
    if _can_disguise():
        return Account(prefix=_DISGUISE)
    raise EngineError(
        f"PostgreSQL does not run as root, and no other account can reach {data.parent} and {programs}; "
        "start the desk as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def _can_disguise() -> bool:
    """Containers often forbid user namespaces."""
    if shutil.which(_DISGUISE[0]) is None:
        return False
    return subprocess.run([*_DISGUISE, "true"], capture_output=True).returncode == 0


def reachable(path: Path, uid: int) -> bool:
    """Whether that account may pass through every folder down to `path`; groups are left out."""
    for folder in (path, *path.parents):
        if not folder.exists():
            continue
        found = folder.stat()
        bit = stat.S_IXUSR if found.st_uid == uid else stat.S_IXOTH
        if not found.st_mode & bit:
            return False
    return True


def _owner(cluster: Path) -> tuple[int, int]:
    """User and group of the cluster, or of an account for a new one; 0 when only root is left."""
    if cluster.exists():
        found = cluster.stat()
        return found.st_uid, found.st_gid
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    return 0, 0
