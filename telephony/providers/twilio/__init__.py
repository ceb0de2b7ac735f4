"""The public telephone network by Twilio, or by a carrier that speaks its language."""
