"""Telephony: calls, their distribution to agents, and the carriers behind one face."""
