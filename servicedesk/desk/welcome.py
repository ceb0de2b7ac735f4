"""The first thing a person reads: where the desk is and how to sign in."""

import socket

from servicedesk import env
from servicedesk.desk.preflight import Plan

_PAGES = (
    ("Console for agents", "console/"),
    ("Board for supervisors", "supervisor/"),
    ("Portal for customers", "portal/"),
)
_DEMO_PEOPLE = (
    ("agent1", "agent, English"),
    ("agent2", "agent, Chinese"),
    ("supervisor1", "supervisor"),
    ("admin1", "administrator"),
    ("customer1", "customer"),
)
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


def answers(plan: Plan) -> bool:
    """Whether the pages are served; the question also warms them up."""
    host = _LOOPBACK.get(plan.host, plan.host)
    try:
        with socket.create_connection((host, plan.port), timeout=5) as line:
            line.sendall(b"GET /healthz/live HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return line.recv(5) == b"HTTP/"
    except OSError:
        return False


def text(plan: Plan) -> str:
    """The welcome, with the sign-ins of the demo where they exist."""
    host = _LOOPBACK.get(plan.host, plan.host)
    home = f"http://{f'[{host}]' if ':' in host else host}:{plan.port}/"
    lines = ["", f"The desk is ready: {home}", ""]
    lines += [f"  {label:<24}{home}{page}" for label, page in _PAGES]
    if plan.demo:
        lines += ["", "Demo sign-ins, each with the password demo-desk:", ""]
        lines += [f"  {name:<24}{role}" for name, role in _DEMO_PEOPLE]
    if plan.host != host and not env.text("ALLOWED_HOSTS", default=""):
        lines += ["", "Other machines are answered once ALLOWED_HOSTS names the address that they use."]
    return "\n".join([*lines, "", "Ctrl-C stops everything; the data stays.", ""])
