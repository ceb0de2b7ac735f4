"""State of telephony, all importable from here."""

from telephony.models.call import Call as Call
from telephony.models.callbacks import Callback as Callback
from telephony.models.exchanges import ExchangeReport as ExchangeReport
from telephony.models.exchanges import Extension as Extension
from telephony.models.exchanges import Verdict as Verdict
from telephony.models.figures import AgentQuarter as AgentQuarter
from telephony.models.figures import QueueQuarter as QueueQuarter
from telephony.models.figures import RollUp as RollUp
from telephony.models.flows import CallFlow as CallFlow
from telephony.models.flows import FlowRecording as FlowRecording
from telephony.models.flows import FlowVersion as FlowVersion
from telephony.models.flows import PortalEntry as PortalEntry
from telephony.models.ledger import CallEvent as CallEvent
from telephony.models.ledger import ProviderCommand as ProviderCommand
from telephony.models.leg import CallHold as CallHold
from telephony.models.leg import CallLeg as CallLeg
from telephony.models.lines import CtiToken as CtiToken
from telephony.models.lines import PhoneLine as PhoneLine
from telephony.models.missed import MissedCall as MissedCall
from telephony.models.overflow import OverflowRule as OverflowRule
from telephony.models.policy import SupervisionPolicy as SupervisionPolicy
from telephony.models.queueing import Offer as Offer
from telephony.models.queueing import QueueEntry as QueueEntry
from telephony.models.voicemail import Voicemail as Voicemail
