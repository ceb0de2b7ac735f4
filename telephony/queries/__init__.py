"""The readers of telephony."""
