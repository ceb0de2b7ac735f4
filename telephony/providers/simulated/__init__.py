"""Callers that exist only here: for the demo, for training and for load."""
