"""The pages and endpoints of telephony."""
