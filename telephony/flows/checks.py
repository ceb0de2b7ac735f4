"""What is wrong with a flow, said at the node where it is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crmcore import phone_numbers
from telephony.flows.tree import SPEAKS, Flow, Node, NodeKind

# Ways that are taken by callers who do nothing.
WITHOUT_A_KEY = frozenset({"next", "open", "closed", "timeout", "not_found"})


@dataclass(frozen=True)
class Desk:
    """What a flow may refer to: queues with the number of people who serve them, calendars, the desk's country."""

    queues: Mapping[str, int] = field(default_factory=dict)
    calendars: frozenset[str] = frozenset()
    region: str = ""


@dataclass(frozen=True)
class Fault:
    """One fault; an empty `node` is about the flow as a whole."""

    node: str
    message: str


def faults(flow: Flow, desk: Desk) -> list[Fault]:
    """Everything that keeps the flow from being published, node by node."""
    if flow.node(flow.start) is None:
        return [Fault("", _("The flow has no first step."))]
    reached = set(reachable(flow))
    looping = _silent_loops(flow)
    found: list[Fault] = []
    for node in flow.nodes.values():
        messages = [*_loose_ends(flow, node), *_missing_words(flow, node), *_bad_settings(node, desk)]
        if node.id not in reached:
            messages.append(_("No way leads here."))
        if node.id in looping:
            messages.append(_("A caller who presses nothing goes round here for ever."))
        found += [Fault(node.id, message) for message in messages]
    return found


def reachable(flow: Flow) -> list[str]:
    """The nodes that a caller can come to, in the order in which they are met."""
    met: dict[str, None] = {}
    ahead = [flow.start]
    while ahead:
        node = flow.node(ahead.pop(0))
        if node is not None and node.id not in met:
            met[node.id] = None
            ahead += [node.exits[name] for name in node.exit_names if name in node.exits]
    return list(met)


def _loose_ends(flow: Flow, node: Node) -> Iterator[str]:
    for name in node.exit_names:
        if flow.node(node.exits.get(name, "")) is None:
            yield _("The way “%(exit)s” leads nowhere.") % {"exit": exit_label(name)}


def exit_label(name: str) -> str:
    """How a way out is called in the editor."""
    return {
        "next": _("Then"),
        "open": pgettext("opening hours", "Open"),
        "closed": pgettext("opening hours", "Closed"),
        "found": _("Found"),
        "not_found": _("Not found"),
        "timeout": _("No key"),
        "wrong": _("Wrong key"),
    }.get(name) or _("Key %(key)s") % {"key": name}


def _missing_words(flow: Flow, node: Node) -> Iterator[str]:
    for language in flow.languages:
        words = node.prompt.get(language)
        said = words is not None and (words.text.strip() or words.recording)
        if node.kind in SPEAKS and not said:
            yield _("Nothing is said in %(language)s.") % {"language": _name(language)}
        if node.kind == NodeKind.MENU:
            for key in [key for key, names in node.labels.items() if not names.get(language, "").strip()]:
                yield _("Key %(key)s has no name in %(language)s.") % {"key": key, "language": _name(language)}


def _name(language: str) -> str:
    return {"en": _("English"), "zh-hans": _("Chinese")}.get(language, language)


def _bad_settings(node: Node, desk: Desk) -> Iterator[str]:
    match node.kind:
        case NodeKind.MENU if not node.labels:
            yield _("The menu has no keys.")
        case NodeKind.LANGUAGE if not node.languages:
            yield _("No language can be chosen.")
        case NodeKind.HOURS if node.settings.get("calendar", "") not in desk.calendars:
            yield _("Choose the calendar that says when you are open.")
        case NodeKind.QUEUE | NodeKind.VOICEMAIL:
            yield from _dead_queue(str(node.settings.get("queue", "")), desk)
        case NodeKind.NUMBER:
            number = phone_numbers.normalise(str(node.settings.get("number", "")), desk.region)
            if not number.value.startswith("+"):
                yield _("This is no telephone number.")


def _dead_queue(code: str, desk: Desk) -> Iterator[str]:
    """An empty code is the queue of whichever number was dialled."""
    if code and code not in desk.queues:
        yield _("This queue does not exist or is switched off.")
    elif code and not desk.queues[code]:
        yield _("Nobody serves this queue.")


def _silent_loops(flow: Flow) -> set[str]:
    """The nodes on a circle that is walked without a key: only what a caller does may lead back."""
    ways = {
        node.id: [node.exits[name] for name in node.exit_names if name in node.exits and name in WITHOUT_A_KEY]
        for node in flow.nodes.values()
    }
    return {start for start in ways if _comes_back(start, ways)}


def _comes_back(start: str, ways: Mapping[str, list[str]]) -> bool:
    seen: set[str] = set()
    ahead = list(ways[start])
    while ahead:
        node_id = ahead.pop()
        if node_id == start:
            return True
        if node_id not in seen:
            seen.add(node_id)
            ahead += ways.get(node_id, [])
    return False
