"""The only writers of telephony."""
