"""`python manage.py desk` ends up here, in a process that never loads Django."""

import os
import sys
import time

from servicedesk.desk import roles, welcome
from servicedesk.desk.preflight import Obstacle, Plan, check, read_plan
from servicedesk.desk.supervisor import Charge, StopRequest, say, stop_all
from servicedesk.engines.embedded import Engines
from servicedesk.engines.errors import EngineError
from servicedesk.engines.process import Child
from servicedesk.env import BadSetting

_LOOK_SECONDS = 0.2
# A killed desk needs a moment until the kernel has ended all of its children.
_PATIENCE_FOR_DATA = 5


def main() -> None:
    """Run until somebody asks to stop; exit code 1 and one line when the desk cannot start."""
    try:
        plan = read_plan()
        check(plan)
        run(plan)
    except (BadSetting, Obstacle, EngineError, OSError) as problem:
        sys.exit(str(problem))


def run(plan: Plan) -> None:
    """Engines, preparation, then everything else, watched. Raises Obstacle, EngineError and OSError."""
    stop = StopRequest()
    engines = Engines(plan.data)
    if not engines.own(seconds=_PATIENCE_FOR_DATA):
        raise Obstacle(f"Another desk or command uses {plan.data}; stop it first, or set DATA_DIR.")
    own: list[Child] = []
    try:
        engines.start()
        _prepare(stop)
        own = roles.every(plan.host, plan.port, os.environ)
        for child in own:
            child.start()
        _watch(plan, [*engines.children, *own], stop)
    finally:
        stop_all(own)
        engines.stop()
    say("The desk has stopped.")


def _prepare(stop: StopRequest) -> None:
    """Bring the database up to date in a child, which says itself what is wrong. Raises SystemExit."""
    child = Child("prepare", [sys.executable, "manage.py", "prepare"], asks=True)
    child.start()
    while child.alive and not stop.asked:
        time.sleep(_LOOK_SECONDS / 4)
    child.stop()
    if not stop.asked and child.exit_reason != "exit code 0":
        sys.exit(1)


def _watch(plan: Plan, children: list[Child], stop: StopRequest) -> None:
    charges = [Charge(child) for child in children]
    greeted = False
    while not stop.asked:
        for charge in charges:
            charge.look()
        if not greeted and welcome.answers(plan):
            greeted = True
            say(welcome.text(plan))
        time.sleep(_LOOK_SECONDS)


if __name__ == "__main__":
    main()
