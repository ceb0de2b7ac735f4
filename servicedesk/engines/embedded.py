"""Both embedded engines as one: owned by the process that starts them, lent to every other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servicedesk import env
from servicedesk.engines.addresses import data_dir, socket_dir
from servicedesk.engines.errors import EngineError
from servicedesk.engines.locks import FileLock
from servicedesk.engines.ownership import account_for
from servicedesk.engines.postgres import Postgres, programs
from servicedesk.engines.process import Child, wait_until
from servicedesk.engines.valkey import Valkey

_START_SECONDS = 60


class Engines:
    """The engines that no DATABASE_URL or REDIS_URL replaces, on one data folder."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data
        self.children: list[Child] = []
        every: list[Postgres | Valkey] = [Postgres(data, durable=durable), Valkey(data, durable=durable)]
        self.wanted = [engine for engine in every if not env.text(engine.variable, default="")]
        self._own = FileLock(data / "engines.lock")
        self._lent = FileLock(data / "engines.lent")

    def answer(self) -> bool:
        """Whether every wanted engine takes connections."""
        return all(engine.ready() for engine in self.wanted)

    def own(self, *, seconds: float = 0) -> bool:
        """Become the one process that may run engines here; False while another is. Raises OSError."""
        self.data.mkdir(parents=True, exist_ok=True)
        return wait_until(self._own.take, seconds=seconds)

    def start(self) -> None:
        """Start them and wait until they answer; the caller owns the data. Raises EngineError and OSError."""
        if not self.wanted:
            return
        account = account_for(self.data, programs())
        # The engines' account must pass through the data folder, without reading what else is there.
        self.data.chmod(0o700 if account.uid is None else 0o711)
        (self.data / "log").mkdir(exist_ok=True)
        account.claim(socket_dir(self.data))
        for engine in self.wanted:
            engine.prepare(account)
            child = engine.server(account)
            child.start()
            self.children.append(child)
        self._wait()

    def _wait(self) -> None:
        wait_until(lambda: self.answer() or self._fallen() is not None, seconds=_START_SECONDS)
        if not self.answer():
            suspect = self._fallen() or self.children[0]
            self.stop()
            raise EngineError(f"{suspect.name} does not start; the reason is at the end of {suspect.log}.")

    def _fallen(self) -> Child | None:
        return next((child for child in self.children if not child.alive), None)

    def stop(self) -> None:
        """Stop in reverse order, then let go of the data."""
        for child in reversed(self.children):
            child.stop()
        self.children.clear()
        self._own.release()

    def borrow(self) -> bool:
        """Use engines that another process runs, and keep it from stopping them; False when none answer."""
        self.data.mkdir(parents=True, exist_ok=True)
        self._lent.take(shared=True, wait=True)
        if not self.answer():
            self._lent.release()
        return self._lent.held

    def give_back(self) -> None:
        """Stop what this process runs as soon as nobody borrows it any more."""
        if self.children:
            self._lent.take(wait=True)
            self.stop()
        self._lent.release()


@contextmanager
def engines_running() -> Iterator[None]:
    """Use the engines that answer, else run them for the duration. Raises EngineError and OSError."""
    engines = Engines(data_dir())
    if not engines.wanted:
        yield
        return
    if not wait_until(lambda: engines.borrow() or engines.own(), seconds=_START_SECONDS):
        raise EngineError(f"Another process holds {engines.data}, but its engines do not answer.")
    try:
        if not engines.answer():
            engines.start()
        yield
    finally:
        engines.give_back()
