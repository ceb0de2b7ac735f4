"""The worker processes, replaced as they die."""

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import LifoQueue
from random import Random
from typing import Any

from tests.chaos.tally import Tally
from tests.chaos.worker import ASK, FAILED, Life, serve
from tests.telephony.deeds import Staff

LONGEST_JOB_S = 90
Answer = Callable[[tuple[Any, ...]], tuple[int, str] | None]


class WorkerDied(Exception):
    """The process that had the job is no more; whether the job was done, nobody knows."""


class WorkerFailed(Exception):
    """An exception nobody expected came out of a job; the message is its traceback."""


class Fleet:
    """Gives jobs to whichever process is free. `answer` is the carrier's, to what a job asks of it."""

    def __init__(self, size: int, staff: Staff, dice: Random, tally: Tally, answer: Answer) -> None:
        self.staff, self.dice, self.tally, self.answer = staff, dice, tally, answer
        self.lives = (50, 2500)
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload(["tests.chaos.ground"])
        self._idle: LifoQueue[tuple[Any, Connection]] = LifoQueue()
        for _ in range(size):
            self._idle.put(self._start())

    def run(self, job: str, *arguments: Any) -> Any:
        """Let a free process do the job. Raises WorkerDied and WorkerFailed."""
        process, pipe = self._idle.get()
        try:
            return self._converse(pipe, (job, *arguments))
        except (EOFError, OSError) as error:
            process.join()
            self.tally.fault("workers killed")
            process, pipe = self._start()
            raise WorkerDied(job) from error
        finally:
            self._idle.put((process, pipe))

    def stop(self) -> None:
        while not self._idle.empty():
            process, pipe = self._idle.get()
            pipe.close()
            process.join(10)
            process.kill()

    def immortal(self) -> None:
        """From now on nobody dies any more, once those who are to die have."""
        self.lives = (10**9, 10**9)

    def _converse(self, pipe: Connection, job: tuple[Any, ...]) -> Any:
        pipe.send(job)
        while True:
            if not pipe.poll(LONGEST_JOB_S):
                raise WorkerFailed(f"{job[0]} hangs")
            word, content = pipe.recv()
            if word == FAILED:
                raise WorkerFailed(f"{job}\n{content}")
            if word != ASK:
                return content
            pipe.send(self.answer(content))

    def _start(self) -> tuple[Any, Connection]:
        ours, theirs = self._context.Pipe()
        life = Life(self.dice.randint(*self.lives), before=self.dice.random() < 0.4)
        process = self._context.Process(target=serve, args=(theirs, self.staff, life), daemon=True)
        process.start()
        theirs.close()
        return process, ours
