"""Advisory locks on files; the kernel lets go of them when their process ends, however it ends."""

import fcntl
import os
from pathlib import Path


class FileLock:
    """Held by one process alone, or shared by several."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    @property
    def held(self) -> bool:
        return self._file is not None

    def take(self, *, shared: bool = False, wait: bool = False) -> bool:
        """Whether this process holds the lock now. Raises OSError when the file cannot be opened."""
        mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, mode)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
