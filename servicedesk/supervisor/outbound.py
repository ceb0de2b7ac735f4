"""The calls that were placed, as the report's page and file show them."""

from typing import Any

from django.utils.translation import gettext as _

from servicedesk.supervisor.figures import Question, label_of
from telephony.queries.outbound import outbound_report


def outbound_of(question: Question) -> dict[str, Any]:
    """The answer with its rows named in the reader's language."""
    period = question.period
    report = outbound_report(question.asked_queues, period.start, period.end, period.step, period.zone)
    wrapped_up = sum(number for _outcome, number in report.outcomes)
    return {
        "report": report,
        "intervals": [(label_of(start, period), row) for start, row in report.intervals],
        "agents": [(agent.name, row) for agent, row in report.agents],
        "campaigns": [(campaign.label if campaign else _("No campaign"), row) for campaign, row in report.campaigns],
        "outcomes": [
            (outcome.label if outcome else _("Without an outcome"), number, number / wrapped_up)
            for outcome, number in report.outcomes
        ],
    }
