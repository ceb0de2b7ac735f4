"""Reports as files for a spreadsheet."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from servicedesk.csv_files import csv_file
from servicedesk.supervisor.call_flow import Way
from servicedesk.supervisor.figures import Row
from telephony.queries.figures import AgentDay


def queue_sheet(rows: Iterable[Row], name: str) -> HttpResponse:
    """The intervals as CSV; times are seconds, shares run from 0 to 1."""
    head = [
        *(_("Interval"), _("Offered"), _("Answered"), _("Answered in time"), _("Abandoned"), _("Short abandons")),
        *(_("Flowed out"), _("Service level"), _("Average wait"), _("Longest wait"), _("Handled")),
        *(_("Average handle time"), _("Agents needed")),
    ]
    return csv_file(name, head, (_queue_cells(row) for row in rows))


def flow_sheet(ways: Iterable[Way], name: str) -> HttpResponse:
    """How far calls got, as CSV; shares run from 0 to 1."""
    head = [_("What became of the calls"), _("Calls"), _("Share")]
    return csv_file(name, head, ([str(way.label), way.calls, _share(way.share)] for way in ways))


def agent_sheet(days: Iterable[AgentDay], name: str) -> HttpResponse:
    """The agents as CSV; times are seconds, shares run from 0 to 1."""
    head = [
        *(_("Agent"), _("On shift"), _("Ready"), _("Ringing"), _("Talking"), _("Wrap-up"), _("Away")),
        *(_("Occupancy"), _("Utilisation"), _("Offers"), _("Answered"), _("Missed"), _("Declined")),
        *(_("Handled"), _("Average handle time")),
    ]
    return csv_file(name, head, (_agent_cells(day) for day in days))


def outbound_sheet(rows: Mapping[str, Any], name: str) -> HttpResponse:
    """Every table of the page below the other as CSV, its heading in the first column; times are seconds."""
    head = [
        *(_("Table"), _("Row"), _("Attempts"), _("Spoken to"), _("Contact rate"), _("Talk time")),
        _("Average talk time"),
    ]
    tables = ((_("Interval"), "intervals"), (_("Agent"), "agents"), (_("Campaign"), "campaigns"))
    cells = [
        [
            *(title, label, row.attempts, row.connected, _share(row.contact_rate), row.talk_seconds),
            _seconds(row.average_talk_s),
        ]
        for title, table in tables
        for label, row in rows[table]
    ]
    cells += [[_("Outcome"), label, None, number, None, None, None] for label, number, _part in rows["outcomes"]]
    return csv_file(name, head, cells)


def _queue_cells(row: Row) -> list[object]:
    handling, counts = row.handling, row.handling.counts
    return [
        *(row.label, counts.offered, counts.answered, counts.answered_in_time, counts.abandoned),
        *(counts.short_abandons, counts.flowed_out, _share(row.level), _seconds(row.answer_s)),
        *(_seconds(handling.longest_wait_s), handling.handled, _seconds(handling.average_handle_s), row.needed),
    ]


def _agent_cells(day: AgentDay) -> list[object]:
    spent = (day.shift_seconds, day.ready_seconds, day.ringing_seconds, day.contact_seconds)
    return [
        *(day.agent.name, *map(_seconds, spent), _seconds(day.wrap_up_seconds), _seconds(day.away_seconds)),
        *(_share(day.occupancy), _share(day.utilisation), day.offers, day.accepted, day.missed, day.rejected),
        *(day.handled, _seconds(day.average_handle_s)),
    ]


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _seconds(value: float | None) -> int | None:
    return None if value is None else round(value)
