"""Incoming mail: the threads that fetch it, and hand it to the actions."""
